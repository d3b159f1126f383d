package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.Map;
import java.util.Set;

/**
 * What there is to share out: the topics that any member subscribed to. Immutable.
 *
 * @param partitionCounts by topic; 0, or no entry, for one that does not exist
 * @param racks of the brokers that hold a replica of a partition; no entry where that is not known
 */
public record Topics(Map<String, Integer> partitionCounts, Map<TopicPartition, Set<String>> racks) {
    public Topics {
        partitionCounts = Map.copyOf(partitionCounts);
        racks = Map.copyOf(racks);
    }

    /** Topics of which no racks are known. */
    public static Topics of(Map<String, Integer> partitionCounts) {
        return new Topics(partitionCounts, Map.of());
    }

    /** How many partitions a topic has, 0 if it does not exist. */
    public int partitions(String topic) {
        return partitionCounts.getOrDefault(topic, 0);
    }
}
