package dev.kafkaloom.runtime;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What records pass before they are handed to the sink: it may be shut, and lets so many a second pass at most. Both can be changed at any
 * time, with effect on those who wait. Those who wait pass in about the order they came in. Thread-safe.
 */
final class SinkGate {
    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ReentrantLock queue = new ReentrantLock(true); // who has it is the next to pass
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean paused; // written under the lock
    private volatile long perSecond; // written under the lock
    private long freeAt = System.nanoTime(); // guarded by the lock

    SinkGate(long perSecond) {
        this.perSecond = perSecond;
    }

    void pause(boolean shut) {
        lock.lock();
        try {
            paused = shut;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isPaused() {
        return paused;
    }

    /** 0: no limit. Of what has passed too early under the limit before, no more than a second is waited for. */
    void limit(long recordsPerSecond) {
        lock.lock();
        try {
            perSecond = recordsPerSecond;
            long latest = System.nanoTime() + SECOND;
            freeAt = freeAt - latest > 0 ? latest : freeAt;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long limit() {
        return perSecond;
    }

    /**
     * Waits until so many records may pass. Records that come together pass together; who comes next waits for longer then.
     *
     * @throws InterruptedException also when it is {@code givenUp}, at which it glances now and then
     */
    void pass(int records, BooleanSupplier givenUp) throws InterruptedException {
        if (!paused && perSecond == 0) {
            return;
        }
        while (!queue.tryLock(glance(), TimeUnit.NANOSECONDS)) {
            check(givenUp);
        }
        try {
            awaitTurn(givenUp, records);
        } finally {
            queue.unlock();
        }
    }

    /** Waits while it is shut. Throws as {@link #pass}. */
    void awaitOpen(BooleanSupplier givenUp) throws InterruptedException {
        if (!paused) {
            return;
        }
        lock.lockInterruptibly();
        try {
            while (paused) {
                changed.awaitNanos(GLANCE.toNanos());
                check(givenUp);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The more there are who wait, the less often each looks up. */
    private long glance() {
        return GLANCE.toNanos() + TimeUnit.MILLISECONDS.toNanos(queue.getQueueLength());
    }

    private void awaitTurn(BooleanSupplier givenUp, int records) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long left = left(); left > 0; left = left()) {
                changed.awaitNanos(Math.min(left, GLANCE.toNanos()));
                check(givenUp);
            }
            long now = System.nanoTime();
            long limit = perSecond;
            freeAt = limit == 0 ? now : Math.max(now, freeAt) + (long) ((double) SECOND * records / limit);
        } finally {
            lock.unlock();
        }
    }

    private long left() {
        if (paused) {
            return Long.MAX_VALUE;
        }
        return perSecond == 0 ? 0 : Math.min(freeAt - System.nanoTime(), SECOND);
    }

    private static void check(BooleanSupplier givenUp) throws InterruptedException {
        if (givenUp.getAsBoolean()) {
            throw new InterruptedException("given up while waiting to be handed to the sink");
        }
    }
}
