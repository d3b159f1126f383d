package dev.kafkaloom.consumer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members that this process has in one consumer group, each with its partitions at work.
 *
 * <p>Every member is a virtual thread {@code group-<id>/member-<i>} and every assigned partition another one. At least once: what is
 * committed is the contiguous prefix of what the handler returned from. A member that cannot go on (its handler threw, it is not
 * allowed, its protocol does not fit) leaves the group, stays visible as failed in the {@link #snapshot()} and is not restarted.
 *
 * <p>Thread-safe.
 */
public final class ConsumerGroup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerGroup.class);
    private static final Duration LEAVE_ALLOWANCE = Duration.ofSeconds(8);
    private static final Duration STUCK = Duration.ofMillis(500);

    private static final AtomicInteger STARTED =
            new AtomicInteger(); // in this process: each has connections of its own to fetch

    private record Running(Member member, Coroutine coroutine, Scope scope) {}

    private final ConsumerConfig config;
    private final Scope scope;
    private final Fetchers fetchers;
    private final LocalGroup group;
    private final List<Running> members = new CopyOnWriteArrayList<>();
    private boolean closed; // guarded by this

    private ConsumerGroup(
            KafkaClient client,
            ConsumerConfig config,
            Work work,
            RebalanceListener listener,
            Subscription subscription,
            Map<String, Integer> partitions,
            Scope scope) {
        this.config = config;
        this.scope = scope;
        this.fetchers = Fetchers.open(client, config.fetch(), scope, "group-" + STARTED.incrementAndGet());
        work.open(scope, config);
        this.group = new LocalGroup(
                client,
                config,
                work,
                listener,
                fetchers,
                new StartOffsets(client, config, partitions),
                subscription,
                this::wakeAll);
    }

    /**
     * Checks that the topics exist, then starts the members, all at once; they join in the background ({@link #awaitStable}).
     *
     * @param handler gets the records, on the thread of their partition
     * @param parent everything runs inside of this scope
     * @throws KafkaException.InvalidRequest naming the topic that does not exist, or both numbers when there are more members than any of
     *         the topics has partitions
     * @throws KafkaException when no broker answers within the client's time
     */
    public static ConsumerGroup start(
            KafkaClient client, ConsumerConfig config, MemberCount members, RecordHandler handler, Scope parent)
            throws InterruptedException {
        return start(client, config, members, PartitionLoop.work(handler), RebalanceListener.NONE, parent);
    }

    /** The same with a handler that wants to know which offsets its records cover, and is told of each assignment. */
    public static ConsumerGroup start(
            KafkaClient client,
            ConsumerConfig config,
            MemberCount members,
            RangeHandler handler,
            RebalanceListener listener,
            Scope parent)
            throws InterruptedException {
        return start(client, config, members, PartitionLoop.rangeWork(handler), listener, parent);
    }

    /** The same with any work on the partitions, and a listener. */
    static ConsumerGroup start(
            KafkaClient client,
            ConsumerConfig config,
            MemberCount members,
            Work work,
            RebalanceListener listener,
            Scope parent)
            throws InterruptedException {
        Subscription subscription = new Subscription(client, config);
        Map<String, Integer> partitions = subscription.existing();
        int count = countOf(members, partitions, config);
        Scope scope = parent.child("group-" + config.groupId());
        ConsumerGroup group = new ConsumerGroup(client, config, work, listener, subscription, partitions, scope);
        group.addMembers(count);
        TopicWatch watch = new TopicWatch(config, subscription, seen -> group.seen(seen, members));
        scope.go("group-" + config.groupId() + "/watch", watch::run);
        return group;
    }

    private static int countOf(MemberCount members, Map<String, Integer> partitions, ConsumerConfig config) {
        int most = most(partitions);
        if (!(members instanceof MemberCount.Fixed(int count))) {
            return most;
        }
        boolean mayGrow = config.topicPattern() != null || partitions.containsValue(0);
        if (count > most && !mayGrow) {
            throw new KafkaException.InvalidRequest("group " + config.groupId() + ": " + count + " members, but "
                    + String.join(", ", config.topics()) + " has " + most + (most == 1 ? " partition" : " partitions")
                    + ": the rest would idle; start at most " + most + " or auto");
        }
        return count;
    }

    /** How many members have something to do at most; one that waits for its topics is a member, too. */
    private static int most(Map<String, Integer> partitions) {
        return Math.max(1, partitions.values().stream().mapToInt(it -> it).max().orElse(0));
    }

    /** The leader compares what metadata says with what it assigned; this lets {@code auto} members grow as well. */
    private void seen(Cluster cluster, MemberCount count) {
        group.seen(cluster);
        if (count instanceof MemberCount.Auto) {
            addMembers(most(
                    Subscription.partitionCounts(cluster, group.subscription().topics())));
        }
    }

    private synchronized void addMembers(int upTo) {
        while (!closed && members.size() < upTo) {
            int index = members.size();
            String name = "group-" + config.groupId() + "/member-" + index;
            Scope own =
                    scope.child("member-" + index).closeDeadline(STUCK); // drained before, as long as there was time
            Member member = new ClassicMember(group, index, name, own);
            members.add(new Running(
                    member,
                    scope.go(name, () -> {
                        try (own) {
                            member.run();
                        }
                    }),
                    own));
        }
    }

    private void wakeAll() {
        members.forEach(it -> it.member().wake());
    }

    /** The group's settings. */
    public ConsumerConfig config() {
        return config;
    }

    /** How everything stands now. */
    public GroupSnapshot snapshot() {
        return new GroupSnapshot(
                config.groupId(),
                group.rebalances(),
                group.work().lateAcks(),
                members.stream().map(it -> it.member().snapshot()).toList());
    }

    /**
     * Waits until every member is stable in one generation, with its partitions running.
     *
     * @return false when it is not so at the deadline, or when a member has failed
     */
    public boolean awaitStable(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!isStable()) {
            boolean failed = members.stream().anyMatch(it -> it.member().state() == Member.State.FAILED);
            if (failed || System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(Duration.ofMillis(10));
        }
        return true;
    }

    private boolean isStable() {
        return members.stream().allMatch(it -> it.member().state() == Member.State.STABLE)
                && members.stream()
                                .mapToInt(it -> it.member().generation())
                                .distinct()
                                .count()
                        == 1;
    }

    /**
     * Hands out nothing more of a partition until {@link #resume}. A partition that is revoked forgets that it was paused.
     *
     * @return false when no member of this process owns it now
     */
    public boolean pause(TopicPartition partition) {
        Optional<PartitionWork> work = work(partition);
        work.ifPresent(PartitionWork::pause);
        return work.isPresent();
    }

    /** Undoes {@link #pause}; false when no member of this process owns it now. */
    public boolean resume(TopicPartition partition) {
        Optional<PartitionWork> work = work(partition);
        work.ifPresent(PartitionWork::resume);
        return work.isPresent();
    }

    /** Goes on at another offset, in either direction, after the running handler call; false when no member here owns it now. */
    public boolean seek(TopicPartition partition, long offset) {
        Optional<PartitionWork> work = work(partition);
        work.ifPresent(it -> it.seek(offset));
        return work.isPresent();
    }

    /** The work on a partition that a member of this process owns. */
    Optional<PartitionWork> work(TopicPartition partition) {
        return members.stream()
                .flatMap(it -> it.member().work(partition).stream())
                .findFirst();
    }

    /** All partitions at work in this process. */
    Map<TopicPartition, PartitionWork> works() {
        Map<TopicPartition, PartitionWork> all = new TreeMap<>();
        members.forEach(it -> all.putAll(it.member().works()));
        return all;
    }

    /** What has ended the whole group although nobody closed it. */
    public Optional<Throwable> broken() {
        return scope.failure();
    }

    /** What the first member that has failed for good has failed with; others may be at work still. */
    Optional<RuntimeException> failure() {
        return members.stream().flatMap(it -> it.member().failure().stream()).findFirst();
    }

    /**
     * Whether a handler should come to an end with this partition soon: it is being given back, or is not owned here (any more). What a
     * handler waits for on its own account, it should no longer wait for.
     */
    public boolean isDraining(TopicPartition partition) {
        return members.stream().noneMatch(it -> it.member().holds(partition));
    }

    /**
     * Commits what is done, now.
     *
     * @throws KafkaException when the coordinator does not take it within the time, or the group is just being rebalanced
     */
    public void commitNow(Duration timeout) throws InterruptedException {
        for (Running it : members) {
            commit(() -> it.member().commitNow(timeout));
        }
    }

    /**
     * Commits these offsets, now, as the members that own the partitions; whatever the handlers have done. A later commit of what is done
     * overwrites it. Throws as {@link #commitNow}.
     *
     * @throws KafkaException.InvalidRequest before anything is committed, when no member of this process owns one of the partitions
     */
    void commit(Map<TopicPartition, CommittedOffset> offsets, Duration timeout) throws InterruptedException {
        Map<Member, Map<TopicPartition, CommittedOffset>> byOwner = new LinkedHashMap<>();
        for (var each : new TreeMap<>(offsets).entrySet()) {
            byOwner.computeIfAbsent(owner(each.getKey()), _ -> new TreeMap<>()).put(each.getKey(), each.getValue());
        }
        for (var each : byOwner.entrySet()) {
            commit(() -> each.getKey().commit(each.getValue(), timeout));
        }
    }

    private Member owner(TopicPartition partition) {
        return members.stream()
                .map(Running::member)
                .filter(member -> member.holds(partition) || member.works().containsKey(partition))
                .findFirst()
                .orElseThrow(() -> new KafkaException.InvalidRequest("commit in group " + config.groupId() + " of "
                        + partition + ": it is not assigned here now; nothing was committed"));
    }

    private interface Commit {
        void run() throws InterruptedException;
    }

    private void commit(Commit commit) throws InterruptedException {
        try {
            commit.run();
        } catch (Rejoin e) {
            throw new KafkaException.BrokerError(
                    ErrorCode.REBALANCE_IN_PROGRESS, "commit in group " + config.groupId() + ": " + e.getMessage());
        }
    }

    /** Lets handlers finish within {@code revoke.drain.ms}, commits, leaves the group or not ({@code leave.on.close}), ends every thread. */
    @Override
    public void close() {
        close(config.revokeDrain().plus(LEAVE_ALLOWANCE));
    }

    /** The same within about that time. A handler that still runs near the end of it is interrupted; its records come again. */
    public void close(Duration within) {
        close(within, config.leaveOnClose());
    }

    /** The same, with another mind about leaving: a static member that does not come back should. */
    public void close(Duration within, LeaveOnClose leave) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        Duration drain = within.minus(LEAVE_ALLOWANCE);
        Duration least = within.dividedBy(2);
        members.forEach(it -> it.member().close(drain.compareTo(least) > 0 ? drain : least, leave));
        long deadline = System.nanoTime() + within.toNanos();
        try {
            for (Running it : members) {
                if (!it.coroutine().join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                    LOG.warn(
                            "{} did not leave its group within {} ms",
                            it.coroutine().name(),
                            within.toMillis());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // no more time: what is left is interrupted below
        } finally {
            fetchers.close();
            scope.close(Duration.ofSeconds(1));
        }
    }
}
