package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.storage.StorageConfig;
import java.time.Duration;
import java.util.Objects;

/**
 * What a consumer runtime does. Immutable.
 *
 * @param members how many members of the group run in this process
 * @param storage where records wait for the sink
 * @param sinkers what takes them to the sink
 * @param starvationAlarm how long virtual threads may go without a carrier before readiness fails and who holds them is logged; never
 *     longer than a sixth of the session timeout
 * @param shutdownTimeout {@code shutdown.timeout.ms}: how long an end may take that lets everything finish
 * @param storageDrainTimeout {@code storage.drain.timeout.ms}: how long a partition that is given back waits until what FILE has stored of
 *     it is done, and how long a start works off what it finds
 */
public record RuntimeConfig(
        ConsumerConfig consumer,
        MemberCount members,
        StorageConfig storage,
        SinkerConfig sinkers,
        Duration starvationAlarm,
        Duration shutdownTimeout,
        Duration storageDrainTimeout) {

    /** Checks; an {@link IllegalArgumentException} says what is wrong. */
    public RuntimeConfig {
        Objects.requireNonNull(consumer);
        Objects.requireNonNull(members);
        Objects.requireNonNull(storage);
        Objects.requireNonNull(sinkers);
        if (!starvationAlarm.isPositive()) {
            throw new IllegalArgumentException("starvation alarm " + starvationAlarm + " must be positive");
        }
        if (!shutdownTimeout.isPositive() || storageDrainTimeout.isNegative()) {
            throw new IllegalArgumentException("shutdown.timeout.ms: " + shutdownTimeout.toMillis()
                    + " must be positive, storage.drain.timeout.ms: " + storageDrainTimeout.toMillis()
                    + " not negative");
        }
    }

    /** DIRECTLY, to standard output, retried after 100 ms to 10 s, alarmed after 2 s, ended and drained within 30 s. */
    public static RuntimeConfig of(ConsumerConfig consumer, MemberCount members) {
        return new RuntimeConfig(
                consumer,
                members,
                new StorageConfig.Direct(),
                SinkerConfig.DEFAULT,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30));
    }

    /** What the alarm is set to: so early that the session, of which heartbeats may have used up half, is not lost before it. */
    Duration effectiveStarvationAlarm() {
        Duration sixth = consumer.sessionTimeout().dividedBy(6);
        return starvationAlarm.compareTo(sixth) < 0 ? starvationAlarm : sixth;
    }

    /** The same with another alarm. */
    public RuntimeConfig starvationAlarm(Duration other) {
        return new RuntimeConfig(consumer, members, storage, sinkers, other, shutdownTimeout, storageDrainTimeout);
    }

    /** The same with other waits between two tries of the sink. */
    public RuntimeConfig retryBackoff(Duration first, Duration longest) {
        return sinkers(sinkers.withBackoff(first, longest));
    }

    /** The same with another storage. */
    public RuntimeConfig storage(StorageConfig other) {
        return new RuntimeConfig(
                consumer, members, other, sinkers, starvationAlarm, shutdownTimeout, storageDrainTimeout);
    }

    /** The same with other sinkers. */
    public RuntimeConfig sinkers(SinkerConfig other) {
        return new RuntimeConfig(
                consumer, members, storage, other, starvationAlarm, shutdownTimeout, storageDrainTimeout);
    }

    /** The same with other times for an end, and for a partition that is given back. */
    public RuntimeConfig timeouts(Duration shutdown, Duration storageDrain) {
        return new RuntimeConfig(consumer, members, storage, sinkers, starvationAlarm, shutdown, storageDrain);
    }
}
