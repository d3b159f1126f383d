package dev.kafkaloom.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/**
 * What SIGTERM, SIGINT and SIGHUP mean while something runs: the first asks it to end, and a second one, or the end of the patience, ends the
 * process at once with the exit code of a signal. Closing it says that the end is reached. Thread-safe.
 *
 * <p>Not a shutdown hook: once the JVM shuts down it passes no further signal on.
 */
final class Ending implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int NONE = 0;
    private static final Map<String, Integer> SIGNALS = Map.of("TERM", 15, "INT", 2, "HUP", 1);

    private static volatile int interruptedBy = NONE;

    private final Thread starting;
    private final Map<String, Object> before = new LinkedHashMap<>();
    private final AtomicBoolean told = new AtomicBoolean();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile Duration patience = PATIENCE;

    private Ending(Thread starting) {
        this.starting = starting;
        SIGNALS.forEach((name, number) -> before.put(name, Signals.register(name, () -> signalled(name, number))));
    }

    /** A signal lets {@link #await()} return; until {@link #started()} is said it interrupts the caller instead. */
    static Ending awaited() {
        return new Ending(Thread.currentThread());
    }

    /** The exit code of a start that a signal has interrupted; {@code otherwise} when none did. */
    static int codeOr(int otherwise) {
        return interruptedBy == NONE ? otherwise : 128 + interruptedBy;
    }

    /** On a thread of the signal's own. */
    private void signalled(String name, int number) {
        if (told.getAndSet(true)) {
            halt(number, "a second SIG" + name);
        }
        asked.countDown();
        if (!started.getAndSet(true)) {
            interruptedBy = number;
            starting.interrupt();
        }
        try {
            if (!reached.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                halt(number, "SIG" + name + ", which did not end it within " + patience.toSeconds() + " s");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void halt(int number, String why) {
        System.err.println(Grammar.PROGRAM + ": stopped at once by " + why
                + "; what was in hand and not committed is handed out again by the next start");
        System.err.flush();
        Runtime.getRuntime().halt(128 + number);
    }

    /** How long the end may take after a signal. */
    Ending patience(Duration most) {
        patience = most;
        return this;
    }

    /** Starting, which may take long, is over: from now on the end is awaited. */
    void started() throws InterruptedException {
        if (started.getAndSet(true)) {
            throw new InterruptedException();
        }
    }

    /** Waits for a signal. */
    void await() throws InterruptedException {
        asked.await();
    }

    /** The same for so long; whether there was one. */
    boolean await(long millis) throws InterruptedException {
        return asked.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Asks without a signal. */
    void ask() {
        asked.countDown();
    }

    @Override
    public void close() {
        reached.countDown();
        before.forEach(Signals::unregister);
    }
}
