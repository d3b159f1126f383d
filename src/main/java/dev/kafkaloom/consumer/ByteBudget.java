package dev.kafkaloom.consumer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that were fetched, or may come with a fetch under way, or were decompressed, and are not handled yet: over all partitions of
 * a process. Thread-safe, never blocks: who finds nothing left waits for a wake-up by whoever gives bytes back.
 */
final class ByteBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong reserved = new AtomicLong(); // the part of it that is not here yet
    private final AtomicInteger holders = new AtomicInteger();

    ByteBudget(long limit) {
        this.limit = limit;
    }

    /** Sets bytes aside, as many as are left, at most {@code most}; 0 when all are used. What is granted is released later. */
    long reserve(long most) {
        while (true) {
            long now = used.get();
            long granted = Math.max(0, Math.min(most, limit - now));
            if (granted == 0 || used.compareAndSet(now, now + granted)) {
                reserved.addAndGet(granted);
                return granted;
            }
        }
    }

    /** Gives back what {@link #reserve} granted. Returns what {@link #give} does. */
    boolean release(long granted) {
        reserved.addAndGet(-granted);
        return give(granted);
    }

    /** Counts bytes that are here already, even beyond the limit. */
    void take(long bytes) {
        used.addAndGet(bytes);
    }

    /** Gives bytes back. Returns whether there are some left now where there were none. */
    boolean give(long bytes) {
        long after = used.addAndGet(-bytes);
        return after < limit && after + bytes >= limit;
    }

    long used() {
        return used.get();
    }

    /** What is here, without what is set aside. */
    long buffered() {
        return Math.max(0, used.get() - reserved.get());
    }

    boolean isUsedUp() {
        return used.get() >= limit;
    }

    /** A partition that held nothing holds something now (1), or the other way round (-1). */
    void holds(int change) {
        holders.addAndGet(change);
    }

    /**
     * What one partition may hold: its share, but never less than one answer's worth. Only those that hold something count, so that idle
     * ones do not make the share of busy ones small.
     */
    long cap(int maxPartitionBytes) {
        return Math.max(maxPartitionBytes, limit / Math.max(1, holders.get()));
    }

    /** How many partitions a request without a limit of its own (Fetch before v3) may name. */
    int partitionsAtOnce(int maxPartitionBytes) {
        return Math.clamp((limit - used.get()) / maxPartitionBytes, 1, Integer.MAX_VALUE);
    }
}
