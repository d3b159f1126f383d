package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.util.List;

/**
 * Gets the records of a group's partitions, and may block for as long as it likes. Calls for different partitions run at the same time. With
 * {@link Ordering#PARTITION} it runs on the partition's own thread: calls for one partition never overlap and come in offset order. With
 * {@link Ordering#KEY} each record is a call of its own; those of one key never overlap and come in offset order, those without a key wait
 * for nobody. With {@link Ordering#UNORDERED} each record is a call that waits for nobody.
 *
 * <p>It is interrupted only when its partition is lost or the consumer is closed, and then not before it had {@code revoke.drain.ms} to
 * finish. One that takes longer than {@code handler.deadline.ms} is reported and goes on.
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
