package dev.kafkaloom.record;

/** What a record's timestamp means. Brokers before 0.10 keep no timestamps at all. */
public enum TimestampType {
    /** The message format (v0) has no timestamps; they read as -1. */
    NONE,
    /** Set by the producer. */
    CREATE_TIME,
    /** Set by the broker when it appended the batch. */
    LOG_APPEND_TIME
}
