package dev.kafkaloom.consumer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A flag that one thread waits for and any thread raises; raising it before the wait is not lost. Thread-safe. */
final class Signal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition raisedOrNot = lock.newCondition();
    private boolean raised;

    void raise() {
        lock.lock();
        try {
            if (!raised) {
                raised = true;
                raisedOrNot.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is raised, or for so long, and takes it down. Returns whether it was raised. */
    boolean await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!raised && left > 0) {
                left = raisedOrNot.awaitNanos(left);
            }
            boolean was = raised;
            raised = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    /** The same without a limit. */
    void await() throws InterruptedException {
        boolean arrived = false;
        while (!arrived) {
            arrived = await(TimeUnit.DAYS.toNanos(1));
        }
    }
}
