package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import java.time.Instant;
import java.util.List;

/**
 * How one assigned partition stood at one moment.
 *
 * @param position the next offset to be handed out
 * @param highWatermark the end of the partition as its leader last said, -1 while unknown
 * @param logStart the oldest offset as its leader last said, -1 while unknown or never told (brokers before 0.11)
 * @param records handed out so far
 * @param bytes keys and values of the records handed out so far
 * @param bufferedBytes fetched, not yet handed out
 * @param paused by a caller of pause
 * @param inHand records that a handler has in hand now; with views a call counts as 1
 * @param overdue calls of the handler that take longer than {@code handler.deadline.ms}, as of a second ago
 * @param done the end of what is done without a gap: what is committed, or about to be; with a storage, stored counts as done
 * @param behindSince about the timestamp of the oldest record that is not done, in ms since the epoch; -1 while it is not
 *     known or nothing is behind
 * @param state one of starting, fetching, paused, draining, stopped, failed, or what it waits for
 */
public record PartitionSnapshot(
        TopicPartition partition,
        long position,
        long highWatermark,
        long logStart,
        long records,
        long bytes,
        int bufferedBytes,
        boolean paused,
        int inHand,
        List<OverdueHandler> overdue,
        long done,
        long behindSince,
        String state) {

    /** Takes an unmodifiable copy. */
    public PartitionSnapshot {
        overdue = List.copyOf(overdue);
    }

    /** Of a partition that no handler works on. */
    PartitionSnapshot(
            TopicPartition partition,
            long position,
            long highWatermark,
            long logStart,
            long records,
            long bytes,
            int bufferedBytes,
            boolean paused,
            String state) {
        this(
                partition,
                position,
                highWatermark,
                logStart,
                records,
                bytes,
                bufferedBytes,
                paused,
                0,
                List.of(),
                position,
                RecordTimes.UNKNOWN,
                state);
    }

    /** Records between the position and the high watermark, -1 while unknown. */
    public long lag() {
        return highWatermark < 0 ? -1 : Math.max(0, highWatermark - position);
    }

    /** Records that are not done, -1 while unknown. */
    public long undone() {
        return highWatermark < 0 ? -1 : Math.max(0, highWatermark - done);
    }

    /** How old the oldest record is that is not done, in seconds; 0 when nothing is behind, NaN while it is not known. */
    public double secondsBehind(Instant now) {
        if (undone() == 0) {
            return 0;
        }
        return undone() < 0 || behindSince < 0 ? Double.NaN : Math.max(0, now.toEpochMilli() - behindSince) / 1000.0;
    }
}
