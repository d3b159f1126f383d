package dev.kafkaloom.consumer;

import dev.kafkaloom.record.ConsumedRecord;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Since when a partition is behind: the timestamp of the oldest record that is not done. Of what was handed out a few timestamps of each chunk
 * are kept, since a timestamp for each record would cost more than it tells. What was not handed out yet is at least as young as the last
 * record that was, and as the last moment at which nothing was left to do.
 *
 * <p>Thread-safe: the partition's thread hands out, whoever makes a snapshot asks.
 */
final class RecordTimes {
    /** Nothing is behind, or nobody knows since when. */
    static final long UNKNOWN = -1;

    private static final int MARKS_OF_A_CHUNK = 8;
    private static final int TRIM_AT = 64;

    private record Mark(long offset, long timestamp) {}

    private final ArrayDeque<Mark> marks = new ArrayDeque<>(MARKS_OF_A_CHUNK); // all guarded by this
    private long handedOut = UNKNOWN; // the offset behind the last chunk
    private long youngest = UNKNOWN;
    private long caughtUpAt = UNKNOWN;

    /** These are handed out, of a chunk that ends before {@code next}; {@code done} is the end of what is done before them. */
    synchronized void handedOut(List<ConsumedRecord> records, long next, long done) {
        if (marks.size() >= TRIM_AT) {
            forget(done);
        }
        int step = Math.max(1, (records.size() + MARKS_OF_A_CHUNK - 1) / MARKS_OF_A_CHUNK);
        for (int i = 0; i < records.size(); i += step) {
            marks.add(new Mark(records.get(i).offset(), timestamp(records.get(i))));
        }
        youngest = timestamp(records.getLast());
        handedOut = next;
    }

    /** Messages before format v1 have none: they are as old as their arrival. */
    private static long timestamp(ConsumedRecord record) {
        return record.timestamp() >= 0 ? record.timestamp() : System.currentTimeMillis();
    }

    /** At this time, in ms since the epoch, all was done that there was. */
    synchronized void caughtUp(long now) {
        caughtUpAt = now;
    }

    /** The position is moved: nothing of before counts. */
    synchronized void moved() {
        marks.clear();
        handedOut = UNKNOWN;
        youngest = UNKNOWN;
        caughtUpAt = UNKNOWN;
    }

    /** The timestamp, in ms since the epoch, of the oldest record at or behind {@code done}; an older one, when it is not known exactly. */
    synchronized long behindSince(long done) {
        forget(done);
        return done < handedOut && !marks.isEmpty() ? marks.peek().timestamp() : Math.max(youngest, caughtUpAt);
    }

    /** Keeps the last mark at or before {@code done}, which stands for the records up to the next mark. */
    private void forget(long done) {
        Mark last = null;
        while (!marks.isEmpty() && marks.peek().offset() <= done) {
            last = marks.remove();
        }
        if (last != null && done < handedOut) {
            marks.push(last);
        }
    }
}
