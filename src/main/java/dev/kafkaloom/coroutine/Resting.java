package dev.kafkaloom.coroutine;

import java.time.Duration;

/**
 * A coroutine that has ended for want of work and is started again when there is some: it has no thread, and {@link CoroutineRegistry}
 * shows it all the same, until {@link #end()} or the end of its scope. Thread-safe.
 */
public final class Resting {
    private final Scope scope;
    private final String name;
    private final boolean virtual;
    private final String waitingFor;
    private final long since = System.nanoTime();

    Resting(Scope scope, String name, boolean virtual, String waitingFor) {
        this.scope = scope;
        this.name = name;
        this.virtual = virtual;
        this.waitingFor = waitingFor;
    }

    /** It runs again, or never will. More than once does nothing. */
    public void end() {
        CoroutineRegistry.wake(this);
    }

    String name() {
        return name;
    }

    boolean isOver() {
        return scope.isCancelled();
    }

    CoroutineInfo info() {
        return new CoroutineInfo(
                name, scope.name(), virtual, "resting", Duration.ofNanos(System.nanoTime() - since), 0, waitingFor);
    }
}
