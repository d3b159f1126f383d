package dev.kafkaloom.coroutine;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The one lock of a root scope and all below it, and the news that something in it changed. */
final class Tree {
    final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    void signal() {
        changed.signalAll();
    }

    /** Waits until the condition, which is evaluated under the lock, holds. */
    boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
        long left = nanosOf(timeout);
        lock.lockInterruptibly();
        try {
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The same for closing: an interrupt does not shorten it, and is there again afterwards. */
    boolean awaitUninterruptibly(BooleanSupplier condition, Duration timeout) {
        long deadline = System.nanoTime() + nanosOf(timeout);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return await(condition, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static long nanosOf(Duration timeout) {
        Duration longest = Duration.ofDays(365);
        return (timeout.compareTo(longest) > 0 ? longest : timeout).toNanos();
    }
}
