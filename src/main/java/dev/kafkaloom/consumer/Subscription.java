package dev.kafkaloom.consumer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The topics that the members of this process subscribe to: those with given names, and those whose names match {@code topic.pattern} as
 * the cluster has them just now. Thread-safe.
 */
final class Subscription {
    private static final Duration TOPICS_DEADLINE = Duration.ofSeconds(5);

    private final KafkaClient client;
    private final ConsumerConfig config;
    private volatile Set<String> led = Set.of();
    private volatile List<String> topics;

    Subscription(KafkaClient client, ConsumerConfig config) {
        this.client = client;
        this.config = config;
        this.topics = sorted(config.topics());
    }

    /** Their names, sorted. */
    List<String> topics() {
        return topics;
    }

    /** These belong to the group as well, its leader is here and watches them for members of other processes. */
    void alsoWatch(Collection<String> ofAllMembers) {
        led = Set.copyOf(ofAllMembers);
    }

    /** Whether something is subscribed that is not there (yet), so that it is worth while to look soon. */
    boolean waitsForSomething(Cluster cluster) {
        return topics.isEmpty() || topics.stream().anyMatch(topic -> count(cluster, topic) == 0);
    }

    /** Asks the brokers; what matches the pattern is then known anew. */
    Cluster look() throws InterruptedException {
        Cluster cluster;
        if (config.topicPattern() != null) {
            cluster = client.allTopics();
        } else {
            client.refreshCluster("looking for changes of the topics of group " + config.groupId());
            Set<String> all = new TreeSet<>(led);
            all.addAll(config.topics());
            cluster = client.clusterWith(all);
        }
        return cluster;
    }

    /** Takes over what matches now. */
    void update(Cluster cluster) {
        if (config.topicPattern() == null) {
            return;
        }
        Set<String> all = new TreeSet<>(config.topics());
        for (TopicInfo topic : cluster.topics().values()) {
            boolean hidden = topic.internal() && config.excludeInternalTopics();
            if (topic.exists() && !hidden && matches(config.topicPattern(), topic.name())) {
                all.add(topic.name());
            }
        }
        topics = List.copyOf(all);
    }

    private static boolean matches(Pattern pattern, String name) {
        return pattern.matcher(name).matches();
    }

    /**
     * What is there when a group starts: the partitions of each topic, 0 for those that {@code missing.topics=wait} waits for. Waits a
     * little for one that is just being created.
     *
     * @throws KafkaException.InvalidRequest naming the topic that does not exist
     */
    Map<String, Integer> existing() throws InterruptedException {
        if (config.topics().isEmpty() && config.topicPattern() == null) {
            throw new KafkaException.InvalidRequest(
                    "group " + config.groupId() + " subscribes to no topic: set topic.names or topic.pattern");
        }
        long deadline = System.nanoTime() + TOPICS_DEADLINE.toNanos();
        while (true) {
            Cluster cluster = config.topicPattern() == null ? client.clusterWith(config.topics()) : client.allTopics();
            update(cluster);
            Map<String, Integer> counts = partitionCounts(cluster, topics);
            Optional<String> missing =
                    topics.stream().filter(topic -> counts.get(topic) == 0).findFirst();
            if (missing.isEmpty()) {
                return counts;
            }
            ErrorCode why = Optional.ofNullable(cluster.topics().get(missing.get()))
                    .map(TopicInfo::error)
                    .orElse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            boolean isThere = why != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            if (config.missingTopics() == MissingTopics.WAIT && !isThere) {
                return counts;
            }
            boolean mayPass = why == ErrorCode.NONE || why.recovery() != KafkaException.Recovery.GIVE_UP;
            if (!mayPass || System.nanoTime() > deadline) {
                throw cannotConsume(missing.get(), why);
            }
            Thread.sleep(Duration.ofMillis(200));
            client.refreshCluster("topic " + missing.get() + " is not there yet");
        }
    }

    private static KafkaException cannotConsume(String topic, ErrorCode why) {
        return why == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                ? new KafkaException.InvalidRequest("topic " + topic
                        + " does not exist: create it, correct topic.names, or let missing.topics be wait")
                : new KafkaException.BrokerError(why, "topic " + topic + " cannot be consumed");
    }

    /** How many partitions each of these topics has; 0 for one that does not exist or cannot be used. */
    static Map<String, Integer> partitionCounts(Cluster cluster, Collection<String> topics) {
        Map<String, Integer> counts = new HashMap<>();
        topics.forEach(topic -> counts.put(topic, count(cluster, topic)));
        return counts;
    }

    private static int count(Cluster cluster, String topic) {
        TopicInfo info = cluster.topics().get(topic);
        return info != null && info.error() == ErrorCode.NONE
                ? info.partitions().size()
                : 0;
    }

    private static List<String> sorted(Collection<String> names) {
        return List.copyOf(new TreeSet<>(names));
    }
}
