package dev.kafkaloom.consumer;

import dev.kafkaloom.consumer.assignor.Owned;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that one member owns, from the moment each is assigned until it is given back or lost; those that the member keeps go on
 * from one generation to the next. All that takes time (finding the start offsets, draining, the listener) happens on coroutines of their
 * own, so that the member's thread can go on with its heartbeats; the methods called by that thread do not block.
 */
final class MemberPartitions {
    private static final Logger LOG = LoggerFactory.getLogger(MemberPartitions.class);
    private static final Duration LOST_COMMIT = Duration.ofSeconds(10);

    private final LocalGroup group;
    private final Committer committer;
    private final Scope scope;
    private final String name;
    private final Signal changed;
    private final ListenerCalls listener;
    private final Map<TopicPartition, Assignment> owned =
            new ConcurrentSkipListMap<>(); // written under the lock of this
    private final Map<TopicPartition, PartitionWork> works = new ConcurrentSkipListMap<>();
    private final Map<TopicPartition, Beginning> beginnings = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Progress> progresses = new ConcurrentSkipListMap<>();
    private final Set<TopicPartition> failing = ConcurrentHashMap.newKeySet();
    private final Set<Assignment> starting = ConcurrentHashMap.newKeySet();
    private volatile Drain drain; // the last one
    private volatile Owned last = Owned.NOTHING;

    /** {@code changed} is raised whenever the member has something to look at. */
    MemberPartitions(LocalGroup group, Committer committer, Scope scope, String name, Signal changed) {
        this.group = group;
        this.committer = committer;
        this.scope = scope;
        this.name = name;
        this.changed = changed;
        this.listener = new ListenerCalls(group.listener(), changed::raise);
        listener.start(scope, name);
    }

    /**
     * The member was given these, in a new generation: what it owns already goes on, what is new begins.
     *
     * @return what it has to give back, because it was not given again
     */
    Collection<TopicPartition> assigned(Membership as, Collection<TopicPartition> given) {
        List<TopicPartition> added =
                given.stream().filter(tp -> !owned.containsKey(tp)).toList();
        Assignment assignment = new Assignment(added, group.offsets(), committer);
        synchronized (this) {
            added.forEach(tp -> {
                beginnings.put(tp, new Beginning(tp, assignment.epoch()));
                owned.put(tp, assignment);
            });
            last = new Owned(List.copyOf(given), as.generation());
            committer.follow(as, progresses.values());
        }
        if (!added.isEmpty()) {
            starting.add(assignment);
            Future<Void> told = listener.assigned(added, assignment.epoch());
            scope.go(name + "/start-" + assignment.epoch(), () -> {
                assignment.run(
                        told,
                        tp -> waits(tp, assignment),
                        this::sought,
                        (tp, at) -> begin(tp, assignment, at),
                        changed);
                if (assignment.failure() == null) {
                    starting.remove(assignment);
                }
            });
        }
        Set<TopicPartition> kept = Set.copyOf(given);
        return owned.keySet().stream().filter(tp -> !kept.contains(tp)).toList();
    }

    private boolean waits(TopicPartition tp, Assignment under) {
        return owned.get(tp) == under && !works.containsKey(tp);
    }

    private Optional<StartAt> sought(TopicPartition tp) {
        return Optional.ofNullable(beginnings.get(tp)).flatMap(Beginning::sought);
    }

    /** Under the lock under which it is also taken away, so that no partition begins after that. */
    private synchronized void begin(TopicPartition tp, Assignment under, StartAt at) {
        if (!waits(tp, under)) {
            return;
        }
        failing.remove(tp);
        beginnings.get(tp).begin(at, from -> beginWork(tp, under, from));
        beginnings.remove(tp);
        if (failing.contains(tp)) {
            changed.raise(); // before there was something to see
        }
    }

    private PartitionWork beginWork(TopicPartition tp, Assignment under, StartAt at) {
        Progress progress = new Progress(tp, under.epoch(), at);
        committer.watch(progress);
        ConsumerConfig config = group.config();
        Policy policy =
                new Policy((_, lost) -> afterLost(tp, under, lost), config.onCorrupt(), config.maxPollRecords());
        progresses.put(tp, progress);
        PartitionWork work = group.work().begin(scope, group.fetchers(), at, progress, policy, () -> failed(tp));
        works.put(tp, work);
        return work;
    }

    private void failed(TopicPartition tp) {
        failing.add(tp);
        changed.raise();
    }

    private StartAt afterLost(TopicPartition tp, Assignment under, LostPosition lost) throws InterruptedException {
        StartAt to = group.offsets().afterLost(tp, lost);
        try {
            committer.commitReset(Map.of(tp, to), it -> owned.get(it) == under, LOST_COMMIT);
        } catch (Rejoin | KafkaException e) {
            LOG.warn(
                    "{}: could not commit that {} goes on at {} yet: {}",
                    name,
                    tp,
                    to,
                    e.getMessage()); // its progress will
        }
        return to;
    }

    /** Begins to give some back: handlers may finish, what is done is committed. {@link #isGivenBack()} tells when it is over. */
    synchronized void giveBack(Collection<TopicPartition> some, Duration drainTimeout) {
        Map<TopicPartition, Assignment> leaving = new HashMap<>();
        Map<TopicPartition, PartitionWork> running = new HashMap<>();
        some.forEach(tp -> {
            leaving.put(tp, owned.remove(tp));
            beginnings.remove(tp);
            Optional.ofNullable(works.get(tp)).ifPresent(work -> running.put(tp, work));
        });
        Drain next = new Drain(name, leaving, running);
        drain = next;
        next.start(scope, drainTimeout, listener, committer, () -> end(running), changed);
    }

    /** It is over at once: all is somebody else's already, or there is no time. Nothing is committed any more. */
    void lose() {
        Map<TopicPartition, Assignment> lost = new HashMap<>();
        Drain before;
        synchronized (this) {
            lost.putAll(owned);
            owned.clear();
            beginnings.clear();
            starting.clear();
            last = Owned.NOTHING;
            before = drain;
            drain = null;
            end(Map.copyOf(works));
            committer.rest(); // last: whoever finds that there is no membership any more finds no partition either
        }
        if (before != null && !before.isOver()) {
            lost.putAll(before.abandon());
        }
        Drain.byEpoch(lost).forEach((epoch, partitions) -> {
            var _ = listener.lost(partitions, epoch); // nobody waits for it: what it throws fails the member
        });
    }

    /** By the works, not by the partitions: those that are lost may have been assigned again meanwhile. */
    private synchronized void end(Map<TopicPartition, PartitionWork> some) {
        some.forEach((tp, work) -> {
            work.progress().fence();
            progresses.remove(tp, work.progress());
            work.stop();
            works.remove(tp, work);
        });
    }

    /** Whether the partition belongs to the member and is not on its way to be given back. */
    boolean holds(TopicPartition partition) {
        return owned.containsKey(partition);
    }

    /** Whether the member may commit for a partition: it is owned, or on its way to be given back. */
    boolean has(TopicPartition partition) {
        return owned.containsKey(partition) || works.containsKey(partition);
    }

    /** All that belongs to the member and is not on its way to be given back. */
    Set<TopicPartition> held() {
        return owned.keySet();
    }

    /** What it was assigned last, whatever has become of it; nothing once it was lost. */
    Owned last() {
        return last;
    }

    /** What it has of that now. */
    Owned kept() {
        return new Owned(List.copyOf(owned.keySet()), last.generation());
    }

    /** Whether nothing is on its way to be given back. */
    boolean isGivenBack() {
        Drain latest = drain;
        return latest == null || latest.isOver();
    }

    /** Whether all partitions have their start offsets and run. */
    boolean isStarted() {
        return works.keySet().containsAll(owned.keySet());
    }

    /** Why the member cannot go on, if it cannot. */
    Optional<RuntimeException> failure() {
        for (TopicPartition tp : failing) {
            Optional<Throwable> failure = work(tp).flatMap(PartitionWork::failure);
            if (failure.isPresent() && owned.containsKey(tp)) {
                return failure.map(it -> new PartitionFailed(tp, it));
            }
        }
        return starting.stream()
                .map(Assignment::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .or(listener::failure);
    }

    /** What it has trouble with while starting, in one line; empty if nothing. */
    String trouble() {
        return starting.stream()
                .map(Assignment::trouble)
                .filter(it -> !it.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** The work on a partition, if it is owned, or on its way to be given back; a {@link Beginning} while it does not run yet. */
    Optional<PartitionWork> work(TopicPartition partition) {
        PartitionWork work = works.get(partition);
        return Optional.ofNullable(work != null ? work : beginnings.get(partition));
    }

    /** All of them, live. */
    Map<TopicPartition, PartitionWork> works() {
        return works;
    }

    /** What a snapshot tells of them. */
    record Figures(List<PartitionSnapshot> partitions, Map<TopicPartition, Long> committed, long incomplete) {}

    /** How they stand. */
    Figures figures() {
        List<PartitionSnapshot> snapshots = new ArrayList<>();
        Map<TopicPartition, Long> committed = new HashMap<>();
        long incomplete = 0;
        for (PartitionWork work : works.values()) {
            Progress progress = work.progress();
            snapshots.add(work.snapshot());
            committed.put(progress.partition(), progress.committed());
            incomplete += progress.incomplete();
        }
        return new Figures(snapshots, committed, incomplete);
    }

    /** Waits until the listener knows everything. */
    void awaitListener(Duration timeout) throws InterruptedException {
        if (!listener.await(timeout)) {
            LOG.warn("{}: the rebalance listener did not end within {} ms", name, timeout.toMillis());
        }
    }
}
