package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One member of a group in this process, whatever protocol it speaks: {@link ClassicMember} (JoinGroup); those of KIP-848 and of share
 * groups would be others. {@link #run} is the body of its virtual thread, which alone talks to the coordinator for this member; the other
 * methods may be called from any thread and do not block, the commits apart.
 */
interface Member {
    /** What it is doing. */
    enum State {
        JOINING,
        SYNCING,
        STARTING,
        STABLE,
        DRAINING,
        LEAVING,
        LEFT,
        FAILED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Runs until it is closed, or fails for good; its state tells which. */
    void run() throws InterruptedException;

    State state();

    /** Of the group, as this member knows it; -1 outside of any. */
    int generation();

    MemberSnapshot snapshot();

    /** Makes it give back its partitions, letting handlers run on for so long, and leave or not; {@link #run} then returns. */
    void close(Duration drain, LeaveOnClose leave);

    /** Makes it look around at once. */
    void wake();

    /**
     * Commits what is done.
     *
     * @throws Rejoin when the membership is over
     * @throws KafkaException when the coordinator refuses, or does not answer within the time
     */
    void commitNow(Duration timeout) throws InterruptedException;

    /** Commits these, as far as this member owns them; throws as {@link #commitNow}. */
    void commit(Map<TopicPartition, CommittedOffset> offsets, Duration timeout) throws InterruptedException;

    /** What it has failed with, for good. */
    Optional<RuntimeException> failure();

    /** All its partitions at work, live: those on their way to be given back, too. */
    Map<TopicPartition, PartitionWork> works();

    /** A partition at work, if this member owns it. */
    Optional<PartitionWork> work(TopicPartition partition);

    /** Whether this member owns a partition and goes on with it. */
    boolean holds(TopicPartition partition);
}
