package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;

/**
 * Gets the records of a partition without a copy of them: for handlers that have done with each record before they look at the next. Runs
 * where a {@link RecordHandler} runs, one call at a time for a partition, in offset order.
 */
@FunctionalInterface
public interface ViewHandler {
    /**
     * Handles records of one partition; returning means that all of them are done, those that were not looked at included.
     *
     * @param records at least one; of use only on this thread and until this call returns
     * @throws Exception stops the partition: neither these records nor any later one of it are committed
     */
    void handle(TopicPartition partition, RecordViews records) throws Exception;
}
