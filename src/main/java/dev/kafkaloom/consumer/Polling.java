package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work of partitions that are polled, and what they share: whose turn it is, what went wrong, what was dropped. Thread-safe. */
final class Polling implements Work {
    private static final Logger LOG = LoggerFactory.getLogger(Polling.class);

    private final ReadyPartitions ready = new ReadyPartitions();
    private final Queue<PartitionFailed> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong late = new AtomicLong();
    private final AtomicInteger inBetween = new AtomicInteger();
    private final AtomicLong lateAcks = new AtomicLong();
    private final Deserializing deserializing;
    private final ThreadAccounts accounts;
    private final int maxRecords;
    private final int maxGap;

    /** {@code accounts} null: records are done when they are acknowledged, by whatever thread. */
    Polling(Deserializing deserializing, ConsumerConfig config, ThreadAccounts accounts) {
        this.accounts = accounts;
        this.deserializing = deserializing;
        this.maxRecords = config.maxPollRecords();
        this.maxGap = config.progressMaxGap();
    }

    /** A failure stays the partition's own: {@code failed} is never called. */
    @Override
    public PartitionWork begin(
            Scope scope, Fetchers fetchers, StartAt at, Progress progress, Policy policy, Runnable failed) {
        return new PolledPartition(this, scope, fetchers, at, progress, policy);
    }

    @Override
    public long lateAcks() {
        return lateAcks.get();
    }

    void acknowledgedLate() {
        lateAcks.incrementAndGet();
    }

    /** What there is to read now, of one partition or of several, each in its turn. */
    Gathering read() {
        Gathering into = new Gathering(maxRecords);
        while (!into.isFull()) {
            PolledPartition partition = ready.take();
            if (partition == null) {
                break;
            }
            boolean more = false;
            try {
                more = partition.readInto(into);
            } finally {
                ready.giveBack(partition, more);
            }
        }
        return into;
    }

    ReadyPartitions ready() {
        return ready;
    }

    Deserializing deserializing() {
        return deserializing;
    }

    int maxGap() {
        return maxGap;
    }

    /** The calling thread is about to read; until {@link #ends} it may have records that it does not hold yet. */
    void begins() {
        inBetween.incrementAndGet();
    }

    /** What the calling thread has read, it holds now. */
    void ends() {
        inBetween.decrementAndGet();
    }

    /** Whether a thread that could account for what it got of the partition is alive. */
    boolean mayBeDone(PolledPartition partition) {
        return accounts == null || inBetween.get() > 0 || accounts.isHeld(partition);
    }

    void failed(PartitionFailed why) {
        failures.add(why);
        ready.alarm();
    }

    /** A failure that nobody was told of yet; null when there is none. */
    PartitionFailed takeFailure() {
        return failures.poll();
    }

    /** The partition is taken away with so many offsets handed out that are not done. */
    void dropped(TopicPartition partition, long offsets) {
        if (offsets > 0) {
            late.addAndGet(offsets);
            LOG.warn(
                    "{} is taken away with {} offsets handed out and not done: they will come again",
                    partition,
                    offsets);
        }
    }

    long late() {
        return late.get();
    }
}
