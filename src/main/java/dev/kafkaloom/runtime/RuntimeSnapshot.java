package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.PartitionSnapshot;
import dev.kafkaloom.coroutine.Watchdog;
import dev.kafkaloom.storage.StorageStats;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A consumer runtime as it was at one moment. Immutable.
 *
 * @param group its members
 * @param consumedRecords records that the sink is done with
 * @param consumedBytes keys and values of those
 * @param inProgress {@code block_size}: how many records have been taken in and are not done, those that are stored included
 * @param retries how often a batch had to be handed over again
 * @param rejected records that the sink cannot ever handle; a member has failed for each batch of them
 * @param startedAt when it was started
 * @param uptime since then
 * @param carrierDelay how long a virtual thread has had to wait for a carrier of late
 * @param worstStarvation the longest that a virtual thread had to wait for a carrier
 * @param starvation what keeps virtual threads, heartbeats as well, from running just now
 * @param storage what waits for the sink; {@link StorageStats#NONE} when nothing is stored in between
 * @param sink what became of the records that were handed to it
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
        Duration carrierDelay,
        Duration worstStarvation,
        Optional<Watchdog.Alarm> starvation,
        StorageStats storage,
        SinkStats sink) {

    /** Without a storage, and of a sink that nothing has come to. */
    public RuntimeSnapshot(
            GroupSnapshot group,
            long consumedRecords,
            long consumedBytes,
            long inProgress,
            long retries,
            long rejected,
            Instant startedAt,
            Duration uptime,
            Duration worstStarvation,
            Optional<Watchdog.Alarm> starvation) {
        this(
                group,
                consumedRecords,
                consumedBytes,
                inProgress,
                retries,
                rejected,
                startedAt,
                uptime,
                Duration.ZERO,
                worstStarvation,
                starvation,
                StorageStats.NONE,
                SinkStats.NONE);
    }

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

    /**
     * Whether all members own what is assigned to them and work, and get to run: a session that is about to be lost is not ready; and
     * whether records can be stored and get done.
     */
    public boolean ready() {
        return group.stable()
                && starvation.isEmpty()
                && storage.trouble().isEmpty()
                && sink.troubles().isEmpty();
    }

    /** Why it is not {@link #ready()}, a line for each reason; empty when it is. */
    public List<String> notReady() {
        List<String> why = new ArrayList<>();
        starvation.ifPresent(alarm -> why.add(alarm.toString()));
        storage.trouble().ifPresent(trouble -> why.add("storage: " + trouble));
        why.addAll(sink.troubles());
        for (MemberSnapshot member : group.members()) {
            if (!member.state().equals("stable")) {
                why.add("member " + member.index() + " is " + member.state()
                        + (member.lastError().isEmpty() ? "" : ": " + member.lastError()));
            }
        }
        return why;
    }

    /** Records in Kafka that are neither done nor stored, of the partitions of which that is known; -1 when it is of none. */
    public long lagRecords() {
        return partitions()
                .mapToLong(PartitionSnapshot::undone)
                .filter(each -> each >= 0)
                .reduce(Long::sum)
                .orElse(-1);
    }

    /** How old the oldest record is that the sink is not done with, in Kafka or stored, in seconds; 0 without any, NaN while it is not known. */
    public double lagSeconds(Instant now) {
        DoubleStream inKafka = partitions().mapToDouble(each -> each.secondsBehind(now));
        DoubleStream stored = storage.partitions().stream()
                .filter(each -> each.oldestTimestamp() >= 0)
                .mapToDouble(each -> Math.max(0, now.toEpochMilli() - each.oldestTimestamp()) / 1000.0);
        return DoubleStream.concat(inKafka, stored)
                .filter(each -> !Double.isNaN(each))
                .max()
                .orElse(partitions().findAny().isPresent() ? Double.NaN : 0);
    }

    private Stream<PartitionSnapshot> partitions() {
        return group.members().stream().flatMap(each -> each.partitions().stream());
    }

    /** The handlers that take longer than {@code handler.deadline.ms}, a line each. */
    public List<String> overdueHandlers() {
        List<String> lines = new ArrayList<>();
        for (MemberSnapshot member : group.members()) {
            for (PartitionSnapshot partition : member.partitions()) {
                partition.overdue().forEach(each -> lines.add(each.of(partition.partition())));
            }
        }
        return lines;
    }
}
