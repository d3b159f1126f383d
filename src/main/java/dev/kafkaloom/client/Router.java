package dev.kafkaloom.client;

import dev.kafkaloom.client.Coordinators.Kind;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Turns a route into a broker, by the metadata snapshot and by asking for coordinators. Thread-safe. */
final class Router {
    private final ClientConfig config;
    private final ConnectionPool pool;
    private final Metadata metadata;
    private final Coordinators coordinators = new Coordinators();

    Router(ClientConfig config, ConnectionPool pool, Metadata metadata) {
        this.config = config;
        this.pool = pool;
        this.metadata = metadata;
    }

    BrokerAddress resolve(Route route, Deadline deadline) throws InterruptedException {
        return switch (route) {
            case Route.AnyBroker _ -> any(deadline);
            case Route.Broker(int nodeId) ->
                inCluster(
                        route,
                        deadline,
                        cluster -> Optional.ofNullable(cluster.brokers().get(nodeId)),
                        _ -> ErrorCode.BROKER_NOT_AVAILABLE,
                        "broker " + nodeId + " is not in the cluster's metadata");
            case Route.Controller _ -> controller(deadline);
            case Route.Leader(TopicPartition partition) -> leader(route, partition, deadline);
            case Route.GroupCoordinator(String groupId) -> coordinator(Kind.GROUP, groupId, deadline);
            case Route.TransactionCoordinator(String id) -> coordinator(Kind.TRANSACTION, id, deadline);
            case Route.LeaderById(Uuid topicId, int partition) ->
                leader(route, new TopicPartition(nameOf(topicId, deadline), partition), deadline);
            case Route.ShareCoordinator(String key) -> coordinator(Kind.SHARE, key, deadline);
            case Route.SeveralBrokers _ ->
                throw new KafkaException.InvalidRequest(
                        "what the request names may belong to several brokers: leave the route to KafkaClient.call, which"
                                + " splits it, or say which broker (Route.Broker)");
            case Route.CallerDecides(String why) ->
                throw new KafkaException.InvalidRequest(why + ": say which broker (Route.Broker)");
        };
    }

    /** The generation of the snapshot that {@link #resolve} has just looked into. */
    long generation() {
        Cluster cluster = metadata.last();
        return cluster == null ? 0 : cluster.generation();
    }

    /** Takes back what made a request fail: it went to the wrong broker, or to one that is not there. */
    void failed(Route route, BrokerAddress broker, long generation, KafkaException why) {
        if (why instanceof KafkaException.BrokerError error && error.code() == ErrorCode.REBOOTSTRAP_REQUIRED) {
            if (metadata.rebootstrap(why.oneLine())) {
                coordinators.forgetAll();
            } else {
                metadata.doubt(broker, generation);
            }
            return;
        }
        switch (why.recovery()) {
            case REFRESH_METADATA, FIND_COORDINATOR -> {
                if (why instanceof KafkaException.ConnectionBroken) {
                    metadata.doubt(broker, generation);
                }
                misrouted(route, broker, generation);
            }
            case RETRY_SAME, REJOIN_GROUP, GIVE_UP -> {}
        }
    }

    private void misrouted(Route route, BrokerAddress broker, long generation) {
        switch (route) {
            case Route.GroupCoordinator(String groupId) -> coordinators.forget(Kind.GROUP, groupId, broker);
            case Route.TransactionCoordinator(String id) -> coordinators.forget(Kind.TRANSACTION, id, broker);
            case Route.ShareCoordinator(String key) -> coordinators.forget(Kind.SHARE, key, broker);
            default -> metadata.doubt(route, generation);
        }
    }

    void coordinatorMoved(String groupId) {
        coordinators.forget(Kind.GROUP, groupId);
    }

    /** Whether another broker can do as well, and asking twice does no harm: then one that is silent is not waited for. */
    boolean isReplaceable(Route route, ApiKey api) {
        Cluster cluster = metadata.last();
        return route instanceof Route.AnyBroker
                && cluster != null
                && cluster.brokers().size() > 1
                && onlyReads(api);
    }

    private static boolean onlyReads(ApiKey api) {
        return switch (api) {
            case API_VERSIONS, METADATA, FIND_COORDINATOR, DESCRIBE_CLUSTER, DESCRIBE_TOPIC_PARTITIONS -> true;
            case DESCRIBE_ACLS, DESCRIBE_CONFIGS, LIST_CONFIG_RESOURCES, DESCRIBE_CLIENT_QUOTAS -> true;
            case DESCRIBE_USER_SCRAM_CREDENTIALS, DESCRIBE_DELEGATION_TOKEN, DESCRIBE_QUORUM -> true;
            default -> false;
        };
    }

    Coordinators coordinators() {
        return coordinators;
    }

    private BrokerAddress any(Deadline deadline) throws InterruptedException {
        return metadata.anyOf(metadata.usable(deadline));
    }

    private BrokerAddress controller(Deadline deadline) throws InterruptedException {
        Cluster cluster = undoubted(new Route.Controller(), deadline);
        BrokerAddress controller = cluster.brokers().get(cluster.controllerId());
        return controller == null ? any(deadline) : renewedIfDoubted(controller, cluster, deadline);
    }

    private BrokerAddress renewedIfDoubted(BrokerAddress controller, Cluster cluster, Deadline deadline)
            throws InterruptedException {
        if (!metadata.isDoubted(controller, cluster)) {
            return controller;
        }
        Cluster newer = metadata.renewed(cluster, deadline);
        return newer.brokers().getOrDefault(newer.controllerId(), controller);
    }

    private BrokerAddress leader(Route route, TopicPartition partition, Deadline deadline) throws InterruptedException {
        Cluster cluster = metadata.covering(List.of(partition.topic()), deadline);
        TopicInfo topic = cluster.topics().get(partition.topic());
        if (!topic.exists()) {
            throw new KafkaException.BrokerError(topic.error(), "leader of " + partition);
        }
        return inCluster(
                route,
                deadline,
                snapshot -> snapshot.leader(partition),
                snapshot -> Places.whyNoLeader(partition, snapshot),
                "leader of " + partition);
    }

    /** Topics that were never asked for by name are looked for among all. */
    private String nameOf(Uuid topicId, Deadline deadline) throws InterruptedException {
        Optional<String> known = metadata.usable(deadline).topicName(topicId);
        if (known.isEmpty()) {
            known = metadata.everything(deadline).topicName(topicId);
        }
        return known.orElseThrow(
                () -> new KafkaException.BrokerError(ErrorCode.UNKNOWN_TOPIC_ID, "leader in the topic " + topicId));
    }

    /** Looks into the snapshot, and once more into a new one when nothing is there or what is there has proved wrong. */
    private BrokerAddress inCluster(
            Route route,
            Deadline deadline,
            Function<Cluster, Optional<BrokerAddress>> look,
            Function<Cluster, ErrorCode> otherwise,
            String what)
            throws InterruptedException {
        Cluster cluster = undoubted(route, deadline);
        Optional<BrokerAddress> found = look.apply(cluster);
        Cluster newest = cluster;
        if (found.isEmpty()) {
            newest = metadata.refresh(cluster.generation(), deadline);
            found = look.apply(newest);
        } else if (metadata.isDoubted(found.get(), cluster)) {
            newest = metadata.renewed(cluster, deadline);
            found = look.apply(newest);
        }
        if (found.isEmpty()) {
            throw new KafkaException.BrokerError(otherwise.apply(newest), what);
        }
        return found.get();
    }

    private Cluster undoubted(Route route, Deadline deadline) throws InterruptedException {
        Cluster cluster = metadata.usable(deadline);
        return metadata.isDoubted(route, cluster) ? metadata.renewed(cluster, deadline) : cluster;
    }

    private BrokerAddress coordinator(Kind kind, String name, Deadline deadline) throws InterruptedException {
        BrokerAddress known = coordinators.get(kind, name);
        return known != null ? known : findCoordinator(kind, name, deadline);
    }

    /** Asks until there is an answer: the first group of a cluster makes the broker create its offsets topic first. */
    private BrokerAddress findCoordinator(Kind kind, String name, Deadline deadline) throws InterruptedException {
        Retry retry = Retry.of(config, deadline);
        return retry.run(() -> askForCoordinator(kind, name, deadline.within(patience(retry.failures()))));
    }

    private BrokerAddress askForCoordinator(Kind kind, String name, Deadline deadline) throws InterruptedException {
        FindCoordinatorResponse response = pool.send(
                        any(deadline),
                        Lane.CONTROL,
                        "",
                        versions -> Coordinators.request(versions, kind, name),
                        null,
                        config.requestTimeout(),
                        deadline)
                .await(deadline.left());
        return coordinators.learn(kind, name, response);
    }

    /** How long any one broker is waited for. */
    Duration patience(int failures) {
        Cluster cluster = metadata.last();
        return cluster == null || cluster.brokers().size() < 2
                ? config.requestTimeout()
                : new Patience(config.requestTimeout()).after(failures);
    }
}
