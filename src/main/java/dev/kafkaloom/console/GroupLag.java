package dev.kafkaloom.console;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How far a group is behind in one partition.
 *
 * @param current what the group has committed; where nothing is, or what is was deleted since, the start of the log, because lag is
 *                never counted from zero
 * @param end     the high watermark
 */
record GroupLag(TopicPartition partition, long current, long end) {
    long remaining() {
        return Math.max(0, end - current);
    }

    /** Asks the brokers about every partition of the topics. */
    static List<GroupLag> of(KafkaClient client, String group, Collection<String> topics) throws InterruptedException {
        List<TopicPartition> partitions =
                new ArrayList<>(partitions(client, topics).keySet());
        Map<TopicPartition, Long> ends = offsets(client, partitions, OffsetLookup.LATEST);
        Map<TopicPartition, Long> starts = offsets(client, partitions, OffsetLookup.EARLIEST);
        Map<TopicPartition, Long> committed = GroupOffsets.fetch(client, group, partitions);
        return partitions.stream()
                .map(each -> {
                    long start = starts.getOrDefault(each, 0L);
                    long current = Math.max(start, committed.getOrDefault(each, start));
                    return new GroupLag(each, current, Math.max(current, ends.getOrDefault(each, current)));
                })
                .toList();
    }

    static Map<TopicPartition, Long> offsets(KafkaClient client, Collection<TopicPartition> partitions, long timestamp)
            throws InterruptedException {
        return OffsetLookup.list(
                client, partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> timestamp)));
    }

    /** Every partition of the topics, sorted; a topic that does not exist is an error. */
    static TreeMap<TopicPartition, Integer> partitions(KafkaClient client, Collection<String> topics)
            throws InterruptedException {
        Cluster cluster = client.clusterWith(topics);
        TreeMap<TopicPartition, Integer> leaders = new TreeMap<>();
        for (String name : new TreeSet<>(topics)) {
            TopicInfo topic = cluster.topics().get(name);
            if (topic == null || !topic.exists()) {
                throw new KafkaException.BrokerError(
                        dev.kafkaloom.protocol.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + name);
            }
            topic.partitions()
                    .forEach(each -> leaders.put(new TopicPartition(name, each.partition()), each.leaderId()));
        }
        return leaders;
    }
}
