package dev.kafkaloom.producer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * The batches between {@code send} and the answers of the brokers: filled by any thread, taken by the sender of each leader, bounded in
 * bytes. Thread-safe; one lock, held for no I/O, no compression and no user code. A batch ends exactly once: the one who removes it from
 * its queue ends it.
 */
final class Accumulator {
    private static final long BACKOFF_MAX = TimeUnit.SECONDS.toNanos(1);

    private final ProducerConfig config;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Leaders leaders;
    private final KnownTopics topics;
    private final BufferMemory memory;
    private final BusyPartitions busy;
    private final Condition expiryWork = lock.newCondition();
    private boolean nothingExpires;
    private int flushing;
    private KafkaException closed;

    /** {@code newLeader} is told the node id of each leader once, before anybody waits for its batches. */
    Accumulator(ProducerConfig config, LongSupplier clock, IntConsumer newLeader) {
        this.config = config;
        this.clock = clock;
        this.leaders = new Leaders(lock, newLeader);
        this.topics = new KnownTopics(leaders);
        this.memory = new BufferMemory(lock, config.bufferMemory());
        this.busy = new BusyPartitions(config);
    }

    /** Takes over what a snapshot says of the topics in use, if it is a new one. */
    void observe(Cluster cluster) {
        if (cluster.generation() <= topics.generation()) {
            return;
        }
        lock.lock();
        try {
            topics.observe(cluster);
        } finally {
            lock.unlock();
        }
    }

    /** The queues of a topic that exists. */
    TopicQueues topic(TopicInfo info, long ofGeneration) {
        lock.lock();
        try {
            return topics.topic(info, ofGeneration);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Encodes a record into the batch of a partition.
     *
     * @param mayMove whether another partition would do as well
     * @return null when {@code mayMove} and the partition's batch was full: the topic has moved on to another one
     * @throws KafkaException.RequestTimedOut when there was no memory until the deadline
     */
    Receipt append(
            TopicQueues topic,
            int partition,
            boolean mayMove,
            MessageFormat format,
            ProduceRecord record,
            long deadline)
            throws InterruptedException {
        long timestamp = record.timestamp() == null ? System.currentTimeMillis() : record.timestamp();
        lock.lock();
        try {
            awaitMemory(deadline);
            PartitionQueue queue = topic.partition(partition);
            Batch open = queue.batches.peekLast();
            Receipt receipt = open == null ? null : open.append(format.magic(), timestamp, record);
            if (receipt == null) {
                if (open != null) {
                    closeFull(open);
                }
                if (mayMove && open != null && topic.moveSticky(partition)) {
                    return null;
                }
                open = new Batch(queue, format.magic(), config, busy.batchLimit(), clock.getAsLong());
                receipt = open.append(format.magic(), timestamp, record);
                enqueue(open);
            } else if (open.bytes() >= busy.batchLimit()) {
                closeFull(open);
            }
            memory.charge(open);
            return receipt;
        } finally {
            lock.unlock();
        }
    }

    private void closeFull(Batch batch) {
        if (!batch.isClosed()) {
            batch.close();
            leaders.wake(batch.queue().leader());
        }
    }

    private void enqueue(Batch batch) {
        busy.add(batch);
        if (nothingExpires) {
            expiryWork.signalAll(); // else an older batch expires first
        }
        leaders.wake(batch.queue().leader());
    }

    private void awaitMemory(long deadline) throws InterruptedException {
        checkOpen();
        while (memory.isFull()) {
            if (!memory.isWanted()) {
                leaders.wakeAll(); // nobody lingers while somebody waits
            }
            if (!memory.await(deadline - clock.getAsLong())) {
                throw new KafkaException.RequestTimedOut(
                        "room in the producer's buffer of " + config.bufferMemory()
                                + " bytes (buffer.memory), while batches of " + busy.size()
                                + " partitions wait for their brokers (max.block.ms)",
                        config.maxBlock());
            }
            checkOpen();
        }
    }

    private void checkOpen() {
        if (closed != null) {
            throw closed;
        }
    }

    /** The memory of a batch has changed by its encoding. */
    void recharge(Batch batch) {
        lock.lock();
        try {
            if (!batch.isDone()) {
                memory.charge(batch);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What may be sent to a leader now, at most one batch a partition and one request in size. Waits for it; empty: closed. */
    List<Batch> take(int leader) throws InterruptedException {
        lock.lock();
        try {
            while (closed == null) {
                List<Batch> ready = poll(leader);
                if (!ready.isEmpty()) {
                    return ready;
                }
                leaders.await(leader, busy.readyIn(leader, clock.getAsLong(), isHurried()));
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    /** The same without waiting. */
    List<Batch> poll(int leader) {
        lock.lock();
        try {
            return busy.take(leader, clock.getAsLong(), isHurried());
        } finally {
            lock.unlock();
        }
    }

    private boolean isHurried() {
        return flushing > 0 || memory.isWanted();
    }

    /** The broker has the batch. */
    void delivered(Batch batch, long baseOffset, long appendTime) {
        lock.lock();
        try {
            if (remove(batch)) {
                batch.succeed(baseOffset, appendTime);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The batch cannot be delivered. */
    void failed(Batch batch, KafkaException why) {
        lock.lock();
        try {
            if (remove(batch)) {
                batch.fail(why);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The attempt failed and another may help: after a back-off, and with {@code leaderLost} not before a newer snapshot names the leader.
     */
    void retry(Batch batch, KafkaException why, boolean leaderLost) {
        lock.lock();
        try {
            if (batch.isDone()) {
                return;
            }
            batch.failedOnce(why.oneLine());
            if (batch.attempts() > config.retries()) {
                failed(batch, why);
                return;
            }
            PartitionQueue queue = batch.queue();
            queue.retryAt(clock.getAsLong() + backoff(batch.attempts()));
            if (leaderLost) {
                queue.loseLeader();
            }
            leaders.wake(queue.leader());
            expiryWork.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long backoff(int attempts) {
        long first = config.retryBackoff().toNanos();
        return Math.max(first, Math.min(BACKOFF_MAX, first << Math.min(attempts - 1, 20)));
    }

    private boolean remove(Batch batch) {
        if (!busy.remove(batch)) {
            return false;
        }
        memory.release(batch);
        leaders.wake(batch.queue().leader());
        return true;
    }

    /** Waits until batches are there whose partition has no leader, and names such a partition; empty: closed, or the time is over. */
    Optional<TopicPartition> awaitLeaderless(Duration longest) throws InterruptedException {
        long deadline = clock.getAsLong() + longest.toNanos();
        lock.lock();
        try {
            Optional<TopicPartition> found = busy.leaderless();
            while (found.isEmpty() && closed == null && deadline - clock.getAsLong() > 0) {
                leaders.await(PartitionQueue.NO_LEADER, deadline - clock.getAsLong());
                found = busy.leaderless();
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Fails what is older than the delivery timeout, again and again until it is closed. What is in flight is left to its sender. */
    void expireUntilClosed() throws InterruptedException {
        lock.lock();
        try {
            while (closed == null) {
                long next = expire();
                nothingExpires = next == Long.MAX_VALUE;
                Leaders.await(expiryWork, next);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Fails what is too old now; nanoseconds until the next may be, {@link Long#MAX_VALUE}: nothing is there. */
    long expire() {
        lock.lock();
        try {
            long now = clock.getAsLong();
            long next = Long.MAX_VALUE;
            for (Batch batch : busy.batches()) {
                long left = config.deliveryTimeout().toNanos() - batch.ageNanos(now);
                if (batch.queue().isInFlight(batch)) {
                    continue;
                }
                if (left <= 0) {
                    failed(batch, expired(batch));
                } else {
                    next = Math.min(next, left);
                }
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private KafkaException expired(Batch batch) {
        String tries = batch.attempts() == 0
                ? "never sent: its partition has no leader, or the leader does not answer to the batches before"
                : "attempts: " + batch.attempts() + ", the last one: " + batch.lastAnswer();
        return new KafkaException.RequestTimedOut(batch.what() + " (" + tries + ")", config.deliveryTimeout());
    }

    /** Sends what is there without lingering and waits for it; false: the deadline passed first. */
    boolean flush(Duration timeout) throws InterruptedException {
        long deadline = clock.getAsLong() + timeout.toNanos();
        List<Batch> waited = beginFlush();
        try {
            for (Batch batch : waited) {
                if (!batch.await(Duration.ofNanos(Math.max(0, deadline - clock.getAsLong())))) {
                    return false;
                }
            }
            return true;
        } finally {
            endFlush();
        }
    }

    private List<Batch> beginFlush() {
        lock.lock();
        try {
            flushing++;
            leaders.wakeAll();
            return busy.batches();
        } finally {
            lock.unlock();
        }
    }

    private void endFlush() {
        lock.lock();
        try {
            flushing--;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is taken any more; what is not delivered fails with {@code why}. */
    void close(KafkaException why) {
        lock.lock();
        try {
            if (closed == null) {
                closed = why;
                busy.batches().forEach(batch -> failed(batch, why));
                leaders.wakeAll();
                memory.wake();
                expiryWork.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed != null;
        } finally {
            lock.unlock();
        }
    }

    long usedMemory() {
        lock.lock();
        try {
            return memory.used();
        } finally {
            lock.unlock();
        }
    }
}
