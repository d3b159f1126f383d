package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a partition's loop shares with the {@link HandOut} it feeds: where the records come from, what became of them, and how far it is.
 * Only the partition's thread moves the position; what is done may be reported by any thread.
 */
final class Delivery {
    private final Mailbox mailbox;
    private final Progress progress;
    private final ChunkReader reader;
    private final RecordTimes times = new RecordTimes();
    private final LongAdder lateAcks;
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private volatile long position;

    /** {@code lateAcks} counts what is done when it does not count any more. */
    Delivery(Mailbox mailbox, Progress progress, ChunkReader reader, long position, LongAdder lateAcks) {
        this.mailbox = mailbox;
        this.progress = progress;
        this.reader = reader;
        this.position = position;
        this.lateAcks = lateAcks;
    }

    TopicPartition partition() {
        return mailbox.partition();
    }

    Mailbox mailbox() {
        return mailbox;
    }

    Progress progress() {
        return progress;
    }

    ChunkReader reader() {
        return reader;
    }

    /** Since when the partition is behind. */
    RecordTimes times() {
        return times;
    }

    /** A chunk is about to be handed out. */
    void handsOut(Chunk chunk) {
        progress.delivered(chunk.first(), chunk.next(), chunk.leaderEpoch());
        times.handedOut(chunk.records(), chunk.next(), progress.committable());
    }

    /** The next offset to hand out. */
    long position() {
        return position;
    }

    void moveTo(long next) {
        position = next;
    }

    /** These offsets, with so many records in them, are done. */
    void done(long first, long next, long count, long size) {
        if (!progress.done(first, next)) {
            lateAcks.increment();
        }
        records.add(count);
        bytes.add(size);
    }

    long records() {
        return records.sum();
    }

    long bytes() {
        return bytes.sum();
    }
}
