package dev.kafkaloom.storage;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.List;
import java.util.Optional;

/**
 * What a storage has at a moment.
 *
 * @param pending records that wait
 * @param leased records in sinkers' hands
 * @param bytes what they take where they are stored, -1 when it is not known
 * @param limitRecords most records, {@link Long#MAX_VALUE} without a limit
 * @param limitBytes most bytes, {@link Long#MAX_VALUE} without a limit
 * @param appended records stored since the start
 * @param skipped of what was to be stored, records that were stored already
 * @param lost records that were stored and lost, and were read again
 * @param redelivered records handed out again after a lease that ended without an ack
 * @param trouble why nothing can be stored or taken now
 * @param partitions those that have something
 */
public record StorageStats(
        long pending,
        long leased,
        long bytes,
        long limitRecords,
        long limitBytes,
        long appended,
        long skipped,
        long lost,
        long redelivered,
        Optional<String> trouble,
        List<PartitionStats> partitions) {
    /** {@code mark}: the offset up to which everything was stored; {@code oldestTimestamp}: of its oldest record, ms, -1 unknown. */
    public record PartitionStats(
            TopicPartition partition, long pending, long leased, long mark, long oldestTimestamp) {}

    /** Nothing is stored: DIRECTLY. */
    public static final StorageStats NONE =
            new StorageStats(0, 0, 0, Long.MAX_VALUE, Long.MAX_VALUE, 0, 0, 0, 0, Optional.empty(), List.of());

    /** Records that wait or are in work. */
    public long size() {
        return pending + leased;
    }
}
