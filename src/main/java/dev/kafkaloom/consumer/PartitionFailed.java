package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;

/** A partition stopped: its handler threw, its records cannot be read, or its position is not in the log and may not be reset. */
final class PartitionFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PartitionFailed(TopicPartition partition, Throwable cause) {
        super(partition + " stopped: " + (cause instanceof KafkaException e ? e.oneLine() : cause.toString()), cause);
    }
}
