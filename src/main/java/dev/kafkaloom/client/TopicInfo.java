package dev.kafkaloom.client;

import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.Uuid;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A topic as metadata describes it; its partitions are in the order of their numbers.
 *
 * @param id {@link Uuid#ZERO} on brokers before 2.8
 * @param error {@code UNKNOWN_TOPIC_OR_PARTITION} for one that does not exist
 */
public record TopicInfo(String name, Uuid id, boolean internal, ErrorCode error, List<PartitionInfo> partitions) {
    public TopicInfo {
        partitions = List.copyOf(partitions);
    }

    /** Whether the brokers know it. */
    public boolean exists() {
        return error != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                && error != ErrorCode.INVALID_TOPIC_EXCEPTION
                && error != ErrorCode.UNKNOWN_TOPIC_ID;
    }

    TopicInfo with(UnaryOperator<PartitionInfo> change) {
        return new TopicInfo(
                name, id, internal, error, partitions.stream().map(change).toList());
    }

    static TopicInfo unknown(String name) {
        return new TopicInfo(name, Uuid.ZERO, false, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, List.of());
    }
}
