package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Consumes records, as a member of a group or of partitions chosen by hand; polled by any number of threads, gone through as a {@link
 * #stream()}, or with a handler that is {@linkplain #run(RecordHandler) run} for each partition on a virtual thread of its own.
 *
 * <p>At least once: what is committed is the contiguous prefix of what is done. What a thread got from {@link #poll} is done when that same
 * thread polls again or commits, or when it is {@linkplain #ack(Records) acknowledged}; each thread accounts for its own. A thread may take
 * as long as it likes: heartbeats go on without it, and it loses partitions only to a rebalance, which waits {@code revoke.drain.ms} for
 * what it has not done. What is not done then is counted as {@linkplain #late() late} and comes again, here or elsewhere.
 *
 * <p>Thread-safe. Threads that poll get records of one partition in the order of the log, a record each once.
 *
 * @param <K> what keys are deserialized to
 * @param <V> what values are deserialized to
 */
public final class Consumer<K, V> extends ConsumerPartitions implements AutoCloseable {
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration LOOK_AROUND = Duration.ofMillis(500);
    private static final Duration LEAVE_ALLOWANCE = Duration.ofSeconds(8);

    /** Begins to consume. */
    interface Origin {
        Source start(Work work, Scope scope, String name, Runnable onFailure) throws InterruptedException;
    }

    private final Scope scope;
    private final Deserializing deserializing;
    private final boolean explicitAcks;
    private final ThreadAccounts accounts;
    private final CommitQueue commits;

    private Consumer(
            KafkaClient client,
            ConsumerConfig config,
            Polling polling,
            Starting starting,
            ThreadAccounts accounts,
            boolean explicitAcks,
            Scope scope,
            String name) {
        super(client, config, polling, starting);
        this.scope = scope;
        this.deserializing = polling.deserializing();
        this.accounts = accounts;
        this.explicitAcks = explicitAcks;
        this.commits = new CommitQueue(scope, name);
    }

    /** {@code parent} null: a scope of its own. */
    static <K, V> Consumer<K, V> of(
            KafkaClient client,
            ConsumerConfig config,
            Origin origin,
            Deserializing deserializing,
            boolean explicitAcks,
            Scope parent) {
        String name = "consumer-" + MADE.incrementAndGet();
        Scope scope = parent == null ? Scope.open(name) : parent.child(name);
        ThreadAccounts accounts = new ThreadAccounts();
        Polling polling = new Polling(deserializing, config, explicitAcks ? null : accounts);
        Starting starting = new Starting(origin, scope, name, polling.ready()::alarm);
        return new Consumer<>(client, config, polling, starting, accounts, explicitAcks, scope, name);
    }

    /** A consumer of bytes; {@link ConsumerBuilder#deserializers} changes that. */
    public static ConsumerBuilder<byte[], byte[]> builder(KafkaClient client, ConsumerConfig config) {
        return new ConsumerBuilder<>(client, config);
    }

    // ---- records

    /**
     * The next records, of one partition or of several, at most {@code max.poll.records}; none when none came in time. What this thread
     * got before is done now.
     *
     * @throws PartitionFailed the failure of a partition, once; the others go on, and a {@link #seek} sets it going again
     * @throws KafkaException.Closed once it is closed
     * @throws KafkaException what ended the membership, or kept it from beginning: an unknown topic, no access
     */
    public Records<K, V> poll(Duration max) throws InterruptedException {
        long patience = max.compareTo(LONGEST) < 0 ? max.toNanos() : LONGEST.toNanos();
        long deadline = System.nanoTime() + patience;
        Records<K, V> rest = restOfMine();
        if (!rest.isEmpty()) {
            return rest;
        }
        if (starting.await(polling, patience) == null) {
            return Records.none();
        }
        while (true) {
            int seen = polling.ready().alarms();
            throwPartitionFailure(); // before reading, because others may always have something to read
            Records<K, V> records = read();
            if (!records.isEmpty()) {
                return records;
            }
            long left = deadline - System.nanoTime();
            throwPartitionFailure();
            starting.throwFailure();
            if (left <= 0) {
                return Records.none();
            }
            polling.ready().await(seen, Math.min(left, LOOK_AROUND.toNanos()));
        }
    }

    /** Makes done what this thread has seen, and returns what it got and has not seen. */
    private Records<K, V> restOfMine() {
        polling.begins();
        try {
            ThreadAccounts.Held mine = accounts.takeMine();
            if (mine != null && !explicitAcks) {
                mine.settle();
            }
            List<Polled> rest = mine == null || starting.isClosed() ? List.of() : mine.rest();
            return rest.isEmpty() ? Records.none() : handOut(rest);
        } finally {
            polling.ends();
        }
    }

    private Records<K, V> read() {
        polling.begins();
        try {
            List<Polled> parts = polling.read().parts();
            return parts.isEmpty() ? Records.none() : handOut(parts);
        } finally {
            polling.ends();
        }
    }

    private Records<K, V> handOut(List<Polled> parts) {
        if (!explicitAcks) {
            accounts.hold(parts);
        }
        return new Records<>(parts);
    }

    private void throwPartitionFailure() {
        PartitionFailed failure = polling.takeFailure();
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * All records from here on, one after the other; it ends when the consumer is closed. Each call gives an iterator for one thread; what
     * that got is done when it goes on behind the last record of a poll, or commits. It throws as {@link #poll} does; interrupted, it ends
     * and the thread stays interrupted.
     */
    public Iterable<Received<K, V>> stream() {
        return () -> new RecordStream<>(this::nextForStream, accounts, !explicitAcks);
    }

    private Records<K, V> nextForStream() {
        try {
            Records<K, V> records = Records.none();
            while (records.isEmpty()) {
                records = poll(LOOK_AROUND);
            }
            return records;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return null;
        } catch (KafkaException.Closed e) {
            if (starting.isClosed()) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Hands the records of each partition to the handler, on a virtual thread of the partition; returns once it is closed. Nothing
     * else may poll this consumer.
     *
     * @throws PartitionFailed when the handler threw, or a partition cannot be read on
     * @throws KafkaException what ended the membership, or kept it from beginning
     */
    public void run(RecordHandler handler) throws InterruptedException {
        run(PartitionLoop.work(handler));
    }

    /** The same with keys and values deserialized; a record without {@code onRejected} that cannot be stops its partition. */
    public void run(RecordsHandler<K, V> handler) throws InterruptedException {
        run((partition, raw) -> {
            Deserializing.Result result = deserializing.apply(raw);
            if (!result.records().isEmpty()) {
                handler.handle(new Records<>(List.of(Polled.inHandler(partition, result))));
            }
            if (result.stop() != null) {
                throw result.stop(); // which says to seek behind it: what is before must have been handed out
            }
        });
    }

    /** The same with the records where they lie, without a copy: for handlers that have done with each before they look at the next. */
    public void runViews(ViewHandler handler) throws InterruptedException {
        run(PartitionLoop.viewWork(handler));
    }

    private void run(Work work) throws InterruptedException {
        while (starting.await(work, LOOK_AROUND.toNanos()) == null) {} // until it has started, or cannot
        while (!starting.isClosed()) {
            int seen = polling.ready().alarms();
            starting.throwFailureUnlessClosed();
            polling.ready().await(seen, LOOK_AROUND.toNanos());
        }
    }

    /** These are done, whoever got them. */
    public void ack(Records<K, V> records) {
        records.ack();
    }

    /** This one is done, whoever got it and in whatever order. */
    public void ack(Received<K, V> received) {
        received.ack();
    }

    // ---- commits

    /** Commits all that is done, within the client's {@code default.api.timeout.ms}; throws as {@link #commit(Duration)}. */
    public void commit() throws InterruptedException {
        commit(client.config().apiTimeout());
    }

    /**
     * Commits all that is done; what this thread got is done now.
     *
     * @throws KafkaException when the coordinator does not take it within the time, or the group is just being rebalanced
     */
    public void commit(Duration timeout) throws InterruptedException {
        settleMine();
        Source source = started();
        commits.execute(() -> source.commitDone(timeout), timeout);
    }

    /**
     * Commits these offsets whatever is done, within the client's time. Throws as the other.
     *
     * @throws KafkaException.InvalidRequest before anything is committed, when one of the partitions is not assigned
     */
    public void commit(Map<TopicPartition, CommittedOffset> offsets) throws InterruptedException {
        Map<TopicPartition, CommittedOffset> copy = Map.copyOf(offsets);
        Source source = started();
        Duration timeout = client.config().apiTimeout();
        commits.execute(() -> source.commit(copy, timeout), timeout);
    }

    /** {@link #commit()} without waiting; commits are carried out in the order in which they were asked for. */
    public CompletableFuture<Void> commitAsync() throws InterruptedException {
        settleMine();
        Source source = started();
        return commits.submit(() -> source.commitDone(client.config().apiTimeout()));
    }

    /** {@link #commit(Map)} without waiting; commits are carried out in the order in which they were asked for. */
    public CompletableFuture<Void> commitAsync(Map<TopicPartition, CommittedOffset> offsets)
            throws InterruptedException {
        Map<TopicPartition, CommittedOffset> copy = Map.copyOf(offsets);
        Source source = started();
        return commits.submit(() -> source.commit(copy, client.config().apiTimeout()));
    }

    private void settleMine() {
        ThreadAccounts.Held mine = accounts.mine();
        if (mine != null && !explicitAcks) {
            mine.settle();
        }
    }

    /** How many offsets were handed out and not done when their partition was taken away. They come again. */
    public long late() {
        return polling.late();
    }

    // ---- the end

    /** Closes within {@code revoke.drain.ms} and what leaving the group takes. */
    @Override
    public void close() {
        close(config.revokeDrain().plus(LEAVE_ALLOWANCE));
    }

    /**
     * Hands out nothing more; waits for what other threads have got and not done, commits unless the commit mode is manual, and leaves the
     * group, within about that time. What this thread got is done. Those that poll get {@link KafkaException.Closed}, streams end.
     */
    public void close(Duration within) {
        settleMine();
        if (starting.close(within)) {
            commits.close();
            scope.close(Duration.ofSeconds(1));
        }
    }
}
