package dev.kafkaloom.consumer;

/** Which records wait for each other in a handler: {@code sinker.ordering}. What is committed is a contiguous prefix in any case. */
public enum Ordering {
    /** The records of a partition, one chunk after the other. */
    PARTITION,
    /** The records of a partition that have the same key; those without a key wait for nobody. */
    KEY,
    /** None. */
    UNORDERED
}
