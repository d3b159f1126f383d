package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.GroupSnapshot;
import java.time.Duration;
import java.time.Instant;

/**
 * A consumer runtime as it was at one moment. Immutable.
 *
 * @param group its members
 * @param consumedRecords records that the sink is done with
 * @param consumedBytes keys and values of those
 * @param inProgress {@code block_size}: how many offsets were handed to the sink and are not done
 * @param retries how often a batch had to be handed over again
 * @param rejected records that the sink cannot ever handle; a member has failed for each batch of them
 * @param startedAt when it was started
 * @param uptime since then
 * @param worstStarvation the longest that a virtual thread had to wait for a carrier
 */
public record RuntimeSnapshot(
        GroupSnapshot group,
        long consumedRecords,
        long consumedBytes,
        long inProgress,
        long retries,
        long rejected,
        Instant startedAt,
        Duration uptime,
        Duration worstStarvation) {

    /** Distinct completed generations of the group after the first that a member of this process was in. */
    public int rebalances() {
        return group.rebalances();
    }

    /** How many members have failed for good. */
    public int failedMembers() {
        return group.failed();
    }

    /** Whether no member is left that could go on. */
    public boolean allFailed() {
        return !group.members().isEmpty() && failedMembers() == group.members().size();
    }

    /** Whether all members own what is assigned to them and work. */
    public boolean ready() {
        return group.stable();
    }
}
