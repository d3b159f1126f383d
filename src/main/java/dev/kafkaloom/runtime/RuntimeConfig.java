package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.storage.StorageKind;
import java.time.Duration;
import java.util.Objects;

/**
 * What a consumer runtime does. Immutable.
 *
 * @param members how many members of the group run in this process
 * @param storage where records wait for the sink
 * @param retryBackoff the first wait before a batch is handed to the sink again; doubled each time
 * @param retryBackoffMax the longest such wait
 * @param starvationAlarm how long virtual threads may go without a carrier before readiness fails and who holds them is logged; never
 *     longer than a sixth of the session timeout
 */
public record RuntimeConfig(
        ConsumerConfig consumer,
        MemberCount members,
        StorageKind storage,
        Duration retryBackoff,
        Duration retryBackoffMax,
        Duration starvationAlarm) {

    /** Checks; an {@link IllegalArgumentException} says what is wrong. */
    public RuntimeConfig {
        Objects.requireNonNull(consumer);
        Objects.requireNonNull(members);
        storage.check();
        if (!retryBackoff.isPositive() || retryBackoffMax.compareTo(retryBackoff) < 0) {
            throw new IllegalArgumentException("sink retry back-off from " + retryBackoff + " to " + retryBackoffMax);
        }
        if (!starvationAlarm.isPositive()) {
            throw new IllegalArgumentException("starvation alarm " + starvationAlarm + " must be positive");
        }
    }

    /** DIRECTLY, retried after 100 ms to 10 s, alarmed after 2 s. */
    public static RuntimeConfig of(ConsumerConfig consumer, MemberCount members) {
        return new RuntimeConfig(
                consumer,
                members,
                StorageKind.DIRECTLY,
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2));
    }

    /** What the alarm is set to: so early that the session, of which heartbeats may have used up half, is not lost before it. */
    Duration effectiveStarvationAlarm() {
        Duration sixth = consumer.sessionTimeout().dividedBy(6);
        return starvationAlarm.compareTo(sixth) < 0 ? starvationAlarm : sixth;
    }

    /** The same with another alarm. */
    public RuntimeConfig starvationAlarm(Duration other) {
        return new RuntimeConfig(consumer, members, storage, retryBackoff, retryBackoffMax, other);
    }

    /** The same with other waits between two tries of the sink. */
    public RuntimeConfig retryBackoff(Duration first, Duration longest) {
        return new RuntimeConfig(consumer, members, storage, first, longest, starvationAlarm);
    }
}
