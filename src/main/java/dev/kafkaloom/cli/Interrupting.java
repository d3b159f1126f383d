package dev.kafkaloom.cli;

import dev.kafkaloom.coroutine.ExitHook;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A signal interrupts a command that ends by itself, and the process ends with the exit code of the signal, once the command is over. A hook,
 * which a one-shot command can afford: {@link Ending} costs it some ms at each start.
 */
final class Interrupting implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch over = new CountDownLatch(1);
    private final ExitHook hook;

    /** Until it is closed. */
    Interrupting(Thread thread) {
        this.hook = ExitHook.add("exit", () -> {
            thread.interrupt();
            boolean _ = over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        });
    }

    @Override
    public void close() {
        over.countDown(); // first: the hook, if it runs, waits for this
        hook.close();
    }
}
