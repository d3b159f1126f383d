package dev.kafkaloom.client;

import dev.kafkaloom.network.BrokerAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whom to ask what any broker can answer: those first that answer, those in trouble or silent last. Thread-safe. */
final class Candidates {
    private final ClientConfig config;
    private final ConnectionPool pool;

    Candidates(ClientConfig config, ConnectionPool pool) {
        this.config = config;
        this.pool = pool;
    }

    /** For metadata: the brokers of {@code known}, which may be null, and the configured addresses. May ask the resolver. */
    List<BrokerAddress> forLoad(Cluster known) {
        List<BrokerAddress> all = new ArrayList<>();
        if (known != null) {
            all.addAll(known.brokers().values());
            Collections.shuffle(all);
        }
        if (known == null || config.recovery() == MetadataRecovery.REBOOTSTRAP) {
            config.dnsLookup().expand(config.bootstrap()).forEach(address -> all.add(BrokerAddress.bootstrap(address)));
        }
        return sorted(all);
    }

    /** One of the cluster. */
    BrokerAddress any(Cluster cluster) {
        List<BrokerAddress> brokers = new ArrayList<>(cluster.brokers().values());
        if (brokers.size() > 1) {
            Collections.shuffle(brokers);
            sorted(brokers);
        }
        return brokers.getFirst();
    }

    private List<BrokerAddress> sorted(List<BrokerAddress> brokers) {
        Map<BrokerAddress, Integer> ranks = new HashMap<>();
        brokers.forEach(each -> ranks.put(each, pool.rank(each))); // they change while the list is sorted
        brokers.sort(Comparator.comparing(ranks::get));
        return brokers;
    }
}
