package dev.kafkaloom.producer;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** Counts the heap of all batches that are not done. All of it under the accumulator's lock. */
final class BufferMemory {
    private final long limit;
    private final Condition freed;
    private long used;
    private int waiting;

    BufferMemory(Lock lock, long limit) {
        this.limit = limit;
        this.freed = lock.newCondition();
    }

    long used() {
        return used;
    }

    boolean isFull() {
        return used >= limit;
    }

    /** Whether somebody waits, so that nobody should linger. */
    boolean isWanted() {
        return waiting > 0;
    }

    /** Waits until some is freed; false when {@code nanos} have passed. */
    @SuppressWarnings("WaitNotInLoop") // the caller loops
    boolean await(long nanos) throws InterruptedException {
        waiting++;
        try {
            return freed.awaitNanos(nanos) > 0;
        } finally {
            waiting--;
        }
    }

    /** Counts what a batch holds now. */
    void charge(Batch batch) {
        long change = batch.memory() - batch.charged();
        batch.charged(batch.memory());
        used += change;
        if (change < 0) {
            wake();
        }
    }

    void release(Batch batch) {
        used -= batch.charged();
        batch.charged(0);
        wake();
    }

    void wake() {
        if (waiting > 0) {
            freed.signalAll();
        }
    }
}
