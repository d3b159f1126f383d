package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what a member has done, one commit at a time, always the newest prefix: while one is in flight, everything that happens
 * meanwhile is the next one. {@link #run} is the body of its virtual thread {@code group-<id>/member-<i>/committer}; the other methods
 * may be called from any thread.
 */
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final Duration IN_BACKGROUND = Duration.ofSeconds(30);

    /** What one generation of a member may commit, and as whom. */
    private record Duty(Membership as, Collection<Progress> progresses) {}

    private static final Duty NONE = new Duty(Membership.NONE, List.of());

    private final OffsetCommits commits;
    private final ConsumerConfig config;
    private final String name;
    private final Consumer<RuntimeException> onTrouble;
    private final Signal due = new Signal();
    private final ReentrantLock oneInFlight = new ReentrantLock();
    private volatile Duty duty = NONE;

    /** {@code onTrouble} is told of a commit that failed: a {@link Rejoin}, or the {@link KafkaException}. It must not block. */
    Committer(OffsetCommits commits, ConsumerConfig config, String name, Consumer<RuntimeException> onTrouble) {
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
                    case INTERVAL -> () -> {};
                    case EVERY_ADVANCE -> due::raise;
                    case EVERY_CHUNK ->
                        () -> {
                            if (progress.incomplete() == 0) {
                                due.raise();
                            }
                        };
                });
    }

    /** Commits when it is time, until interrupted. */
    void run() throws InterruptedException {
        boolean byTheClock = config.commitMode() == CommitMode.INTERVAL;
        while (true) {
            if (byTheClock) {
                due.await(config.autoCommitInterval().toNanos());
            } else {
                due.await();
            }
            try {
                commitNow(IN_BACKGROUND);
            } catch (Rejoin | KafkaException e) {
                LOG.debug("{}: commit failed: {}", name, e.getMessage());
                onTrouble.accept(e);
                due.raise(); // what it did not commit is still to be committed, by whoever is in charge then
                pauseAfterTrouble();
            }
        }
    }

    private void pauseAfterTrouble() throws InterruptedException {
        Thread.sleep(Duration.ofMillis(200));
    }

    /** Commits offsets that no handler has reached: where partitions start or go on by {@code auto.offset.reset}. Throws as {@link #commitNow}. */
    void commitReset(Map<TopicPartition, Long> offsets, Duration timeout) throws InterruptedException {
        oneInFlight.lockInterruptibly();
        try {
            commits.commit(duty.as(), offsets, timeout, (tp, at) -> LOG.debug("{}: {} is reset to {}", name, tp, at));
        } finally {
            oneInFlight.unlock();
        }
    }

    /**
     * Commits every prefix that has moved, after the commit that may be in flight.
     *
     * @throws Rejoin when the membership is over
     * @throws KafkaException when the coordinator refuses, or does not answer within the time
     */
    void commitNow(Duration timeout) throws InterruptedException {
        oneInFlight.lockInterruptibly();
        try {
            Duty now = duty;
            Map<TopicPartition, Progress> moved = new HashMap<>();
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (Progress progress : now.progresses()) {
                if (progress.needsCommit()) {
                    moved.put(progress.partition(), progress);
                    offsets.put(progress.partition(), progress.committable());
                }
            }
            if (!offsets.isEmpty()) {
                commits.commit(now.as(), offsets, timeout, (tp, next) -> {
                    if (!moved.get(tp).committed(next)) {
                        LOG.debug("{}: {} was committed at {} after it was taken away", name, tp, next);
                    }
                });
            }
        } finally {
            oneInFlight.unlock();
        }
    }
}
