package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Coroutine;
import java.util.function.BooleanSupplier;

/**
 * The part of a member's life in which the coordinator makes it wait for others: who closes the member need not wait for them, and
 * interrupts it there, and nowhere else.
 */
final class HeldCalls {
    private final BooleanSupplier closing;
    private Coroutine waiting; // guarded by this

    /** {@code closing} has to be true before {@link #interrupt} is called. */
    HeldCalls(BooleanSupplier closing) {
        this.closing = closing;
    }

    /** From now on the calling coroutine may be interrupted; false, when there is no use in beginning. */
    synchronized boolean begin() {
        waiting = Coroutine.current().orElse(null);
        return !closing.getAsBoolean();
    }

    /** From now on it is not; an interrupt that came too late to matter is forgotten. */
    synchronized void end() {
        waiting = null;
        if (closing.getAsBoolean()) {
            Thread.interrupted();
        }
    }

    /** Interrupts whoever waits. */
    synchronized void interrupt() {
        if (waiting != null) {
            waiting.interrupt();
        }
    }
}
