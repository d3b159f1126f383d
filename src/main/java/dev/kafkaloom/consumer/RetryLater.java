package dev.kafkaloom.consumer;

import java.time.Duration;

/**
 * Thrown by a {@link RecordHandler}: hand over again, after a while, what this call was about. Under {@link Ordering#KEY} and {@link
 * Ordering#UNORDERED} only its key waits: other keys go on, and no slot of {@code sinker.max.in.flight} is held. Under {@link
 * Ordering#PARTITION} the partition waits.
 */
public final class RetryLater extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Duration after;
    private final boolean counts;

    /** {@code after} must be positive; {@code why} is for the log. The delivery count will be one higher. */
    public RetryLater(Duration after, String why) {
        this(after, why, true);
    }

    /** The same, {@code counts} says whether the delivery count rises. */
    public RetryLater(Duration after, String why, boolean counts) {
        super(why, null, false, false);
        if (!after.isPositive()) {
            throw new IllegalArgumentException("to retry after " + after + ": must be positive");
        }
        this.after = after;
        this.counts = counts;
    }

    /** How long to wait. */
    public Duration after() {
        return after;
    }

    /** Whether this was a delivery. */
    public boolean counts() {
        return counts;
    }
}
