package dev.kafkaloom.coroutine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work to be done when the process is told to end (SIGTERM, SIGINT): the JVM ends when it returns. Closing the hook takes it
 * back, or waits for it if the end has already begun.
 */
public final class ExitHook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExitHook.class);

    private final Thread thread;
    private final CountDownLatch ran = new CountDownLatch(1);

    private ExitHook(String name, Body body) {
        this.thread = new Thread(() -> run(body), name);
    }

    /** Registers the body; it runs on a platform thread of that name, beside the other hooks. */
    public static ExitHook add(String name, Body body) {
        ExitHook hook = new ExitHook(name, body);
        Runtime.getRuntime().addShutdownHook(hook.thread);
        return hook;
    }

    private void run(Body body) {
        try {
            body.run();
        } catch (Exception failure) {
            LOG.warn("{} at exit: {}", thread.getName(), failure.toString());
        } finally {
            ran.countDown();
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException _) {
            awaitEnd(); // the process ends: the hook runs or ran
        }
    }

    private void awaitEnd() {
        try {
            if (Thread.currentThread() != thread && !ran.await(30, TimeUnit.SECONDS)) {
                LOG.warn("{} did not end within 30 s", thread.getName());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
