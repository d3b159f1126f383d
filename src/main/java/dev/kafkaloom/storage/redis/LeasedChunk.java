package dev.kafkaloom.storage.redis;

import dev.kafkaloom.record.ConsumedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** An element in this process's hands: which of its records are done. Guarded by its lease. */
final class LeasedChunk {
    private static final byte[] ALL = {};
    private static final byte[] KEEP = {'0'};
    private static final byte[] GIVE_BACK = {'1'};

    final byte[] sequence;
    private final List<ConsumedRecord> records;
    private final BitSet done;
    private int doneCount;
    private int sent; // of doneCount, what Redis knows
    private int sending;
    private boolean ended;

    /** {@code acked} is what the shard says of those that are done: {@code count:bits}, or empty. */
    LeasedChunk(byte[] sequence, List<ConsumedRecord> records, byte[] acked) {
        this.sequence = sequence;
        this.records = records;
        this.done = bits(acked);
        done.clear(records.size(), Math.max(records.size(), done.length()));
        this.doneCount = done.cardinality();
        this.sent = doneCount;
    }

    static BitSet bits(byte[] acked) {
        for (int i = 0; i < acked.length; i++) {
            if (acked[i] == ':') {
                return BitSet.valueOf(java.util.Arrays.copyOfRange(acked, i + 1, acked.length));
            }
        }
        return new BitSet();
    }

    /** Those that are not done. */
    List<ConsumedRecord> left() {
        if (doneCount == 0) {
            return records;
        }
        List<ConsumedRecord> left = new ArrayList<>(records.size() - doneCount);
        for (int i = done.nextClearBit(0); i < records.size(); i = done.nextClearBit(i + 1)) {
            left.add(records.get(i));
        }
        return left;
    }

    long first() {
        return records.getFirst().offset();
    }

    long last() {
        return records.getLast().offset();
    }

    /** False when it is done already, or is none of these. */
    boolean done(long offset) {
        int at = indexOf(offset);
        if (at < 0 || done.get(at)) {
            return false;
        }
        done.set(at);
        doneCount++;
        return true;
    }

    private int indexOf(long offset) {
        long guess = offset - first(); // without gaps it is there
        if (guess >= 0 && guess < records.size() && records.get((int) guess).offset() == offset) {
            return (int) guess;
        }
        int low = 0;
        int high = records.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = records.get(middle).offset();
            if (found == offset) {
                return middle;
            }
            if (found < offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    boolean isDone() {
        return doneCount == records.size();
    }

    boolean hasNews() {
        return doneCount > sent;
    }

    int undone() {
        return records.size() - doneCount;
    }

    /** It is not in anybody's hands any more: done, or given back. */
    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** What {@code ack.lua} wants of it. */
    void write(List<byte[]> arguments, byte[] token, boolean giveBack) {
        sending = doneCount;
        arguments.add(sequence);
        arguments.add(token);
        arguments.add(Integer.toString(doneCount).getBytes(StandardCharsets.US_ASCII));
        arguments.add(isDone() ? ALL : done.toByteArray());
        arguments.add(giveBack && !isDone() ? GIVE_BACK : KEEP);
    }

    /** What was written is known to Redis; answers how many records more than before. */
    int acknowledged() {
        int more = sending - sent;
        sent = sending;
        return more;
    }
}
