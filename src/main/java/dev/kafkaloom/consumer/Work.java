package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Scope;

/** What a group does with a partition once it owns it. Thread-safe: members begin partitions at the same time. */
@FunctionalInterface
interface Work {
    /**
     * Called once, before the first partition begins.
     *
     * @param group owns what the partitions of all members share
     */
    default void open(Scope group, ConsumerConfig config) {}

    /** How often something was reported done after its partition had been taken away: it will be done again by the next owner. */
    default long lateAcks() {
        return 0;
    }

    /**
     * Begins to fetch and to work on the partition of {@code progress}. Does not block.
     *
     * @param scope of the member: what runs for the partition runs in it
     * @param progress what is done has to be reported to it; it begins at {@code at}
     * @param failed has to be called, on any thread, as soon as {@link PartitionWork#failure()} tells something; it does not block
     */
    PartitionWork begin(Scope scope, Fetchers fetchers, StartAt at, Progress progress, Policy policy, Runnable failed);
}
