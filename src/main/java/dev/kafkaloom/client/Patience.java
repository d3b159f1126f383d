package dev.kafkaloom.client;

import java.time.Duration;

/**
 * How long one broker is waited for when another could be asked instead: short at first, so that one that hangs holds nobody up, and
 * longer with each failure, so that a cluster that is merely slow is heard in the end.
 */
record Patience(Duration longest) {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 20;

    /** After so many failures, 0 at first. */
    Duration after(int failures) {
        Duration patience = FIRST.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        return patience.compareTo(longest) < 0 ? patience : longest;
    }
}
