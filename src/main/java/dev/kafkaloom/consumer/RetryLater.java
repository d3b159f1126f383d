package dev.kafkaloom.consumer;

import java.time.Duration;
import java.util.Objects;

/**
 * Thrown by a {@link RecordHandler} under {@link Ordering#KEY} and {@link Ordering#UNORDERED}: hand this record over again after a while,
 * with its delivery count one higher. Its key waits, other keys go on and no slot of {@code sinker.max.in.flight} is held. Under
 * {@link Ordering#PARTITION} the partition waits.
 */
public final class RetryLater extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Duration after;

    /** {@code after} must be positive; {@code why} is logged. */
    public RetryLater(Duration after, String why) {
        super(why);
        this.after = Objects.requireNonNull(after);
    }

    /** How long to wait. */
    public Duration after() {
        return after;
    }
}
