package dev.kafkaloom.consumer;

/**
 * When a member of a group commits. Whatever the mode, what is committed is the contiguous prefix of what is done, a member has one
 * commit in flight, and a partition that is given back is committed first, except in {@link #MANUAL}.
 */
public enum CommitMode {
    /** Every {@code auto.commit.interval.ms}. */
    INTERVAL,
    /** When all of what was fetched in one go is done. */
    EVERY_CHUNK,
    /** Whenever the prefix moves; while a commit is in flight the newest prefix waits for it. */
    EVERY_ADVANCE,
    /** Only when the program says so ({@code enable.auto.commit=false}). */
    MANUAL
}
