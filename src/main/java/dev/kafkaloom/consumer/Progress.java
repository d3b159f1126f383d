package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is done of one partition during one assignment, and so what may be committed: the <em>contiguous prefix</em>, never more.
 *
 * <p>Offsets are handed out in ranges of ascending order, {@link #delivered}; a range includes whatever gaps compaction, aborted
 * transactions and control records left in it, so contiguity is by "next offset", not by "offset + 1". Ranges, or parts of them, may be
 * done in any order. After {@link #fence()} nothing moves any more: the partition belongs to somebody else, and what is done late is
 * only counted.
 *
 * <p>Thread-safe: the partition's thread delivers, whoever handles records reports done, the member's committer reads.
 */
public final class Progress {
    private final TopicPartition partition;
    private final long assignmentEpoch;
    /** Ranges that were delivered and are not done: first offset to next offset, not overlapping. */
    private final TreeMap<Long, Long> incomplete = new TreeMap<>();
    /** Where which leader epoch begins, in order; the first is that of the record before the prefix's end. */
    private final ArrayDeque<EpochFrom> epochs = new ArrayDeque<>(2);

    private long incompleteOffsets;
    private long deliveredNext;
    private long highestDone;
    private long committed;
    private long lateDones;
    private boolean fenced;
    private volatile Runnable onAdvance = () -> {};

    private record EpochFrom(long offset, int epoch) {}

    /**
     * A partition that starts at an offset which is already committed.
     *
     * @param assignmentEpoch the process-wide number of the assignment this belongs to
     * @param start the first offset that will be delivered; also taken as committed
     */
    public Progress(TopicPartition partition, long assignmentEpoch, StartAt start) {
        this(partition, assignmentEpoch, start.offset());
        resetEpoch(start.leaderEpoch());
    }

    /**
     * The same with a leader epoch that nobody knows.
     *
     * @param assignmentEpoch the process-wide number of the assignment this belongs to
     * @param start the first offset that will be delivered; also taken as committed
     */
    public Progress(TopicPartition partition, long assignmentEpoch, long start) {
        this.partition = partition;
        this.assignmentEpoch = assignmentEpoch;
        deliveredNext = start;
        highestDone = start;
        committed = start;
        resetEpoch(StartAt.UNKNOWN_EPOCH);
    }

    private void resetEpoch(int leaderEpoch) {
        epochs.clear();
        epochs.add(new EpochFrom(Long.MIN_VALUE, leaderEpoch));
    }

    /** The partition whose progress this is. */
    public TopicPartition partition() {
        return partition;
    }

    /** The number of the assignment this belongs to; larger than that of any earlier assignment in this process. */
    public long assignmentEpoch() {
        return assignmentEpoch;
    }

    /** {@link #delivered(long, long, int)} of a leader epoch that nobody knows. */
    public void delivered(long firstOffset, long nextOffset) {
        delivered(firstOffset, nextOffset, StartAt.UNKNOWN_EPOCH);
    }

    /**
     * A range was handed to the handler. What lies between the end of the range before and {@code firstOffset} holds nothing to handle.
     * Offsets that were delivered before are ignored; after {@link #fence()} all are.
     *
     * @param leaderEpoch in which it was written (KIP-320)
     */
    public synchronized void delivered(long firstOffset, long nextOffset, int leaderEpoch) {
        checkRange(firstOffset, nextOffset);
        long first = Math.max(firstOffset, deliveredNext);
        if (fenced || nextOffset <= first) {
            return;
        }
        comes(first, leaderEpoch);
        Map.Entry<Long, Long> last = incomplete.lastEntry();
        if (last != null && last.getValue() == first) {
            incomplete.put(last.getKey(), nextOffset);
        } else {
            incomplete.put(first, nextOffset);
        }
        incompleteOffsets += nextOffset - first;
        deliveredNext = nextOffset;
    }

    /**
     * That range is done: any part of what was delivered, in any order, once. What was not delivered, or is done already, is ignored;
     * after {@link #fence()} the call only counts as late.
     *
     * @return false when it came late
     */
    public boolean done(long firstOffset, long nextOffset) {
        checkRange(firstOffset, nextOffset);
        boolean advanced;
        synchronized (this) {
            if (fenced) {
                lateDones++;
                return false;
            }
            long before = prefix();
            remove(firstOffset, nextOffset);
            advanced = prefix() > before;
        }
        if (advanced) {
            onAdvance.run();
        }
        return true;
    }

    /** {@link #skip(long, int)} of a leader epoch that nobody knows. */
    public void skip(long nextOffset) {
        skip(nextOffset, StartAt.UNKNOWN_EPOCH);
    }

    /** The position moves to {@code nextOffset} with nothing to hand out (control batch, aborted, filtered, compacted away). */
    public void skip(long nextOffset, int leaderEpoch) {
        boolean advanced;
        synchronized (this) {
            if (fenced || nextOffset <= deliveredNext) {
                return;
            }
            comes(deliveredNext, leaderEpoch);
            advanced = incomplete.isEmpty();
            deliveredNext = nextOffset;
        }
        if (advanced) {
            onAdvance.run();
        }
    }

    /** {@link #seek(StartAt)} of a leader epoch that nobody knows. */
    public void seek(long offset) {
        seek(StartAt.offset(offset));
    }

    /**
     * The position was moved by hand, in either direction: the prefix starts again there, and what was delivered before is forgotten.
     * No handler may be running on this partition.
     */
    public void seek(StartAt at) {
        long offset = at.offset();
        synchronized (this) {
            if (fenced) {
                return;
            }
            resetEpoch(at.leaderEpoch());
            incomplete.clear();
            incompleteOffsets = 0;
            deliveredNext = offset;
            highestDone = offset;
        }
        onAdvance.run();
    }

    /** The exclusive end of the contiguous prefix of what is done: the offset to commit. */
    public synchronized long committable() {
        return prefix();
    }

    /** {@link #committable()}, with the leader epoch of the record before it; both of the same moment. */
    public synchronized StartAt committablePosition() {
        return new StartAt(prefix(), epochAtPrefix());
    }

    /** The leader epoch of the record before {@link #committable()}, {@link StartAt#UNKNOWN_EPOCH} when nobody knows. */
    public synchronized int leaderEpoch() {
        return epochAtPrefix();
    }

    /** The offset that is known to be committed. */
    public synchronized long committed() {
        return committed;
    }

    /** A commit of {@code next} succeeded. Returns false, and changes nothing, when the partition was taken away meanwhile. */
    public synchronized boolean committed(long next) {
        if (fenced) {
            return false;
        }
        committed = next;
        return true;
    }

    /** Whether the prefix and the committed offset differ; always false once fenced. */
    public synchronized boolean needsCommit() {
        return !fenced && prefix() != committed;
    }

    /** The end of the furthest range that was done. */
    public synchronized long highestDone() {
        return highestDone;
    }

    /** The next offset to be delivered. */
    public synchronized long deliveredNext() {
        return deliveredNext;
    }

    /** How many offsets were delivered and are not done. */
    public synchronized long incomplete() {
        return incompleteOffsets;
    }

    /** How far the end of what is done lies beyond the prefix, in offsets: what {@code progress.max.gap} bounds. */
    public synchronized long gap() {
        return Math.max(0, highestDone - prefix());
    }

    /** Closes this for good: the partition is somebody else's. Returns false when it was closed before. */
    public synchronized boolean fence() {
        boolean first = !fenced;
        fenced = true;
        return first;
    }

    /** Whether {@link #fence()} was called. */
    public synchronized boolean isFenced() {
        return fenced;
    }

    /** How many {@link #done} calls came after {@link #fence()}: that work will be done again by the next owner. */
    public synchronized long lateDones() {
        return lateDones;
    }

    /** What runs, on the thread that caused it and under no lock, whenever the prefix moved. It must not block. */
    public void onAdvance(Runnable action) {
        onAdvance = action;
    }

    private void comes(long first, int leaderEpoch) {
        if (epochs.getLast().epoch() != leaderEpoch) {
            epochAtPrefix(); // drops what the prefix has passed
            epochs.add(new EpochFrom(first, leaderEpoch));
        }
    }

    private int epochAtPrefix() {
        long prefix = prefix();
        EpochFrom at = epochs.remove();
        while (!epochs.isEmpty() && epochs.peek().offset() < prefix) {
            at = epochs.remove();
        }
        epochs.push(at);
        return at.epoch();
    }

    private long prefix() {
        return incomplete.isEmpty() ? deliveredNext : incomplete.firstKey();
    }

    /** Cuts [first, next) out of the ranges that are not done. */
    private void remove(long first, long next) {
        Map.Entry<Long, Long> range = incomplete.floorEntry(first);
        if (range == null || range.getValue() <= first) {
            range = incomplete.higherEntry(first);
        }
        while (range != null && range.getKey() < next) {
            long from = Math.max(range.getKey(), first);
            long to = Math.min(range.getValue(), next);
            incomplete.remove(range.getKey());
            if (range.getKey() < from) {
                incomplete.put(range.getKey(), from);
            }
            if (to < range.getValue()) {
                incomplete.put(to, range.getValue());
            }
            incompleteOffsets -= to - from;
            highestDone = Math.max(highestDone, to);
            range = incomplete.higherEntry(from);
        }
    }

    private static void checkRange(long firstOffset, long nextOffset) {
        if (firstOffset < 0 || nextOffset <= firstOffset) {
            throw new IllegalArgumentException("not a range of offsets: [" + firstOffset + ", " + nextOffset + ")");
        }
    }

    @Override
    public synchronized String toString() {
        return "Progress[" + partition + ", epoch " + assignmentEpoch + ", committed " + committed + ", prefix "
                + prefix() + ", delivered " + deliveredNext + ", incomplete " + incompleteOffsets
                + (fenced ? ", fenced]" : "]");
    }
}
