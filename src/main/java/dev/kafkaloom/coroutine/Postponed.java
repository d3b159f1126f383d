package dev.kafkaloom.coroutine;

import java.time.Duration;
import java.util.Objects;

/** Thrown by a task of {@link Lanes}: another one is to run in its stead after a while. Its key waits for that, its place does not. */
public final class Postponed extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Duration after;
    private final transient Body instead;

    /** {@code after} may be zero: at once, but behind what is ready. */
    public Postponed(Duration after, Body instead) {
        super("postponed by " + after, null, false, false);
        this.after = Objects.requireNonNull(after);
        this.instead = Objects.requireNonNull(instead);
    }

    Duration after() {
        return after;
    }

    Body instead() {
        return instead;
    }
}
