package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Body;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.CoroutineRegistry;
import dev.kafkaloom.coroutine.Resting;
import dev.kafkaloom.coroutine.Scope;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * The thread of one partition, {@code partition-<topic>-<n>}: there while there is something to read, and for a while after. A parked
 * thread takes more memory than all else of a partition, and most of very many partitions are idle at any time; so one that has had
 * nothing to do for {@link #LINGER} ends, and the next news start another; meanwhile the registry shows it as resting. Thread-safe; there is never more than one that reads.
 */
final class PartitionThread {
    private static final Duration LINGER = Duration.ofSeconds(2);

    /** What the thread does. */
    interface Reading {
        /** Reads until it {@linkplain PartitionThread#awaitNews rests} (false), or all is over (true). */
        boolean run() throws InterruptedException;

        /** It is over, and nothing will run any more. On the last thread, or where none could be started. */
        void over();
    }

    private final Scope scope;
    private final String name;
    private final boolean platform;
    private final Reading reading;
    private Coroutine coroutine; // null while it rests; all below guarded by this
    private Resting rest; // null while it does not
    private boolean news = true;
    private boolean over;

    PartitionThread(Scope scope, String name, boolean platform, Reading reading) {
        this.scope = scope;
        this.name = name;
        this.platform = platform;
        this.reading = reading;
    }

    /** There is something to look at. Does not block. */
    void wake() {
        synchronized (this) {
            news = true;
            if (coroutine != null || over) {
                notifyAll();
                return;
            }
            try {
                Body body = this::run;
                coroutine = platform ? scope.goPlatform(name, body) : scope.go(name, body);
                endRest();
                return;
            } catch (CancellationException _) { // all in the scope ends
                over = true;
                endRest();
            }
        }
        reading.over();
    }

    private void run() throws InterruptedException {
        boolean ends = true;
        try {
            ends = reading.run();
        } finally {
            if (ends) {
                synchronized (this) {
                    over = true;
                }
                reading.over();
            }
        }
    }

    /** For the thread itself: waits for news. False when there were none for long: it has to return now, another one will go on. */
    synchronized boolean awaitNews() throws InterruptedException {
        long deadline = System.nanoTime() + LINGER.toNanos();
        while (!news) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                coroutine = null;
                rest = CoroutineRegistry.rest(scope, name, !platform, "records");
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        news = false;
        return true;
    }

    private void endRest() {
        if (rest != null) {
            rest.end();
            rest = null;
        }
    }

    /** Interrupts what runs. */
    void interrupt() {
        Coroutine running;
        synchronized (this) {
            running = coroutine;
        }
        if (running != null) {
            running.interrupt();
        }
    }

    /** Waits for the end of what runs; true at once when nothing does. */
    boolean join(Duration deadline) throws InterruptedException {
        Coroutine running;
        synchronized (this) {
            running = coroutine;
        }
        return running == null || running.join(deadline);
    }
}
