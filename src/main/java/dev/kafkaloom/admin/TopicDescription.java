package dev.kafkaloom.admin;

import dev.kafkaloom.protocol.Uuid;
import java.util.List;

/**
 * Everything the brokers tell of a topic.
 *
 * @param id {@link Uuid#ZERO} on brokers before 2.8
 * @param partitions in the order of their numbers
 * @param configs the settings that are not at their default; empty when there are none, or they are not known
 * @param configsUnknown why the settings are not known; null when they are
 */
public record TopicDescription(
        String name,
        Uuid id,
        boolean internal,
        List<PartitionDescription> partitions,
        List<TopicConfig> configs,
        String configsUnknown) {
    public TopicDescription {
        partitions = List.copyOf(partitions);
        configs = List.copyOf(configs);
    }

    /** Replicas of each partition, the most where they differ. */
    public int replication() {
        return partitions.stream()
                .mapToInt(each -> each.replicas().size())
                .max()
                .orElse(0);
    }
}
