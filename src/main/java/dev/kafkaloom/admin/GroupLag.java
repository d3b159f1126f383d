package dev.kafkaloom.admin;

import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * How far a group is behind in one partition.
 *
 * @param committed the next offset it will consume, as it has committed it; null when it has not
 */
public record GroupLag(TopicPartition partition, Long committed, LogRange log) {
    /**
     * Where the group stands: what it has committed; where nothing is, or what is was deleted since, the start of the log, because lag is
     * never counted from zero.
     */
    public long current() {
        return committed == null ? log.start() : Math.max(log.start(), committed);
    }

    /** Records that the group has not consumed yet; none when it has committed more than there is. */
    public long remaining() {
        return Math.max(0, log.end() - current());
    }

    /**
     * Asks the brokers about every partition of the topics, in their order.
     *
     * @throws dev.kafkaloom.protocol.KafkaException.BrokerError when a topic does not exist, or the group may not be read
     */
    public static List<GroupLag> of(KafkaClient client, String group, Collection<String> topics)
            throws InterruptedException {
        Collection<TopicPartition> partitions = Topics.partitions(client, topics);
        return of(client, partitions, GroupOffsets.fetch(client, group, partitions));
    }

    /**
     * The same for every topic the group has committed offsets of, and some more; those that were deleted since are left out.
     *
     * @throws dev.kafkaloom.protocol.KafkaException.UnsupportedVersion on brokers before 0.10.2, which have to be told the topics
     */
    public static List<GroupLag> ofAll(KafkaClient client, String group, Collection<String> more)
            throws InterruptedException {
        Map<TopicPartition, Long> committed = CommittedOffsets.of(client, group);
        TreeSet<String> topics = new TreeSet<>(more);
        committed.keySet().forEach(partition -> topics.add(partition.topic()));
        Map<String, TopicInfo> known = client.clusterWith(topics).topics();
        topics.removeIf(topic -> !known.containsKey(topic) || !known.get(topic).exists());
        return of(client, Topics.partitions(client, topics), committed);
    }

    private static List<GroupLag> of(
            KafkaClient client, Collection<TopicPartition> partitions, Map<TopicPartition, Long> committed)
            throws InterruptedException {
        return LogRange.of(client, partitions).entrySet().stream()
                .map(each -> new GroupLag(each.getKey(), committed.get(each.getKey()), each.getValue()))
                .toList();
    }
}
