package dev.kafkaloom.consumer;

import java.time.Duration;
import java.util.Objects;

/**
 * How records are fetched; the names and defaults are those of Kafka's own consumer.
 *
 * @param minBytes {@code fetch.min.bytes}: the broker holds an answer until there is this much, or {@code maxWait} has passed
 * @param maxWait {@code fetch.max.wait.ms}
 * @param maxBytes {@code fetch.max.bytes}: the most bytes of one answer, its first batch apart
 * @param maxPartitionBytes {@code max.partition.fetch.bytes}: the most bytes of one partition in one answer, its first batch apart
 * @param maxBufferedBytes {@code fetch.max.buffered.bytes}: the most bytes fetched and not yet handled, over all partitions of the process
 * @param checkCrcs {@code check.crcs}
 * @param isolation {@code isolation.level}
 * @param rack {@code client.rack}, empty for none
 */
public record FetchConfig(
        int minBytes,
        Duration maxWait,
        int maxBytes,
        int maxPartitionBytes,
        long maxBufferedBytes,
        boolean checkCrcs,
        IsolationLevel isolation,
        String rack) {

    /** The defaults. */
    public static final FetchConfig DEFAULT = new FetchConfig(
            1, Duration.ofMillis(500), 50 << 20, 1 << 20, 64L << 20, true, IsolationLevel.READ_UNCOMMITTED, "");

    public FetchConfig {
        Objects.requireNonNull(isolation);
        Objects.requireNonNull(rack);
        atLeast("fetch.min.bytes", minBytes, 0);
        atLeast("fetch.max.wait.ms", maxWait.toMillis(), 0);
        atLeast("fetch.max.bytes", maxBytes, 1);
        atLeast("max.partition.fetch.bytes", maxPartitionBytes, 1);
        atLeast("fetch.max.buffered.bytes", maxBufferedBytes, 1);
    }

    /** The same with another limit on what is fetched and not yet handled. */
    public FetchConfig maxBufferedBytes(long bytes) {
        return new FetchConfig(minBytes, maxWait, maxBytes, maxPartitionBytes, bytes, checkCrcs, isolation, rack);
    }

    /** The same with another limit for one partition in one answer. */
    public FetchConfig maxPartitionBytes(int bytes) {
        return new FetchConfig(minBytes, maxWait, maxBytes, bytes, maxBufferedBytes, checkCrcs, isolation, rack);
    }

    /** The same with another longest wait of a broker. */
    public FetchConfig maxWait(Duration wait) {
        return new FetchConfig(
                minBytes, wait, maxBytes, maxPartitionBytes, maxBufferedBytes, checkCrcs, isolation, rack);
    }

    /** The same with another isolation level. */
    public FetchConfig isolation(IsolationLevel level) {
        return new FetchConfig(
                minBytes, maxWait, maxBytes, maxPartitionBytes, maxBufferedBytes, checkCrcs, level, rack);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
        }
    }
}
