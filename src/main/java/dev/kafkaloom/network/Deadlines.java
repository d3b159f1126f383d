package dev.kafkaloom.network;

import dev.kafkaloom.coroutine.Coroutine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Breaks connections whose broker has not answered in time, and closes those that nobody uses: a thread blocked in a read knows no
 * timeout. One platform thread per client runs it, so that it also does while every carrier is busy.
 */
final class Deadlines {
    private static final long LONGEST_TICK_MILLIS = 100;

    private final Duration tick;
    private final Set<Connection> watched = ConcurrentHashMap.newKeySet();

    /** {@code maxIdle} is the shortest time that it has to keep an eye on. */
    Deadlines(Duration maxIdle) {
        this.tick = Duration.ofMillis(Math.clamp(maxIdle.toMillis() / 4, 1, LONGEST_TICK_MILLIS));
    }

    void watch(Connection connection) {
        watched.add(connection);
    }

    void forget(Connection connection) {
        watched.remove(connection);
    }

    /** The body of the deadline thread. */
    void run() throws InterruptedException {
        Coroutine.waitingFor("the next deadline");
        while (true) {
            Thread.sleep(tick);
            long now = System.nanoTime();
            for (Connection connection : watched) {
                check(connection, now);
            }
        }
    }

    /** One that goes wrong must not stop the time of the others. */
    private static void check(Connection connection, long now) {
        try {
            connection.check(now);
        } catch (RuntimeException | Error e) {
            connection.drop("the deadlines of its requests cannot be kept: " + e);
        }
    }
}
