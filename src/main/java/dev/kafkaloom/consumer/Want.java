package dev.kafkaloom.consumer;

/** How it stands with fetching a partition. */
enum Want {
    READY,
    /** It would be fetched, had it credit. */
    FULL,
    /** Paused, closed, or at a position that nobody can serve. */
    NOT_NOW
}
