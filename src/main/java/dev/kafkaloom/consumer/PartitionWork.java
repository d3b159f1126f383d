package dev.kafkaloom.consumer;

import java.time.Duration;
import java.util.Optional;

/**
 * An assigned partition at work, as the member sees it that owns the partition: somebody reads it and reports to its {@link #progress()}.
 * All methods may be called from any thread; none but {@link #drain} blocks.
 */
interface PartitionWork {
    /** What is done of it; the epoch of its assignment is in there. */
    Progress progress();

    /**
     * Hands out nothing more and waits for what is being handled.
     *
     * @return false when something is still being handled at the deadline; it is then left to itself, and the progress has to be fenced
     */
    boolean drain(Duration deadline) throws InterruptedException;

    /** Ends it at once; a handler that is running is interrupted. Does not wait. May be called twice, and after {@link #drain}. */
    void stop();

    /** Hands out and fetches nothing until {@link #resume()}. */
    void pause();

    /** Undoes {@link #pause()}. */
    void resume();

    /** Whether it is paused by {@link #pause()}. */
    boolean isPaused();

    /** Goes on at another offset, in either direction, once nothing is being handled. */
    void seek(long offset);

    /** What ended it, other than a drain or a stop. */
    Optional<Throwable> failure();

    /** How it stands. */
    PartitionSnapshot snapshot();
}
