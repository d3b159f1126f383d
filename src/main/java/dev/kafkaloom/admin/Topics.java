package dev.kafkaloom.admin;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.CreateTopicsRequest;
import dev.kafkaloom.message.CreateTopicsRequest.CreatableTopic;
import dev.kafkaloom.message.CreateTopicsRequest.CreatableTopicConfig;
import dev.kafkaloom.message.CreateTopicsResponse.CreatableTopicResult;
import dev.kafkaloom.message.DeleteTopicsRequest;
import dev.kafkaloom.message.DeleteTopicsResponse.DeletableTopicResult;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Lists, describes, creates and deletes topics; creating and deleting wait until it has happened. Stateless, any thread. */
public final class Topics {
    private static final Duration BROKER_TIME = Duration.ofSeconds(15);
    private static final Duration UNTIL_VISIBLE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int BROKER_DEFAULTS_SINCE = 4; // KIP-464

    private Topics() {}

    /** All topics of the cluster, by name. */
    public static List<TopicInfo> list(KafkaClient client) throws InterruptedException {
        return List.copyOf(client.allTopics().topics().values());
    }

    /**
     * What the brokers tell of some topics, sorted by name: partitions and, since 0.11, the settings that are not at their default.
     *
     * @throws KafkaException.BrokerError when one of them does not exist
     */
    public static List<TopicDescription> describe(KafkaClient client, Collection<String> topics)
            throws InterruptedException {
        existing(client, topics);
        return TopicDescriber.describe(client, new TreeSet<>(topics));
    }

    /**
     * Every partition of some topics, sorted.
     *
     * @throws KafkaException.BrokerError when one of the topics does not exist
     */
    public static SortedSet<TopicPartition> partitions(KafkaClient client, Collection<String> topics)
            throws InterruptedException {
        Map<String, TopicInfo> found = existing(client, topics);
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        for (String topic : topics) {
            found.get(topic).partitions().forEach(each -> partitions.add(new TopicPartition(topic, each.partition())));
        }
        return partitions;
    }

    /** A snapshot in which all of them exist; asking does not create them. */
    private static Map<String, TopicInfo> existing(KafkaClient client, Collection<String> topics)
            throws InterruptedException {
        Map<String, TopicInfo> found = client.clusterWith(topics).topics();
        for (String topic : topics) {
            if (!found.containsKey(topic) || !found.get(topic).exists()) {
                throw new KafkaException.BrokerError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + topic);
            }
        }
        return found;
    }

    /** {@link #create(KafkaClient, NewTopic)} with these numbers. */
    public static void create(KafkaClient client, String topic, int partitions, int replication)
            throws InterruptedException {
        create(client, NewTopic.of(topic).partitions(partitions).replication(replication));
    }

    /**
     * Creates a topic, and returns it when all its partitions have a leader. Brokers before 0.10.1 know no request for it; they create
     * topics that are asked for, with their own {@code num.partitions} and {@code default.replication.factor}.
     *
     * @throws KafkaException.BrokerError when it exists already, or the broker refuses
     * @throws KafkaException.InvalidRequest when an old broker has made it with another number of partitions or replicas
     * @throws KafkaException.UnsupportedVersion when it has configs and the broker is before 0.10.1
     */
    public static TopicInfo create(KafkaClient client, NewTopic topic) throws InterruptedException {
        ApiVersions versions = client.versions();
        if (versions.supports(ApiKey.CREATE_TOPICS)) {
            createAsked(client, topic, versions);
        } else if (topic.configs().isEmpty()) {
            createByMention(client, topic.name());
        } else {
            throw new KafkaException.UnsupportedVersion("topic " + topic.name() + " with settings of its own needs"
                    + " CreateTopics, which exists since Kafka 0.10.1; this is " + versions.release());
        }
        TopicInfo made = awaitCreated(client, topic.name());
        if (topic.partitions() != NewTopic.BROKER_DEFAULT && made.partitions().size() != topic.partitions()) {
            throw new KafkaException.InvalidRequest("topic " + topic.name()
                    + " was created, but not with the partitions asked for, " + topic.partitions()
                    + ": a broker before 0.10.1 takes the number from its num.partitions, "
                    + made.partitions().size());
        }
        int replicas = made.partitions().getFirst().replicas().size();
        if (topic.replication() != NewTopic.BROKER_DEFAULT && replicas != topic.replication()) {
            throw new KafkaException.InvalidRequest("topic " + topic.name()
                    + " was created, but not with the replicas asked for, " + topic.replication()
                    + ": a broker before 0.10.1 takes the number from its default.replication.factor, " + replicas);
        }
        return made;
    }

    private static void createAsked(KafkaClient client, NewTopic topic, ApiVersions versions)
            throws InterruptedException {
        boolean brokerHasDefaults = versions.common(ApiKey.CREATE_TOPICS)
                .map(range -> range.highest() >= BROKER_DEFAULTS_SINCE)
                .orElse(false);
        int unsaid = brokerHasDefaults ? NewTopic.BROKER_DEFAULT : 1;
        int partitions = topic.partitions() == NewTopic.BROKER_DEFAULT ? unsaid : topic.partitions();
        int replication = topic.replication() == NewTopic.BROKER_DEFAULT ? unsaid : topic.replication();
        var request = CreateTopicsRequest.builder()
                .timeoutMs((int) BROKER_TIME.toMillis())
                .topics(List.of(CreatableTopic.builder()
                        .name(topic.name())
                        .numPartitions(partitions)
                        .replicationFactor((short) replication)
                        .configs(configs(topic))
                        .build()))
                .build();
        var response = client.call(new Route.Controller(), request, CallOptions.DEFAULT.hold(BROKER_TIME));
        for (CreatableTopicResult result : response.topics()) {
            check(result.errorCode(), result.errorMessage(), "create topic " + topic.name());
        }
    }

    private static List<CreatableTopicConfig> configs(NewTopic topic) {
        return topic.configs().entrySet().stream()
                .map(config -> CreatableTopicConfig.builder()
                        .name(config.getKey())
                        .value(config.getValue())
                        .build())
                .toList();
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
     * Deletes a topic with its records, and returns when metadata no longer lists it.
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
        awaitDeleted(client, topic);
    }

    /** @throws KafkaException.BrokerError when the code is one, with the broker's own words where it had some */
    static void check(short code, String message, String what) {
        ErrorCode error = ErrorCode.of(code);
        if (error != ErrorCode.NONE) {
            throw new KafkaException.BrokerError(
                    error, message == null || message.isEmpty() ? what : what + " (" + message + ")");
        }
    }

    private static boolean isLed(TopicInfo topic) {
        return topic.error() == ErrorCode.NONE && topic.partitions().stream().allMatch(each -> each.leaderId() >= 0);
    }

    private static TopicInfo awaitCreated(KafkaClient client, String topic) throws InterruptedException {
        String what = "creating topic " + topic;
        long end = System.nanoTime() + UNTIL_VISIBLE.toNanos();
        while (true) {
            TopicInfo found = refreshed(client, topic, what);
            if (isLed(found) && !found.partitions().isEmpty()) {
                return found;
            }
            pause(end, what);
        }
    }

    private static TopicInfo refreshed(KafkaClient client, String topic, String why) throws InterruptedException {
        TopicInfo found = client.refreshCluster(why).topics().get(topic);
        return found != null
                ? found
                : client.clusterWith(List.of(topic)).topics().get(topic);
    }

    /** Brokers before 0.11 would create it again if they were asked for it by name: they are asked for all. */
    private static void awaitDeleted(KafkaClient client, String topic) throws InterruptedException {
        ApiVersions versions = client.versions();
        String what = "deleting topic " + topic;
        if (!versions.supports(ApiKey.DESCRIBE_LOG_DIRS)) { // before 1.0 brokers agree to what they will not do
            what += " (needs delete.topic.enable=true before Kafka 1.0)";
        }
        long end = System.nanoTime() + UNTIL_VISIBLE.toNanos();
        boolean byName = TopicDescriber.canRefuseCreation(versions);
        while (byName
                ? refreshed(client, topic, what).exists()
                : client.allTopics().topics().containsKey(topic)) {
            pause(end, what);
        }
    }

    private static void pause(long end, String what) throws InterruptedException {
        if (System.nanoTime() > end) {
            throw new KafkaException.RequestTimedOut(what, UNTIL_VISIBLE);
        }
        Thread.sleep(POLL);
    }
}
