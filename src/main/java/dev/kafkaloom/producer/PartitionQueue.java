package dev.kafkaloom.producer;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The batches of one partition, the oldest first; that one stays at the head until it is done, so that a retry cannot be overtaken. All
 * of it under the accumulator's lock.
 */
final class PartitionQueue {
    static final int NO_LEADER = -1;

    final Deque<Batch> batches = new ArrayDeque<>();
    boolean inFlight;
    boolean backingOff;
    private long retryAtNanos;
    private final TopicQueues topic;
    private final TopicPartition partition;
    private int leader = NO_LEADER;
    private long leaderGeneration = -1;

    PartitionQueue(TopicQueues topic, int number) {
        this.topic = topic;
        this.partition = new TopicPartition(topic.name(), number);
    }

    TopicQueues topic() {
        return topic;
    }

    TopicPartition partition() {
        return partition;
    }

    int leader() {
        return leader;
    }

    /** Takes the leader of a snapshot, unless it is not newer than what is known, or than what turned out wrong. */
    boolean leader(int nodeId, long generation) {
        if (generation <= leaderGeneration) {
            return false;
        }
        leaderGeneration = generation;
        boolean changed = leader != nodeId;
        leader = nodeId;
        return changed;
    }

    /** The known leader was wrong or is gone: only a newer snapshot may name one again. */
    void loseLeader() {
        leader = NO_LEADER;
    }

    boolean isInFlight(Batch batch) {
        return inFlight && batches.peekFirst() == batch;
    }

    /** The batch that was in flight is tried again, not before then. */
    void retryAt(long nanos) {
        inFlight = false;
        backingOff = true;
        retryAtNanos = nanos;
    }

    /** Nanoseconds until the oldest batch may be sent; 0: now; {@link Long#MAX_VALUE}: not before something happens. */
    long readyIn(long nowNanos, long lingerNanos, int sizeLimit, boolean hurry) {
        Batch head = batches.peekFirst();
        if (inFlight || head == null) {
            return Long.MAX_VALUE;
        }
        if (backingOff) {
            return Math.max(0, retryAtNanos - nowNanos);
        }
        if (hurry || head.isClosed() || batches.size() > 1 || head.bytes() >= sizeLimit) {
            return 0;
        }
        return Math.max(0, lingerNanos - head.ageNanos(nowNanos));
    }
}
