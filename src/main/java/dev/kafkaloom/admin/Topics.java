package dev.kafkaloom.admin;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.CreateTopicsRequest;
import dev.kafkaloom.message.CreateTopicsRequest.CreatableTopic;
import dev.kafkaloom.message.CreateTopicsResponse.CreatableTopicResult;
import dev.kafkaloom.message.DeleteTopicsRequest;
import dev.kafkaloom.message.DeleteTopicsResponse.DeletableTopicResult;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Creates and deletes topics, and waits until that has happened. Stateless, any thread. */
public final class Topics {
    private static final Duration BROKER_TIME = Duration.ofSeconds(15);
    private static final Duration UNTIL_VISIBLE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private Topics() {}

    /**
     * Creates a topic, and returns when all its partitions have a leader. Brokers before 0.10.1 know no request for it; they create
     * topics that are asked for, with their own {@code num.partitions} and {@code default.replication.factor}.
     *
     * @throws KafkaException.BrokerError when it exists already, or the broker refuses
     * @throws KafkaException.InvalidRequest when an old broker has made it with another number of partitions
     */
    public static void create(KafkaClient client, String topic, int partitions, int replication)
            throws InterruptedException {
        if (client.versions().supports(ApiKey.CREATE_TOPICS)) {
            createAsked(client, topic, partitions, replication);
        } else {
            createByMention(client, topic);
        }
        awaitTopic(
                client,
                topic,
                "creating topic " + topic,
                found -> isLed(found) && found.partitions().size() > 0);
        int made = client.clusterWith(List.of(topic))
                .topics()
                .get(topic)
                .partitions()
                .size();
        if (made != partitions) {
            throw new KafkaException.InvalidRequest("topic " + topic + " has " + made + " partitions, not " + partitions
                    + ": a broker before 0.10.1 takes the number from its num.partitions");
        }
    }

    private static void createAsked(KafkaClient client, String topic, int partitions, int replication)
            throws InterruptedException {
        var request = CreateTopicsRequest.builder()
                .timeoutMs((int) BROKER_TIME.toMillis())
                .topics(List.of(CreatableTopic.builder()
                        .name(topic)
                        .numPartitions(partitions)
                        .replicationFactor((short) replication)
                        .build()))
                .build();
        var response = client.call(new Route.Controller(), request, CallOptions.DEFAULT.hold(BROKER_TIME));
        for (CreatableTopicResult result : response.topics()) {
            check(result.errorCode(), result.errorMessage(), "create topic " + topic);
        }
    }

    /** Metadata v0 that names a topic creates it; the first answers say that it has no leader yet. */
    private static void createByMention(KafkaClient client, String topic) throws InterruptedException {
        if (client.clusterWith(List.of(topic)).topics().get(topic).exists()) {
            throw new KafkaException.BrokerError(ErrorCode.TOPIC_ALREADY_EXISTS, "create topic " + topic);
        }
        var mention = MetadataRequest.builder()
                .topics(List.of(MetadataRequestTopic.builder().name(topic).build()))
                .build();
        client.call(new Route.AnyBroker(), mention, CallOptions.DEFAULT);
    }

    /**
     * Deletes a topic, and returns when metadata no longer lists it.
     *
     * @throws KafkaException.UnsupportedVersion on brokers before 0.10.1
     * @throws KafkaException.BrokerError when there is none, or the broker refuses
     */
    public static void delete(KafkaClient client, String topic) throws InterruptedException {
        var request = DeleteTopicsRequest.builder()
                .timeoutMs((int) BROKER_TIME.toMillis())
                .topicNames(List.of(topic))
                .build();
        var response = client.call(new Route.Controller(), request, CallOptions.DEFAULT.hold(BROKER_TIME));
        for (DeletableTopicResult result : response.responses()) {
            check(result.errorCode(), result.errorMessage(), "delete topic " + topic);
        }
        awaitTopic(client, topic, "deleting topic " + topic, found -> !found.exists());
    }

    private static void check(short code, String message, String what) {
        ErrorCode error = ErrorCode.of(code);
        if (error != ErrorCode.NONE) {
            throw new KafkaException.BrokerError(
                    error, message == null || message.isEmpty() ? what : what + " (" + message + ")");
        }
    }

    private static boolean isLed(TopicInfo topic) {
        return topic.error() == ErrorCode.NONE && topic.partitions().stream().allMatch(each -> each.leaderId() >= 0);
    }

    private static void awaitTopic(KafkaClient client, String topic, String what, Predicate<TopicInfo> condition)
            throws InterruptedException {
        long end = System.nanoTime() + UNTIL_VISIBLE.toNanos();
        Cluster cluster = client.refreshCluster(what);
        while (true) {
            TopicInfo found = cluster.topics().get(topic);
            if (found == null) {
                found = client.clusterWith(List.of(topic)).topics().get(topic);
            }
            if (condition.test(found)) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new KafkaException.RequestTimedOut(what, UNTIL_VISIBLE);
            }
            Thread.sleep(POLL);
            cluster = client.refreshCluster(what);
        }
    }
}
