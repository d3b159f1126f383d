package dev.kafkaloom.consumer;

import java.time.Duration;
import java.util.Objects;

/**
 * How records are handed to handlers. Immutable.
 *
 * @param ordering {@code sinker.ordering}
 * @param maxInFlight {@code sinker.max.in.flight}: most records that handlers of a group have in hand at once in this process, when
 *     the ordering is not {@link Ordering#PARTITION}, where each partition has one chunk in hand
 * @param threads {@code sinker.threads}
 * @param deadline {@code handler.deadline.ms}: a handler that takes longer is reported; it keeps its partition and is not stopped
 */
public record Handling(Ordering ordering, int maxInFlight, HandlerThreads threads, Duration deadline) {
    /** Whole partitions in order, on virtual threads, reported after five minutes. */
    public static final Handling DEFAULT =
            new Handling(Ordering.PARTITION, 1000, HandlerThreads.VIRTUAL, Duration.ofMinutes(5));

    /** Checks; an {@link IllegalArgumentException} names the setting. */
    public Handling {
        Objects.requireNonNull(ordering, "sinker.ordering");
        Objects.requireNonNull(threads, "sinker.threads");
        if (maxInFlight <= 0) {
            throw new IllegalArgumentException("sinker.max.in.flight: " + maxInFlight + " must be positive");
        }
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException("handler.deadline.ms: " + deadline + " must be positive");
        }
    }

    /** The same in another order. */
    public Handling withOrdering(Ordering other) {
        return new Handling(other, maxInFlight, threads, deadline);
    }

    /** The same with another bound. */
    public Handling withMaxInFlight(int other) {
        return new Handling(ordering, other, threads, deadline);
    }

    /** The same on other threads. */
    public Handling withThreads(HandlerThreads other) {
        return new Handling(ordering, maxInFlight, other, deadline);
    }

    /** The same with another deadline. */
    public Handling withDeadline(Duration other) {
        return new Handling(ordering, maxInFlight, threads, other);
    }
}
