package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.Objects;

/**
 * What a partition does where there is a choice.
 *
 * @param outOfRange where to go on when the position is not (any more) in the log
 * @param onCorrupt what to do with a damaged batch
 * @param maxPollRecords the most records of one handler call
 */
public record Policy(OutOfRange outOfRange, OnCorrupt onCorrupt, int maxPollRecords) {

    public Policy {
        Objects.requireNonNull(outOfRange);
        Objects.requireNonNull(onCorrupt);
        if (maxPollRecords < 1) {
            throw new IllegalArgumentException("max.poll.records is " + maxPollRecords + ", must be at least 1");
        }
    }

    /** Finds the offset to go on at. Runs on the partition's thread, so it may call brokers, and should commit what it found. */
    @FunctionalInterface
    public interface OutOfRange {
        /**
         * Resolves a position that the leader confirmed to be lost.
         *
         * @throws Exception when there is no answer (auto.offset.reset=none): the partition stops with it
         */
        StartAt resolve(TopicPartition partition, LostPosition lost) throws Exception;
    }
}
