package dev.kafkaloom.client;

import dev.kafkaloom.client.Coordinators.Kind;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.Connection;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.KafkaException.Recovery;
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
                        deadline,
                        cluster -> Optional.ofNullable(cluster.brokers().get(nodeId)),
                        ErrorCode.BROKER_NOT_AVAILABLE,
                        "broker " + nodeId + " is not in the cluster's metadata");
            case Route.Controller _ -> controller(deadline);
            case Route.Leader(TopicPartition partition) -> leader(partition, deadline);
            case Route.GroupCoordinator(String groupId) -> coordinator(Kind.GROUP, groupId, deadline);
            case Route.TransactionCoordinator(String id) -> coordinator(Kind.TRANSACTION, id, deadline);
            case Route.LeaderById(Uuid topicId, int partition) ->
                leader(new TopicPartition(nameOf(topicId, deadline), partition), deadline);
            case Route.ShareCoordinator(String key) -> coordinator(Kind.SHARE, key, deadline);
            case Route.SeveralBrokers _ ->
                throw new KafkaException.InvalidRequest(
                        "what the request names may belong to several brokers: leave the route to KafkaClient.call, which"
                                + " splits it, or say which broker (Route.Broker)");
            case Route.CallerDecides(String why) ->
                throw new KafkaException.InvalidRequest(why + ": say which broker (Route.Broker)");
        };
    }

    /** Takes back what made a request go to the wrong broker. */
    void wrong(Route route, BrokerAddress broker) {
        switch (route) {
            case Route.GroupCoordinator(String groupId) -> coordinators.forget(Kind.GROUP, groupId, broker);
            case Route.TransactionCoordinator(String id) -> coordinators.forget(Kind.TRANSACTION, id, broker);
            case Route.ShareCoordinator(String key) -> coordinators.forget(Kind.SHARE, key, broker);
            default -> {
                Cluster cluster = metadata.last();
                if (cluster != null) {
                    metadata.invalidate(cluster.generation());
                }
            }
        }
    }

    void coordinatorMoved(String groupId) {
        coordinators.forget(Kind.GROUP, groupId);
    }

    private BrokerAddress any(Deadline deadline) throws InterruptedException {
        metadata.get(deadline);
        return metadata.candidates().getFirst();
    }

    private BrokerAddress controller(Deadline deadline) throws InterruptedException {
        Cluster cluster = metadata.get(deadline);
        BrokerAddress controller = cluster.brokers().get(cluster.controllerId());
        return controller == null ? any(deadline) : controller;
    }

    private BrokerAddress leader(TopicPartition partition, Deadline deadline) throws InterruptedException {
        Cluster cluster = metadata.covering(List.of(partition.topic()), deadline);
        TopicInfo topic = cluster.topics().get(partition.topic());
        if (!topic.exists()) {
            throw new KafkaException.BrokerError(topic.error(), "leader of " + partition);
        }
        return inCluster(
                deadline,
                snapshot -> snapshot.leader(partition),
                ErrorCode.LEADER_NOT_AVAILABLE,
                "leader of " + partition);
    }

    /** Topics that were never asked for by name are looked for among all. */
    private String nameOf(Uuid topicId, Deadline deadline) throws InterruptedException {
        Optional<String> known = metadata.get(deadline).topicName(topicId);
        if (known.isEmpty()) {
            known = metadata.everything(deadline).topicName(topicId);
        }
        return known.orElseThrow(
                () -> new KafkaException.BrokerError(ErrorCode.UNKNOWN_TOPIC_ID, "leader in the topic " + topicId));
    }

    /** Looks into the snapshot, and once more into a new one. */
    private BrokerAddress inCluster(
            Deadline deadline, Function<Cluster, Optional<BrokerAddress>> look, ErrorCode otherwise, String what)
            throws InterruptedException {
        Cluster cluster = metadata.get(deadline);
        Optional<BrokerAddress> found = look.apply(cluster);
        if (found.isEmpty()) {
            found = look.apply(metadata.refresh(cluster.generation(), deadline));
        }
        return found.orElseThrow(() -> new KafkaException.BrokerError(otherwise, what));
    }

    private BrokerAddress coordinator(Kind kind, String name, Deadline deadline) throws InterruptedException {
        BrokerAddress known = coordinators.get(kind, name);
        return known != null ? known : findCoordinator(kind, name, deadline);
    }

    /** Asks until there is an answer: the first group of a cluster makes the broker create its offsets topic first. */
    private BrokerAddress findCoordinator(Kind kind, String name, Deadline deadline) throws InterruptedException {
        Backoff backoff = new Backoff(config.retryBackoff(), config.retryBackoffMax());
        for (int failures = 1; ; failures++) {
            try {
                return askForCoordinator(kind, name, deadline);
            } catch (KafkaException e) {
                Duration wait = backoff.after(failures);
                if (e.recovery() == Recovery.GIVE_UP
                        || e.recovery() == Recovery.REJOIN_GROUP
                        || !deadline.allows(wait)) {
                    throw e;
                }
                Thread.sleep(wait);
            }
        }
    }

    private BrokerAddress askForCoordinator(Kind kind, String name, Deadline whole) throws InterruptedException {
        Deadline deadline = whole.within(config.requestTimeout());
        Connection connection = pool.open(any(deadline), Lane.CONTROL, "", deadline);
        var request = Coordinators.request(KafkaClient.versionsOf(connection), kind, name);
        FindCoordinatorResponse response =
                connection.send(request, config.requestTimeout()).await(deadline.left());
        return coordinators.learn(kind, name, response);
    }
}
