package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.util.List;

/**
 * Gets the records of a group's partitions. Runs on the partition's own virtual thread, so it may block for as long as it likes; calls for one
 * partition never overlap and come in offset order, calls for different partitions run at the same time.
 */
@FunctionalInterface
public interface RecordHandler {
    /**
     * Handles records of one partition; returning means that all of them are done.
     *
     * @param records at least one, in offset order, at most {@code max.poll.records}; copies, safe to keep
     * @throws Exception stops the partition: neither these records nor any later one of it are committed
     */
    void handle(TopicPartition partition, List<ConsumedRecord> records) throws Exception;
}
