package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;

/**
 * A partition stopped: its handler threw, its records cannot be read, or its position is not in the log and may not be reset. The cause
 * tells which.
 */
public final class PartitionFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String topic;
    private final int number;

    PartitionFailed(TopicPartition partition, Throwable cause) {
        super(partition + " stopped: " + inWords(cause), cause);
        this.topic = partition.topic();
        this.number = partition.partition();
    }

    static String inWords(Throwable cause) {
        return switch (cause) {
            case KafkaException known -> known.oneLine();
            case RejectedRecord rejected -> rejected.getMessage();
            default -> cause.toString();
        };
    }

    /** Which one. */
    public TopicPartition partition() {
        return new TopicPartition(topic, number);
    }
}
