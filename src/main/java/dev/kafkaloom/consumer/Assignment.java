package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that one member owns in one generation, from the moment they are assigned until they are given back or lost. All that
 * takes time (finding the start offsets, draining) happens on coroutines of its own, so that the member's thread can go on with its
 * heartbeats; the methods called by that thread do not block.
 */
final class Assignment {
    private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);
    private static final Duration RESET_COMMIT = Duration.ofSeconds(10);
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);
    private static final Duration FINAL_COMMIT = Duration.ofSeconds(10);

    /** A partition at work. */
    private record Owned(PartitionWork work, Progress progress) {}

    private final LocalGroup group;
    private final Membership as;
    private final List<TopicPartition> partitions;
    private final Committer committer;
    private final Scope scope;
    private final String name;
    private final Signal wakeMember;
    private final long epoch = LocalGroup.nextEpoch();
    private final Map<TopicPartition, Owned> owned = new ConcurrentSkipListMap<>();
    private final Map<TopicPartition, Progress> progresses = new ConcurrentSkipListMap<>();
    private Coroutine starter;
    private Coroutine drainer;
    private volatile boolean closed;
    private volatile boolean started;
    private volatile boolean givenBack;
    private volatile RuntimeException startFailure;
    private volatile String trouble = "";

    /** {@code wakeMember} is raised whenever the member has something to look at. */
    Assignment(
            LocalGroup group,
            Membership as,
            List<TopicPartition> partitions,
            Committer committer,
            Scope scope,
            String name,
            Signal wakeMember) {
        this.group = group;
        this.as = as;
        this.partitions = partitions;
        this.committer = committer;
        this.scope = scope;
        this.name = name;
        this.wakeMember = wakeMember;
    }

    /** Begins: start offsets are found, resets committed, then the partitions run. */
    void start() {
        committer.follow(as, progresses.values());
        if (partitions.isEmpty()) {
            started = true;
        } else {
            starter = scope.go(name + "/start", this::startAll);
        }
    }

    private void startAll() throws InterruptedException {
        Duration backOff = FIRST_BACK_OFF;
        try {
            while (!closed && !startOrTrouble()) {
                Thread.sleep(backOff);
                backOff = backOff.compareTo(LONGEST_BACK_OFF) < 0 ? backOff.multipliedBy(2) : LONGEST_BACK_OFF;
            }
        } catch (CancellationException e) {
            LOG.debug("{}: closed while starting", name, e);
        } catch (RuntimeException e) {
            startFailure = e;
        } finally {
            wakeMember.raise();
        }
    }

    /** False when it may work later; if the membership is over, the next heartbeat says so and this is closed. */
    private boolean startOrTrouble() throws InterruptedException {
        try {
            startOnce();
            started = true;
        } catch (Rejoin e) {
            trouble = e.getMessage();
            wakeMember.raise();
        } catch (KafkaException e) {
            if (e.recovery() == KafkaException.Recovery.GIVE_UP) {
                throw e;
            }
            trouble = e.oneLine();
        }
        return started;
    }

    private void startOnce() throws InterruptedException {
        StartOffsets.Starts starts = group.offsets().find(partitions);
        if (!starts.reset().isEmpty()) {
            committer.commitReset(as, offsets(starts.reset()), RESET_COMMIT);
        }
        for (TopicPartition tp : partitions) {
            if (!closed && !owned.containsKey(tp)) {
                startPartition(tp, starts.all().get(tp));
            }
        }
    }

    /** Under the lock that also closes this, so that no partition is started after that. */
    private synchronized void startPartition(TopicPartition tp, StartAt at) {
        if (closed) {
            return;
        }
        Progress progress = new Progress(tp, epoch, at.offset());
        committer.watch(progress);
        progresses.put(tp, progress);
        Policy policy = new Policy(
                this::afterLost, group.config().onCorrupt(), group.config().maxPollRecords());
        PartitionWork work = group.work().begin(scope, group.fetchers(), at, progress, policy, wakeMember::raise);
        owned.put(tp, new Owned(work, progress));
    }

    private static Map<TopicPartition, Long> offsets(Map<TopicPartition, StartAt> of) {
        return of.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().offset()));
    }

    private StartAt afterLost(TopicPartition tp, LostPosition lost) throws InterruptedException {
        StartAt to = group.offsets().afterLost(tp, lost);
        try {
            committer.commitReset(as, Map.of(tp, to.offset()), RESET_COMMIT);
        } catch (Rejoin | KafkaException e) {
            LOG.warn(
                    "{}: could not commit that {} goes on at {} yet: {}",
                    name,
                    tp,
                    to.offset(),
                    e.getMessage()); // its progress will
        }
        return to;
    }

    /** Begins to give everything back: handlers may finish, what is done is committed. {@link #isGivenBack()} tells when it is over. */
    void giveBack(Duration drainTimeout) {
        closeForStarts();
        drainer = scope.go(name + "/drain", () -> {
            try {
                drainAndCommit(drainTimeout);
            } catch (CancellationException e) {
                LOG.debug("{}: cancelled while giving the partitions back", name, e);
            } catch (RuntimeException e) {
                LOG.error("{}: giving the partitions back went wrong", name, e);
            } finally {
                close();
                givenBack = true;
                wakeMember.raise();
            }
        });
    }

    private void drainAndCommit(Duration drainTimeout) throws InterruptedException {
        List<Coroutine> drains = new ArrayList<>();
        owned.forEach((tp, it) -> drains.add(scope.go("partition-" + tp + "/drain", () -> {
            if (!it.work().drain(drainTimeout)) {
                LOG.warn(
                        "{}: the handler of {} did not end within {} ms; what it does from now on will be done again",
                        name,
                        tp,
                        drainTimeout.toMillis());
            }
        })));
        for (Coroutine drain : drains) {
            if (!drain.join(drainTimeout.plusSeconds(1))) {
                drain.interrupt();
            }
        }
        try {
            committer.commitNow(FINAL_COMMIT);
        } catch (Rejoin | KafkaException e) {
            LOG.warn(
                    "{}: could not commit before giving the partitions back, some records will come again: {}",
                    name,
                    e.getMessage());
        }
    }

    /** It is over at once: the partitions are somebody else's already, or there is no time. Nothing is committed any more. */
    void abandon() {
        closeForStarts();
        close();
        if (drainer != null) {
            drainer.interrupt();
        }
    }

    private synchronized void closeForStarts() {
        closed = true;
        if (starter != null) {
            starter.interrupt();
        }
    }

    private void close() {
        committer.rest();
        owned.values().forEach(it -> it.progress().fence());
        owned.values().forEach(it -> it.work().stop());
    }

    /** Whether the partition belongs to it and is not on its way to be given back. */
    boolean holds(TopicPartition partition) {
        return !closed && partitions.contains(partition);
    }

    boolean isGivenBack() {
        return givenBack;
    }

    /** Whether all partitions have their start offsets and run. */
    boolean isStarted() {
        return started;
    }

    /** Why it cannot go on, if it cannot. */
    Optional<RuntimeException> failure() {
        if (startFailure != null) {
            return Optional.of(startFailure);
        }
        for (var it : owned.entrySet()) {
            Optional<Throwable> failure = it.getValue().work().failure();
            if (failure.isPresent()) {
                return Optional.of(new PartitionFailed(it.getKey(), failure.get()));
            }
        }
        return Optional.empty();
    }

    /** What it has trouble with while starting, in one line; empty if nothing. */
    String trouble() {
        return started ? "" : trouble;
    }

    /** The work on a partition, if it is owned and runs. */
    Optional<PartitionWork> work(TopicPartition partition) {
        return Optional.ofNullable(owned.get(partition)).map(Owned::work);
    }

    Collection<Progress> progresses() {
        return progresses.values();
    }

    List<PartitionSnapshot> snapshot() {
        return owned.values().stream().map(it -> it.work().snapshot()).toList();
    }
}
