package dev.kafkaloom.consumer;

/**
 * Gets the records of one partition, deserialized; otherwise as {@link RecordHandler}.
 *
 * @param <K> what keys are deserialized to
 * @param <V> what values are deserialized to
 */
@FunctionalInterface
public interface RecordsHandler<K, V> {
    /**
     * Handles records of one partition; returning means that all of them are done.
     *
     * @param records at least one, in offset order; safe to keep
     * @throws Exception stops the partition: neither these records nor any later one of it are committed
     */
    void handle(Records<K, V> records) throws Exception;
}
