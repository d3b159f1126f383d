package dev.kafkaloom.storm;

import dev.kafkaloom.coroutine.Scope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * When this process got no processor: a coroutine that only sleeps and looks at the clock, as any of the callers does. What it
 * oversleeps, on a machine that is busy with other things, is not the client's being late.
 */
final class Stall implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(5);
    private static final Duration NOTABLE = Duration.ofMillis(50);
    private static final int KEPT = 10_000;

    private record Gap(long from, long to) {
        long within(long start, long end) {
            return Math.max(0, Math.min(to, end) - Math.max(from, start));
        }
    }

    private final Scope scope = Scope.open("storm-clock");
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Gap> gaps = new ArrayDeque<>(); // guarded by lock, as is the following
    private long last = System.nanoTime(); // when it last looked

    private Stall() {}

    static Stall watch() {
        Stall stall = new Stall();
        stall.scope.go("storm-clock", stall::run);
        return stall;
    }

    private void run() throws InterruptedException {
        while (true) {
            Thread.sleep(TICK);
            lock.lock();
            try {
                long now = System.nanoTime();
                Gap gap = new Gap(last + TICK.toNanos(), now);
                if (gap.to - gap.from > NOTABLE.toNanos()) {
                    gaps.add(gap);
                }
                if (gaps.size() > KEPT) {
                    gaps.remove();
                }
                last = now;
            } finally {
                lock.unlock();
            }
        }
    }

    /** How long it stood still, for more than a moment at a time, between two points in time, in nanoseconds. */
    long between(long start, long end) {
        lock.lock();
        try {
            long sum = new Gap(last + NOTABLE.toNanos(), Long.MAX_VALUE).within(start, end); // the one that goes on
            for (var each = gaps.descendingIterator(); each.hasNext(); ) {
                Gap gap = each.next();
                if (gap.to() < start) {
                    break;
                }
                sum += gap.within(start, end);
            }
            return sum;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
