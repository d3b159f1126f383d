package dev.kafkaloom.network;

import dev.kafkaloom.coroutine.Coroutine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Breaks connections whose broker has not answered in time: a thread blocked in a read knows no timeout. One platform thread per
 * client runs it, so that it also does while every carrier is busy.
 */
final class Deadlines {
    private static final Duration TICK = Duration.ofMillis(100);

    private final Set<Connection> watched = ConcurrentHashMap.newKeySet();

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
            Thread.sleep(TICK);
            long now = System.nanoTime();
            for (Connection connection : watched) {
                connection.breakIfOverdue(now);
            }
        }
    }
}
