package dev.kafkaloom.network;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * What became of a request: set once, waited for by any number of threads. Thread-safe.
 *
 * <p>Who waits for long parks without a time-out, since each timed wait of a virtual thread wakes the thread that keeps its time, once
 * per call: half of what a call costs. The deadline thread of the client wakes the waiter for the last second instead ({@link #tick}).
 */
final class Outcome<R> {
    private static final long LAST_NANOS = 1_000_000_000L;

    private record Waiter(Thread thread, long until, Waiter next) {}

    private record Success<R>(R value) {}

    private record Failure(RuntimeException cause) {}

    private final AtomicReference<Object> result = new AtomicReference<>();
    private final AtomicReference<Waiter> waiters = new AtomicReference<>();

    boolean isDone() {
        return result.get() != null;
    }

    /** Whether somebody may be waiting. */
    boolean isAwaited() {
        return waiters.get() != null;
    }

    /** {@code value} may be null. The first result stays. */
    void complete(R value) {
        end(new Success<>(value));
    }

    void fail(RuntimeException cause) {
        end(new Failure(cause));
    }

    private void end(Object with) {
        if (result.compareAndSet(null, with)) {
            for (Waiter each = waiters.get(); each != null; each = each.next) {
                LockSupport.unpark(each.thread);
            }
        }
    }

    /** Waits; false when the time is over before there is a result. */
    boolean await(Duration timeout) throws InterruptedException {
        if (isDone()) {
            return true;
        }
        Waiter self = enter(System.nanoTime() + timeout.toNanos());
        try {
            while (!isDone()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long left = self.until - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                if (left > LAST_NANOS) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, left);
                }
            }
            return true;
        } finally {
            waiters.compareAndSet(
                    self, self.next); // one who is not the last to come stays until the request is forgotten
        }
    }

    private Waiter enter(long until) {
        while (true) {
            Waiter before = waiters.get();
            Waiter self = new Waiter(Thread.currentThread(), until, before);
            if (waiters.compareAndSet(before, self)) {
                return self;
            }
        }
    }

    /** Called now and then while there is no result: whose last second has begun goes on with a time-out. */
    void tick(long now) {
        for (Waiter each = waiters.get(); each != null; each = each.next) {
            if (each.until - now <= LAST_NANOS) {
                LockSupport.unpark(each.thread);
            }
        }
    }

    /** The value, or the failure thrown; only when it is done. */
    @SuppressWarnings("unchecked") // only complete() makes a Success
    R get() {
        return switch (result.get()) {
            case Failure(RuntimeException cause) -> throw cause;
            case Success<?>(Object value) -> (R) value;
            case null, default -> throw new IllegalStateException("there is no result yet");
        };
    }
}
