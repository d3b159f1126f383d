package dev.kafkaloom.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits between tries: doubled each time up to a limit, and spread by a fifth, so that clients do not come back all at once. */
record Backoff(Duration first, Duration longest) {
    private static final double JITTER = 0.2;

    /** The wait after the {@code failures}th failure, counted from 1. */
    Duration after(int failures) {
        return Duration.ofNanos(
                (long) (even(failures) * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER)));
    }

    /** The longest that {@link #after} may say. */
    Duration longestAfter(int failures) {
        return Duration.ofNanos((long) (even(failures) * (1 + JITTER)));
    }

    private double even(int failures) {
        return Math.min((double) first.toNanos() * Math.pow(2, Math.max(0, failures - 1)), (double) longest.toNanos());
    }
}
