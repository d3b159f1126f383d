package dev.kafkaloom.ordeal;

import java.util.Arrays;

/** What became of the records of one partition, by offset. Arrays, since there are a million of them. */
final class Trail {
    static final long NEVER = Long.MAX_VALUE;
    /** Of a record without a key. */
    static final int NO_KEY = -1;

    private static final int ABSENT = -2;

    private int[] keys = new int[0];
    private long[] prints = new long[0];
    private long[] begun = new long[0];
    private long[] done = new long[0];
    private long[] doneSince = new long[0];
    private long[] refused = new long[0];
    private boolean[] dead = new boolean[0];
    private long end;

    private int at(long offset) {
        int index = Math.toIntExact(offset);
        if (index >= keys.length) {
            int before = keys.length;
            int length = Math.max(1024, Math.max(index + 1, before * 3 / 2));
            keys = Arrays.copyOf(keys, length);
            prints = Arrays.copyOf(prints, length);
            begun = Arrays.copyOf(begun, length);
            done = Arrays.copyOf(done, length);
            doneSince = Arrays.copyOf(doneSince, length);
            refused = Arrays.copyOf(refused, length);
            dead = Arrays.copyOf(dead, length);
            Arrays.fill(keys, before, length, ABSENT);
            Arrays.fill(begun, before, length, NEVER);
            Arrays.fill(done, before, length, NEVER);
            Arrays.fill(refused, before, length, NEVER);
        }
        end = Math.max(end, offset + 1);
        return index;
    }

    /** This is in the log. */
    void logged(long offset, int key, long print) {
        int index = at(offset);
        keys[index] = key;
        prints[index] = print;
    }

    void began(long offset, long at) {
        int index = at(offset);
        begun[index] = Math.min(begun[index], at);
    }

    /** Done for the first time, by a process that had begun at {@code since}; answers since when the one had that was taken for the first. */
    long done(long offset, long at, long since) {
        int index = at(offset);
        long other = doneSince[index];
        done[index] = at;
        doneSince[index] = since;
        return other;
    }

    /** The sink did not take it, for now or for ever. */
    void refused(long offset, long at) {
        int index = at(offset);
        refused[index] = Math.min(refused[index], at);
    }

    void dead(long offset) {
        dead[at(offset)] = true;
    }

    long end() {
        return end;
    }

    boolean isLogged(long offset) {
        return offset < end && keys[(int) offset] != ABSENT;
    }

    int key(long offset) {
        return keys[(int) offset];
    }

    long print(long offset) {
        return prints[(int) offset];
    }

    boolean isDead(long offset) {
        return dead[(int) offset];
    }

    long begun(long offset) {
        return begun[(int) offset];
    }

    long done(long offset) {
        return offset < end ? done[(int) offset] : NEVER;
    }

    /** When nobody had to wait for it any more, at the earliest: done, or a dead letter after it was refused. */
    long completed(long offset) {
        int index = (int) offset;
        return dead[index] ? Math.min(done[index], refused[index]) : done[index];
    }
}
