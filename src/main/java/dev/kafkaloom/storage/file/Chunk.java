package dev.kafkaloom.storage.file;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Records that are stored together, and what became of each. Any thread may mark records as done; deliveries are guarded by the
 * {@link Shelf}'s lock; {@link #newlyDone} is the journal's thread's.
 */
final class Chunk {
    /** Where its batch is. */
    record Place(Segment segment, long batchAt, int batchSize) {}

    final Frames.Stored stored;
    final long assignmentEpoch;
    final long timestamp;
    final int count;
    final int size;
    private final long base;
    private final int[] deltas; // null when the offsets have no gaps
    private final AtomicLongArray done;
    private final AtomicInteger left;
    private long[] logged;
    private int[] deliveries;
    final AtomicBoolean dirty = new AtomicBoolean();
    private volatile Place place;
    private volatile List<ConsumedRecord> records; // null: they are read from the file

    /** @param size bytes in the log */
    Chunk(Frames.Stored stored, long assignmentEpoch, long timestamp, int size, long[] offsets) {
        this.stored = stored;
        this.size = size;
        this.assignmentEpoch = assignmentEpoch;
        this.timestamp = timestamp;
        this.count = offsets.length;
        this.base = offsets[0];
        this.deltas = offsets[count - 1] - base == count - 1
                ? null
                : Arrays.stream(offsets)
                        .mapToInt(offset -> (int) (offset - base))
                        .toArray();
        this.done = new AtomicLongArray((count + 63) >>> 6);
        this.left = new AtomicInteger(count);
        this.logged = new long[done.length()];
    }

    TopicPartition partition() {
        return stored.partition();
    }

    long seq() {
        return stored.seq();
    }

    long offset(int index) {
        return base + delta(index);
    }

    int delta(int index) {
        return deltas == null ? index : deltas[index];
    }

    /** The index of the record at that offset, negative when there is none. */
    int indexOf(long offset) {
        long delta = offset - base;
        if (delta < 0 || delta > delta(count - 1)) {
            return -1;
        }
        return deltas == null ? (int) delta : Arrays.binarySearch(deltas, (int) delta);
    }

    /** The index of the first record at or behind that distance from the first. */
    private int from(int delta) {
        if (deltas == null) {
            return Math.clamp(delta, 0, count);
        }
        int index = Arrays.binarySearch(deltas, delta);
        return index >= 0 ? index : -index - 1;
    }

    boolean isDone(int index) {
        return (done.get(index >>> 6) & 1L << index) != 0;
    }

    /** False when it was done already. */
    boolean markDone(int index) {
        long bit = 1L << index;
        if ((done.getAndAccumulate(index >>> 6, bit, (a, b) -> a | b) & bit) != 0) {
            return false;
        }
        left.decrementAndGet();
        return true;
    }

    boolean isDone() {
        return left.get() == 0;
    }

    int left() {
        return left.get();
    }

    /** Undone records among some. */
    int undone(int from, int to) {
        int undone = 0;
        for (int i = from; i < to; i++) {
            undone += isDone(i) ? 0 : 1;
        }
        return undone;
    }

    int deliveries(int index) {
        return deliveries == null ? 0 : deliveries[index];
    }

    void deliveries(int index, int times) {
        if (deliveries == null) {
            deliveries = new int[count];
        }
        deliveries[index] = times;
    }

    /** Adds what was done since it was asked last, as ranges. */
    void newlyDone(List<Frames.Ack> to) {
        int i = 0;
        while (i < count) {
            long word = done.get(i >>> 6);
            if ((i & 63) == 0 && word == logged[i >>> 6]) {
                i += 64;
                continue;
            }
            long bit = 1L << i;
            if ((word & bit) == 0 || (logged[i >>> 6] & bit) != 0) {
                i++;
                continue;
            }
            int first = i;
            while (i < count && isDone(i)) {
                logged[i >>> 6] |= 1L << i;
                i++;
            }
            to.add(new Frames.Ack(seq(), delta(first), delta(i - 1), 0));
        }
    }

    /** Adds everything that was done and how often the rest was handed out: the copy of a chunk begins without. */
    void everything(List<Frames.Ack> to) {
        Arrays.fill(logged, 0);
        newlyDone(to);
        for (int i = 0; i < count; i++) {
            if (!isDone(i) && deliveries(i) > 0) {
                to.add(new Frames.Ack(seq(), delta(i), delta(i), deliveries(i)));
            }
        }
    }

    /** What the log says of it. */
    void apply(Frames.Ack ack) {
        for (int i = from(ack.from()); i < count && delta(i) <= ack.to(); i++) {
            if (ack.isDelivery()) {
                deliveries(i, ack.deliveries());
            } else if (markDone(i)) {
                logged[i >>> 6] |= 1L << i;
            }
        }
    }

    List<ConsumedRecord> records() {
        return records;
    }

    /** Keeps them in memory; false when that is not needed. */
    synchronized boolean keep(List<ConsumedRecord> kept) {
        if (records != null || isDone()) {
            return false;
        }
        records = kept;
        return true;
    }

    /** Lets go of what was kept in memory; true when something was. */
    synchronized boolean forget() {
        boolean kept = records != null;
        records = null;
        return kept;
    }

    Place place() {
        return place;
    }

    /** It is there now: null for nowhere, until it is written again. A segment knows those that it has to stay for. */
    void moveTo(Place to) {
        Place before = place;
        if (to != null) {
            to.segment().add(this);
        }
        place = to;
        if (before != null && (to == null || before.segment() != to.segment())) {
            before.segment().remove(this);
        }
        if (to != null && isDone()) {
            to.segment().remove(this);
        }
    }

    /** Wholly done: no file has to stay for it. */
    void leave() {
        place.segment().remove(this);
    }

    @Override
    public String toString() {
        Place at = place;
        return partition() + "@" + base + ".." + offset(count - 1)
                + (at == null ? "" : " in " + at.segment().file + " at " + at.batchAt());
    }
}
