package dev.kafkaloom.producer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.PartitionInfo;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.KafkaException.Recovery;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What has to be known before a record can be encoded: its topic's partitions and the message format of the leader. Asks the brokers only
 * for what is not known, so that sending goes on while they cannot be reached. Thread-safe.
 */
final class Destinations {
    /** A topic that was just created may be unknown to some broker for a moment; longer, and it does not exist. */
    private static final Duration UNKNOWN_TOPIC_WAIT = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final KafkaClient client;
    private final Map<Integer, MessageFormat> formats = new ConcurrentHashMap<>();
    private volatile Cluster latest;

    Destinations(KafkaClient client) {
        this.client = client;
    }

    /** A newer snapshot is known. */
    void observe(Cluster cluster) {
        latest = cluster;
    }

    /**
     * A snapshot in which the topic has partitions.
     *
     * @throws KafkaException.BrokerError the topic does not exist, or may not be seen
     */
    Cluster clusterWith(String topic, long deadlineNanos) throws InterruptedException {
        Cluster cluster = latest;
        if (cluster != null && isUsable(cluster.topics().get(topic))) {
            return cluster;
        }
        long unknownUntil = System.nanoTime() + UNKNOWN_TOPIC_WAIT.toNanos();
        while (true) {
            cluster = client.clusterWith(List.of(topic));
            TopicInfo info = cluster.topics().get(topic);
            if (isUsable(info)) {
                latest = cluster;
                return cluster;
            }
            ErrorCode error = info == null || info.error() == ErrorCode.NONE
                    ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                    : info.error();
            long until = error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                    ? Math.min(unknownUntil, deadlineNanos)
                    : deadlineNanos;
            if (error.recovery() == Recovery.GIVE_UP || System.nanoTime() - until > 0) {
                throw new KafkaException.BrokerError(error, "produce to topic " + topic);
            }
            Thread.sleep(PAUSE);
        }
    }

    private static boolean isUsable(TopicInfo info) {
        return info != null && !info.partitions().isEmpty();
    }

    /** The partitions of a topic anew, because a number was given that the known ones do not have. */
    Cluster reload(String topic) throws InterruptedException {
        client.refreshCluster("a partition of " + topic + " is not known");
        latest = client.clusterWith(List.of(topic));
        return latest;
    }

    /** What the leader takes; while the partition has none, or cannot be asked, what some other broker takes. */
    MessageFormat format(Cluster cluster, TopicPartition partition, long deadlineNanos) throws InterruptedException {
        int leader = cluster.partition(partition).map(PartitionInfo::leaderId).orElse(PartitionQueue.NO_LEADER);
        MessageFormat known = formats.get(leader);
        if (known != null) {
            return known;
        }
        while (true) {
            try {
                return ask(cluster.brokers().containsKey(leader) ? leader : anyBroker(cluster));
            } catch (KafkaException e) {
                if (!formats.isEmpty()) {
                    return formats.values().iterator().next();
                }
                if (e.recovery() == Recovery.GIVE_UP || System.nanoTime() - deadlineNanos > 0) {
                    throw e;
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private static int anyBroker(Cluster cluster) {
        return cluster.brokers().keySet().stream()
                .findFirst()
                .orElseThrow(() -> new KafkaException.BrokerError(
                        ErrorCode.BROKER_NOT_AVAILABLE, "the cluster's metadata names no broker"));
    }

    /** Asks a broker; cheap while there is a connection to it. */
    MessageFormat ask(int nodeId) throws InterruptedException {
        MessageFormat format = MessageFormat.of(client.versions(nodeId, ApiKey.PRODUCE));
        formats.put(nodeId, format);
        return format;
    }
}
