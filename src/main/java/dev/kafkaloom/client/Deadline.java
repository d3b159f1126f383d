package dev.kafkaloom.client;

import java.time.Duration;

/** A point in time that work has to be over by. */
record Deadline(long nanos) {
    static Deadline after(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos());
    }

    /** The earlier of this one and {@code timeout} from now. */
    Deadline within(Duration timeout) {
        Deadline other = after(timeout);
        return other.nanos - nanos < 0 ? other : this;
    }

    /** What is left; never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /** What is left, at most {@code limit}. */
    Duration left(Duration limit) {
        Duration left = left();
        return left.compareTo(limit) < 0 ? left : limit;
    }

    boolean passed() {
        return nanos - System.nanoTime() <= 0;
    }

    boolean allows(Duration wait) {
        return left().compareTo(wait) > 0;
    }
}
