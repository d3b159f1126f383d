package dev.kafkaloom.storm;

import dev.kafkaloom.coroutine.Scope;
import java.time.Duration;

/** How long this machine stood still at most: a thread of its own that only sleeps and looks at the clock. */
final class Stall implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(10);

    private final Scope scope = Scope.open("storm-clock");
    private volatile long longest;

    private Stall() {}

    static Stall watch() {
        Stall stall = new Stall();
        stall.scope.goPlatform("storm-clock", stall::run);
        return stall;
    }

    private void run() throws InterruptedException {
        long before = System.nanoTime();
        while (true) {
            Thread.sleep(TICK);
            long now = System.nanoTime();
            longest = Math.max(longest, now - before - TICK.toNanos());
            before = now;
        }
    }

    Duration longest() {
        return Duration.ofNanos(longest);
    }

    @Override
    public void close() {
        scope.close();
    }
}
