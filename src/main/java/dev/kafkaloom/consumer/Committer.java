package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what a member has done, one commit at a time, always the newest prefix: while one is in flight, everything that happens
 * meanwhile is the next one. {@link #run} is the body of its virtual thread {@code group-<id>/member-<i>/committer}; the other methods
 * may be called from any thread.
 */
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final Duration AFTER_TROUBLE = Duration.ofMillis(200);
    private static final Duration IN_BACKGROUND = Duration.ofSeconds(5);
    /**
     * Offsets are committed again, moved or not, that often: brokers before 2.1 (KIP-211) forget one that was not committed for a day,
     * even while the group is at work.
     */
    static final Duration REFRESH_ALL = Duration.ofMinutes(10);

    /** What a member may commit, and as whom in the present generation. */
    private record Duty(Membership as, Collection<Progress> progresses) {}

    private static final Duty NONE = new Duty(Membership.NONE, List.of());

    private final OffsetCommits commits;
    private final ConsumerConfig config;
    private final String name;
    private final Consumer<RuntimeException> onTrouble;
    private final Signal due = new Signal();
    private final ReentrantLock oneInFlight = new ReentrantLock();
    private final Duration refreshAll;
    private long allCommittedAt = System.nanoTime(); // guarded by oneInFlight
    private volatile Duty duty = NONE;

    /** {@code onTrouble} is told of a commit that failed: a {@link Rejoin}, or the {@link KafkaException}. It must not block. */
    Committer(
            OffsetCommits commits,
            ConsumerConfig config,
            String name,
            Duration refreshAll,
            Consumer<RuntimeException> onTrouble) {
        this.refreshAll = refreshAll;
        this.commits = commits;
        this.config = config;
        this.name = name;
        this.onTrouble = onTrouble;
    }

    /** From now on it commits for these, a live collection; replaces what it did before. */
    void follow(Membership as, Collection<Progress> progresses) {
        duty = new Duty(as, progresses);
    }

    /** Nothing is to be committed until the next {@link #follow}. */
    void rest() {
        duty = NONE;
    }

    /** Hooks a partition up, so that it is committed as the commit mode wants. */
    void watch(Progress progress) {
        progress.onAdvance(
                switch (config.commitMode()) {
                    case INTERVAL, MANUAL -> () -> {};
                    case EVERY_ADVANCE -> due::raise;
                    case EVERY_CHUNK ->
                        () -> {
                            // on lanes there is always something incomplete: there a chunk is as many as make one
                            if (progress.incomplete() == 0
                                    || progress.committable() - progress.committed() >= config.maxPollRecords()) {
                                due.raise();
                            }
                        };
                });
    }

    /** Commits when it is time, until interrupted; in {@link CommitMode#MANUAL} it never is. */
    void run() throws InterruptedException {
        boolean byTheClock = config.commitMode() == CommitMode.INTERVAL;
        while (config.commitMode() != CommitMode.MANUAL) {
            due.await((byTheClock ? config.autoCommitInterval() : refreshAll).toNanos());
            try {
                commitNow(IN_BACKGROUND);
            } catch (Rejoin | KafkaException e) {
                LOG.debug("{}: commit failed: {}", name, e.getMessage());
                onTrouble.accept(e);
                due.raise(); // what it did not commit is still to be committed, by whoever is in charge then
                Thread.sleep(AFTER_TROUBLE);
            }
        }
    }

    /**
     * Commits given offsets as the member it is now, those of {@code which} then still holds; after the commit that may be in flight.
     * Throws as {@link #commitNow}.
     */
    void commit(Map<TopicPartition, CommittedOffset> offsets, Predicate<TopicPartition> which, Duration timeout)
            throws InterruptedException {
        takeTurn(timeout);
        try {
            Membership as = duty.as(); // first: a membership of later on could commit what was lost with this one
            Map<TopicPartition, CommittedOffset> chosen = new HashMap<>(offsets);
            chosen.keySet().removeIf(tp -> !which.test(tp));
            commits.commit(as, chosen, timeout, (tp, what) -> LOG.debug("{}: {} is committed at {}", name, tp, what));
        } finally {
            oneInFlight.unlock();
        }
    }

    /** {@link #commit} of where partitions start or go on by {@code auto.offset.reset}; nothing in {@link CommitMode#MANUAL}. */
    void commitReset(Map<TopicPartition, StartAt> starts, Predicate<TopicPartition> which, Duration timeout)
            throws InterruptedException {
        if (config.commitMode() != CommitMode.MANUAL) {
            Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
            starts.forEach((tp, at) -> offsets.put(tp, new CommittedOffset(at.offset(), at.leaderEpoch(), "")));
            commit(offsets, which, timeout);
        }
    }

    /** {@link #commitNow}, unless only the program itself commits ({@link CommitMode#MANUAL}). */
    void commitByItself(Duration timeout) throws InterruptedException {
        if (config.commitMode() != CommitMode.MANUAL) {
            commitNow(timeout);
        }
    }

    /**
     * Commits every prefix that has moved, after the commit that may be in flight; every now and then the others as well.
     *
     * @throws Rejoin when the membership is over, or the group is just being rebalanced
     * @throws KafkaException when the coordinator refuses, or does not answer within the time
     */
    void commitNow(Duration timeout) throws InterruptedException {
        takeTurn(timeout);
        try {
            Duty now = duty;
            boolean all = System.nanoTime() - allCommittedAt > refreshAll.toNanos();
            Map<TopicPartition, Progress> chosen = new HashMap<>();
            Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
            for (Progress progress : now.progresses()) {
                if (progress.needsCommit() || (all && !progress.isFenced())) {
                    chosen.put(progress.partition(), progress);
                    StartAt end = progress.committablePosition();
                    offsets.put(progress.partition(), new CommittedOffset(end.offset(), end.leaderEpoch(), ""));
                }
            }
            if (!offsets.isEmpty()) {
                commits.commit(now.as(), offsets, timeout, (tp, what) -> {
                    if (!chosen.get(tp).committed(what.offset())) {
                        LOG.debug("{}: {} was committed at {} after it was taken away", name, tp, what);
                    }
                });
            }
            if (all) {
                allCommittedAt = System.nanoTime();
            }
        } finally {
            oneInFlight.unlock();
        }
    }

    private void takeTurn(Duration timeout) throws InterruptedException {
        if (!oneInFlight.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new KafkaException.RequestTimedOut(name + ": the commit in flight", timeout);
        }
    }
}
