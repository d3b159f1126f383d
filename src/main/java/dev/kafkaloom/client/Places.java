package dev.kafkaloom.client;

import dev.kafkaloom.client.Coordinators.Kind;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the brokers of many routes with few questions: one for metadata, one for each kind of coordinator. What {@link Router} does for
 * one route. Thread-safe.
 */
final class Places {
    /**
     * Each route is in one of the two maps.
     *
     * @param generation of the snapshot that was looked into
     */
    record Found(Map<Route, BrokerAddress> brokers, Map<Route, KafkaException> failures, long generation) {}

    /** Asks for coordinators, keeps what is answered, and says why some were not found. */
    interface CoordinatorSearch {
        Map<String, KafkaException> find(Kind kind, Collection<String> names, Deadline deadline)
                throws InterruptedException;
    }

    private final Metadata metadata;
    private final Router router;
    private final CoordinatorSearch search;

    Places(Metadata metadata, Router router, CoordinatorSearch search) {
        this.metadata = metadata;
        this.router = router;
        this.search = search;
    }

    /** {@code failures}: how many rounds of the same call have failed before. */
    Found find(Collection<Route> routes, int failures, Deadline deadline) throws InterruptedException {
        Set<Route> wanted = new LinkedHashSet<>(routes);
        Map<Route, KafkaException> lost = search(wanted, deadline.within(router.patience(failures)));
        Cluster cluster = snapshot(wanted, deadline);
        Found found = new Found(new HashMap<>(), new HashMap<>(lost), cluster.generation());
        for (Route route : wanted) {
            if (!lost.containsKey(route)) {
                try {
                    found.brokers().put(route, place(route, cluster, deadline));
                } catch (KafkaException.BrokerError e) {
                    found.failures().put(route, e);
                }
            }
        }
        return found;
    }

    /** Takes back what made an item fail; the broker is null when none was found. */
    void failed(Route route, BrokerAddress broker, long generation, KafkaException why) {
        router.failed(route, broker, generation, why);
    }

    private BrokerAddress place(Route route, Cluster cluster, Deadline deadline) throws InterruptedException {
        return switch (route) {
            case Route.Leader _, Route.LeaderById _, Route.Broker _ -> inSnapshot(route, cluster);
            // a coordinator that was just found may have been forgotten since: then this looks for it once more
            case Route.GroupCoordinator _, Route.TransactionCoordinator _, Route.ShareCoordinator _ ->
                router.resolve(route, deadline);
            case Route.AnyBroker _, Route.Controller _ -> router.resolve(route, deadline);
            case Route.SeveralBrokers _, Route.CallerDecides _ -> router.resolve(route, deadline);
        };
    }

    // ---- leaders and brokers

    private Cluster snapshot(Set<Route> wanted, Deadline deadline) throws InterruptedException {
        long before = router.generation();
        Cluster cluster = metadata.covering(topics(wanted, deadline), deadline);
        boolean justLoaded = cluster.generation() > before;
        return justLoaded || wanted.stream().noneMatch(route -> isDoubtful(route, cluster))
                ? cluster
                : metadata.renewed(cluster, deadline);
    }

    private Set<String> topics(Set<Route> wanted, Deadline deadline) throws InterruptedException {
        Set<String> topics = new TreeSet<>();
        Cluster all = null;
        for (Route route : wanted) {
            if (route instanceof Route.Leader(TopicPartition partition)) {
                topics.add(partition.topic());
            } else if (route instanceof Route.LeaderById byId) {
                Optional<String> name = metadata.usable(deadline).topicName(byId.topicId());
                if (name.isEmpty()) { // never asked for by name: it is looked for among all
                    all = all == null ? metadata.everything(deadline) : all;
                    name = all.topicName(byId.topicId());
                }
                name.ifPresent(topics::add);
            }
        }
        return topics;
    }

    /** Whether what the snapshot says of it is nothing, or has proved wrong. */
    private boolean isDoubtful(Route route, Cluster cluster) {
        if (!(route instanceof Route.Leader || route instanceof Route.LeaderById || route instanceof Route.Broker)) {
            return false;
        }
        try {
            return metadata.isDoubted(route, cluster) || metadata.isDoubted(inSnapshot(route, cluster), cluster);
        } catch (KafkaException.BrokerError _) {
            return true;
        }
    }

    private static BrokerAddress inSnapshot(Route route, Cluster cluster) {
        return switch (route) {
            case Route.Leader(TopicPartition partition) -> leader(partition, cluster);
            case Route.LeaderById(Uuid topicId, int partition) ->
                leader(new TopicPartition(name(topicId, cluster), partition), cluster);
            case Route.Broker(int nodeId) ->
                Optional.ofNullable(cluster.brokers().get(nodeId))
                        .orElseThrow(() -> new KafkaException.BrokerError(
                                ErrorCode.BROKER_NOT_AVAILABLE,
                                "broker " + nodeId + " is not in the cluster's metadata"));
            default -> throw new IllegalArgumentException("no snapshot tells of " + route);
        };
    }

    private static String name(Uuid topicId, Cluster cluster) {
        return cluster.topicName(topicId)
                .orElseThrow(() ->
                        new KafkaException.BrokerError(ErrorCode.UNKNOWN_TOPIC_ID, "leader in the topic " + topicId));
    }

    private static BrokerAddress leader(TopicPartition partition, Cluster cluster) {
        return cluster.leader(partition)
                .orElseThrow(() ->
                        new KafkaException.BrokerError(whyNoLeader(partition, cluster), "leader of " + partition));
    }

    static ErrorCode whyNoLeader(TopicPartition partition, Cluster cluster) {
        TopicInfo topic = cluster.topics().get(partition.topic());
        if (topic == null || topic.partitions().isEmpty()) {
            return topic == null || topic.error() == ErrorCode.NONE
                    ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                    : topic.error();
        }
        return cluster.partition(partition).isPresent()
                ? ErrorCode.LEADER_NOT_AVAILABLE
                : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    // ---- coordinators

    /** Looks for those that are not known; answers those that were not found. */
    private Map<Route, KafkaException> search(Set<Route> wanted, Deadline deadline) throws InterruptedException {
        Map<Kind, Map<String, Route>> unknown = new EnumMap<>(Kind.class);
        for (Route route : wanted) {
            Coordinators.Key key = Coordinators.key(route);
            if (key != null && router.coordinators().get(key.kind(), key.name()) == null) {
                unknown.computeIfAbsent(key.kind(), _ -> new HashMap<>()).put(key.name(), route);
            }
        }
        Map<Route, KafkaException> lost = new HashMap<>();
        for (var each : unknown.entrySet()) {
            Map<String, Route> routes = each.getValue();
            search.find(each.getKey(), routes.keySet(), deadline)
                    .forEach((name, why) -> lost.put(routes.get(name), why));
        }
        return lost;
    }
}
