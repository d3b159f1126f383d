package dev.kafkaloom.cli;

import dev.kafkaloom.coroutine.Body;
import dev.kafkaloom.coroutine.ExitHook;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What SIGTERM and SIGINT mean while something runs: it is asked to end, and the process waits for that. Closing it says that the
 * end is reached. Thread-safe.
 */
final class Ending implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final ExitHook hook;
    private AtomicBoolean started = new AtomicBoolean();
    private volatile int exitCode = -1;

    private Ending(Body onSignal) {
        this.hook = ExitHook.add("exit", () -> {
            asked.countDown();
            onSignal.run();
            boolean inTime = reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (inTime && exitCode >= 0) {
                System.err.flush();
                Runtime.getRuntime().halt(exitCode); // a daemon told to end has not failed: not the 143 of a signal
            }
        });
    }

    /** A signal interrupts the thread, and the exit code is the signal's. */
    static Ending interrupting(Thread thread) {
        return new Ending(thread::interrupt);
    }

    /** A signal lets {@link #await()} return; until {@link #started()} is said it interrupts the caller instead. */
    static Ending awaited() {
        Thread starting = Thread.currentThread();
        AtomicBoolean started = new AtomicBoolean();
        Ending ending = new Ending(() -> {
            if (!started.getAndSet(true)) {
                starting.interrupt();
            }
        });
        ending.started = started;
        return ending;
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

    /** The exit code of a process that was told to end. */
    void exitCode(int code) {
        exitCode = code;
    }

    @Override
    public void close() {
        reached.countDown(); // first: the hook, if it runs, waits for this
        hook.close();
    }
}
