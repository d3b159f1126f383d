package dev.kafkaloom.client;

import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.Connection;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The snapshot of the cluster: loaded when first needed, when it is too old, and when someone has seen that it is wrong. One load
 * at a time; those who wait for it take its result. Only topics that were asked for are requested. Thread-safe.
 */
final class Metadata {
    private final ClientConfig config;
    private final ConnectionPool pool;
    private final ReentrantLock loading = new ReentrantLock(true);
    private volatile Cluster current; // written under the lock
    private volatile long staleGeneration = -1; // the generation that was found wrong
    private Set<String> tracked = Set.of(); // under the lock
    private long lastLoad = Long.MIN_VALUE; // under the lock

    Metadata(ClientConfig config, ConnectionPool pool) {
        this.config = config;
        this.pool = pool;
    }

    /** The last snapshot, however old; null before the first load. */
    Cluster last() {
        return current;
    }

    /** The snapshot, loaded when there is none; an old one only when no new one can be had. */
    Cluster get(Deadline deadline) throws InterruptedException {
        Cluster cluster = current;
        if (cluster != null && !isStale(cluster)) {
            return cluster;
        }
        if (cluster == null) {
            return refresh(-1, deadline);
        }
        try {
            return refresh(cluster.generation(), 1, deadline); // one round: the caller has something to go on with
        } catch (KafkaException.Closed e) {
            throw e;
        } catch (KafkaException _) {
            return cluster;
        }
    }

    private boolean isStale(Cluster cluster) {
        Duration age = Duration.between(cluster.loadedAt(), Instant.now());
        return staleGeneration >= cluster.generation() || age.compareTo(config.metadataMaxAge()) > 0;
    }

    /** Says that a snapshot is wrong, so that the next {@link #get} loads another; a call about an older one changes nothing. */
    void invalidate(long generation) {
        Cluster cluster = current;
        if (cluster != null && cluster.generation() == generation) {
            staleGeneration = generation;
        }
    }

    /** A snapshot newer than {@code seen}; does not load when there is one already. */
    Cluster refresh(long seen, Deadline deadline) throws InterruptedException {
        return refresh(seen, Integer.MAX_VALUE, deadline);
    }

    private Cluster refresh(long seen, int rounds, Deadline deadline) throws InterruptedException {
        lockWithin(deadline);
        try {
            Cluster cluster = current;
            if (cluster != null && cluster.generation() > seen) {
                return cluster;
            }
            return load(tracked, rounds, deadline);
        } finally {
            loading.unlock();
        }
    }

    /** A snapshot that covers these topics, and all asked for before. Topics that do not exist are not asked for again later. */
    Cluster covering(Collection<String> topics, Deadline deadline) throws InterruptedException {
        Cluster cluster = current;
        if (cluster != null && !isStale(cluster) && covers(cluster, topics)) {
            return cluster;
        }
        lockWithin(deadline);
        try {
            cluster = current;
            if (cluster != null && !isStale(cluster) && covers(cluster, topics)) {
                return cluster;
            }
            Set<String> wanted = new TreeSet<>(tracked);
            wanted.addAll(topics);
            return load(wanted, Integer.MAX_VALUE, deadline);
        } finally {
            loading.unlock();
        }
    }

    private static boolean covers(Cluster cluster, Collection<String> topics) {
        return topics.stream()
                .allMatch(name -> cluster.topics().containsKey(name)
                        && cluster.topics().get(name).exists());
    }

    /** Every topic of the cluster; the snapshot stays as it is. */
    Cluster everything(Deadline deadline) throws InterruptedException {
        get(deadline);
        return ask(TopicScope.ALL, Integer.MAX_VALUE, deadline);
    }

    private void lockWithin(Deadline deadline) throws InterruptedException {
        if (!loading.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
            throw new KafkaException.RequestTimedOut("waiting for metadata that another thread loads", Duration.ZERO);
        }
    }

    /** Under the lock. */
    private Cluster load(Set<String> topics, int rounds, Deadline deadline) throws InterruptedException {
        long since = System.nanoTime() - lastLoad;
        if (lastLoad != Long.MIN_VALUE && since < config.retryBackoff().toNanos()) {
            Thread.sleep(deadline.left(config.retryBackoff().minusNanos(since)));
        }
        lastLoad = System.nanoTime();
        Cluster loaded = ask(new TopicScope(topics), rounds, deadline);
        current = loaded;
        Set<String> known = new TreeSet<>(topics);
        known.removeIf(name -> !loaded.topics().get(name).exists());
        tracked = known;
        return loaded;
    }

    /** Asks broker after broker, in rounds, until one answers. */
    private Cluster ask(TopicScope topics, int rounds, Deadline whole) throws InterruptedException {
        Deadline deadline = current == null ? whole.within(config.bootstrapTimeout()) : whole;
        long begun = System.nanoTime();
        Backoff backoff = new Backoff(config.retryBackoff(), config.retryBackoffMax());
        Map<BrokerAddress, String> refusals = new LinkedHashMap<>();
        for (int round = 1; ; round++) {
            List<BrokerAddress> candidates = candidates();
            for (int i = 0; i < candidates.size(); i++) {
                BrokerAddress peer = candidates.get(i);
                try {
                    // one that is silent must not use up the time of those behind it
                    Duration share = deadline.left().dividedBy(candidates.size() - i);
                    return askOne(peer, topics, deadline.within(share));
                } catch (KafkaException.Closed | KafkaException.InvalidRequest e) {
                    throw e;
                } catch (KafkaException e) {
                    // what a peer said in time tells more than that there was no time left to hear it again
                    refusals.compute(
                            peer, (_, before) -> before != null && deadline.passed() ? before : reason(e, peer));
                }
                if (deadline.passed()) {
                    throw nobody(refusals, begun);
                }
            }
            Duration wait = backoff.after(round);
            if (round >= rounds || !deadline.allows(wait)) {
                throw nobody(refusals, begun);
            }
            Thread.sleep(wait);
        }
    }

    /** Brokers of the snapshot, those that are connected first and those in trouble last, then the configured addresses. */
    List<BrokerAddress> candidates() {
        List<BrokerAddress> all = new ArrayList<>();
        if (current != null) {
            all.addAll(current.brokers().values());
            Collections.shuffle(all);
            Map<BrokerAddress, Integer> ranks = new HashMap<>();
            all.forEach(each -> ranks.put(each, pool.rank(each))); // they change while the list is sorted
            all.sort(Comparator.comparing(ranks::get));
        }
        config.bootstrap().forEach(address -> all.add(BrokerAddress.bootstrap(address)));
        return all;
    }

    private Cluster askOne(BrokerAddress peer, TopicScope topics, Deadline deadline) throws InterruptedException {
        Deadline one = deadline.within(config.requestTimeout());
        Connection connection = pool.open(peer, Lane.CONTROL, "", one);
        Cluster known = current;
        var request = topics.requestFor(connection.versions().orElseThrow(() -> closed(peer)), known);
        MetadataResponse response =
                connection.send(request, config.requestTimeout()).await(one.left());
        return Clusters.of(response, topics, known, peer);
    }

    private static KafkaException closed(BrokerAddress peer) {
        return new KafkaException.ConnectionBroken(peer.toString(), "the connection was closed at once", null);
    }

    private static String reason(KafkaException e, BrokerAddress peer) {
        String line = e.oneLine();
        String prefix = peer + ": ";
        return line.startsWith(prefix) ? line.substring(prefix.length()) : line;
    }

    private static KafkaException nobody(Map<BrokerAddress, String> refusals, long begun) {
        Duration spent = Duration.ofNanos(System.nanoTime() - begun);
        List<String> each = new ArrayList<>();
        refusals.forEach((peer, why) -> each.add(
                (peer.nodeId() == BrokerAddress.BOOTSTRAP ? peer.hostAndPort().toString() : peer.toString()) + ": "
                        + why));
        String tried = each.isEmpty() ? "none could be asked in time" : String.join("; ", each);
        return new KafkaException.ConnectionBroken("no broker answered within " + seconds(spent), tried, null);
    }

    private static String seconds(Duration spent) {
        return spent.toMillis() < 1000 ? spent.toMillis() + " ms" : (long) Math.ceil(spent.toMillis() / 1000.0) + " s";
    }
}
