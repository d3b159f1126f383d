package dev.kafkaloom.runtime;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what may be somebody else's code, or hang at a network: on a thread of its own, which is not waited for much longer than the time
 * that there is.
 */
final class BoundedEnd implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedEnd.class);
    private static final Duration LEAST = Duration.ofSeconds(1);

    private final String what;
    private final AutoCloseable ended;
    private final long deadline;

    /** {@code ended} may be null; {@code deadline} is a nanoTime. */
    BoundedEnd(String what, AutoCloseable ended, long deadline) {
        this.what = what;
        this.ended = ended;
        this.deadline = deadline;
    }

    @Override
    public void close() {
        if (ended == null) {
            return;
        }
        try (Scope scope = Scope.open("ending").closeDeadline(LEAST)) {
            Coroutine closer = scope.go("ending/" + what, ended::close);
            if (!awaited(closer)) {
                LOG.warn("closing the {} takes longer than there is time; it is left to itself", what);
            }
        }
    }

    /** Also when the caller is interrupted: half a close helps nobody. */
    private boolean awaited(Coroutine closer) {
        long until = Math.max(deadline, System.nanoTime() + LEAST.toNanos());
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return closer.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
