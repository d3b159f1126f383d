package dev.kafkaloom.consumer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The partitions that may have something to read, in the order in which they got it. Whoever takes one reads it alone until it is given
 * back. Thread-safe; its lock is the innermost one, nothing is called under it.
 */
final class ReadyPartitions {
    /** How a partition stands here; guarded by this object. */
    enum Turn {
        IDLE,
        QUEUED,
        TAKEN,
        TAKEN_AND_MORE_CAME
    }

    private final Deque<PolledPartition> queue = new ArrayDeque<>();
    private int alarms;

    /** The partition may have something to read. */
    synchronized void arrived(PolledPartition partition) {
        switch (partition.turn) {
            case IDLE -> enqueue(partition);
            case TAKEN -> partition.turn = Turn.TAKEN_AND_MORE_CAME;
            case QUEUED, TAKEN_AND_MORE_CAME -> {}
        }
    }

    /** The next one, which then belongs to the caller; null when there is none. */
    synchronized PolledPartition take() {
        PolledPartition next = queue.poll();
        if (next != null) {
            next.turn = Turn.TAKEN;
        }
        return next;
    }

    /** Ends what {@link #take} began; {@code more} says that there is something left to read. */
    synchronized void giveBack(PolledPartition partition, boolean more) {
        if (more || partition.turn == Turn.TAKEN_AND_MORE_CAME) {
            enqueue(partition);
        } else {
            partition.turn = Turn.IDLE;
        }
    }

    private void enqueue(PolledPartition partition) {
        partition.turn = Turn.QUEUED;
        queue.add(partition);
        notify();
    }

    /** Everybody who waits has to look around: something is over, or went wrong. */
    synchronized void alarm() {
        alarms++;
        notifyAll();
    }

    synchronized int alarms() {
        return alarms;
    }

    /** Waits until there is something to take, or an alarm after the {@code seen}-th, or for so long. */
    synchronized void await(int seen, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        long left = nanos;
        while (queue.isEmpty() && alarms == seen && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
            left = deadline - System.nanoTime();
        }
    }
}
