package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one assigned partition on a virtual thread of its own, {@code partition-<topic>-<n>}: takes mail, decodes it and calls the handler,
 * chunk after chunk. A failure of the handler or of the data ends the loop, and nothing but the loop: the chunk stays not done, {@link
 * #failure()} tells, and the member reports it.
 *
 * <p>Everything but the reading itself may be called from any thread.
 */
public final class PartitionLoop implements PartitionWork {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionLoop.class);

    private final Fetchers fetchers;
    private final TopicPartition partition;
    private final Mailbox mailbox;
    private final Progress progress;
    private final RecordHandler handler;
    private final Policy policy;
    private final ChunkReader reader;
    private final Runnable onFailure;
    private Coroutine coroutine;
    private volatile long position;
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean draining;
    private volatile boolean ended;
    private volatile Throwable failure;

    private PartitionLoop(
            Fetchers fetchers,
            Mailbox mailbox,
            long position,
            Progress progress,
            RecordHandler handler,
            Policy policy,
            Runnable onFailure) {
        this.onFailure = onFailure;
        this.fetchers = fetchers;
        this.partition = mailbox.partition();
        this.mailbox = mailbox;
        this.position = position;
        this.progress = progress;
        this.handler = handler;
        this.policy = policy;
        this.reader = new ChunkReader(
                partition, mailbox.assignmentEpoch(), fetchers.config(), policy.onCorrupt(), policy.maxPollRecords());
    }

    /**
     * Starts to fetch and to read.
     *
     * @param position the first offset to hand out
     * @param assignmentEpoch the number of this assignment, larger than that of any earlier one in this process
     */
    static PartitionLoop start(
            Scope scope,
            Fetchers fetchers,
            TopicPartition partition,
            long position,
            long assignmentEpoch,
            Progress progress,
            RecordHandler handler,
            Policy policy) {
        return start(
                scope,
                fetchers,
                partition,
                StartAt.offset(position),
                assignmentEpoch,
                progress,
                handler,
                policy,
                () -> {});
    }

    /** The work of a group whose partitions are read by loops. */
    static Work work(RecordHandler handler) {
        return (scope, fetchers, at, progress, policy, failed) -> start(
                scope,
                fetchers,
                progress.partition(),
                at,
                progress.assignmentEpoch(),
                progress,
                handler,
                policy,
                failed);
    }

    private static PartitionLoop start(
            Scope scope,
            Fetchers fetchers,
            TopicPartition partition,
            StartAt at,
            long assignmentEpoch,
            Progress progress,
            RecordHandler handler,
            Policy policy,
            Runnable onFailure) {
        Mailbox mailbox = fetchers.subscribe(partition, assignmentEpoch, at, () -> {});
        PartitionLoop loop = new PartitionLoop(fetchers, mailbox, at.offset(), progress, handler, policy, onFailure);
        loop.coroutine = scope.go("partition-" + partition, loop::run);
        return loop;
    }

    /** The partition. */
    public TopicPartition partition() {
        return partition;
    }

    @Override
    public boolean drain(Duration deadline) throws InterruptedException {
        draining = true;
        fetchers.unsubscribe(mailbox);
        return coroutine.join(deadline);
    }

    @Override
    public void stop() {
        draining = true;
        fetchers.unsubscribe(mailbox);
        coroutine.interrupt();
    }

    @Override
    public void pause() {
        mailbox.pause();
    }

    @Override
    public void resume() {
        mailbox.resume();
    }

    @Override
    public boolean isPaused() {
        return mailbox.isPaused();
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public void seek(long offset) {
        mailbox.seek(offset);
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** How many damaged batches were skipped ({@link OnCorrupt#SKIP}). */
    long corruptBatches() {
        return reader.corruptBatches();
    }

    @Override
    public PartitionSnapshot snapshot() {
        int buffered = (int) Math.min(Integer.MAX_VALUE, mailbox.bufferedBytes());
        boolean paused = mailbox.isPaused();
        return new PartitionSnapshot(
                partition,
                position,
                mailbox.highWatermark(),
                mailbox.logStart(),
                records.get(),
                bytes.get(),
                buffered,
                paused,
                state(paused));
    }

    private String state(boolean paused) {
        if (failure != null) {
            return "failed";
        }
        if (draining || ended) {
            return ended ? "stopped" : "draining";
        }
        String trouble = mailbox.trouble();
        if (!trouble.isEmpty()) {
            return "waiting: " + trouble;
        }
        return paused ? "paused" : mailbox.highWatermark() < 0 ? "starting" : "fetching";
    }

    // ---- on the partition's thread

    private void run() throws InterruptedException {
        try {
            Mail mail = mailbox.take();
            while (mail != null) {
                read(mail);
                mail = mailbox.take();
            }
        } catch (InterruptedException e) {
            if (!draining) {
                failure = e;
                onFailure.run();
            }
            throw e;
        } catch (Throwable thrown) {
            // whatever it is, only this partition ends: thrown on, it would cancel the neighbours
            failed(thrown);
        } finally {
            ended = true;
            fetchers.unsubscribe(mailbox);
        }
    }

    private void failed(Throwable thrown) {
        if (draining) {
            LOG.debug("{} ended while draining with {}", partition, thrown, thrown);
            return;
        }
        failure = thrown;
        onFailure.run();
        LOG.warn(
                "{} stops at offset {}: {}",
                partition,
                position,
                thrown instanceof KafkaException e ? e.oneLine() : thrown.toString());
        LOG.debug("{} failed", partition, thrown);
    }

    private void read(Mail mail) throws Exception {
        switch (mail) {
            case Mail.Batches batches -> readBatches(batches);
            case Mail.Moved moved -> {
                progress.seek(moved.offset());
                position = moved.offset();
            }
            case Mail.Lost lost -> resolve(lost);
            case Mail.Failed failed -> throw failed.cause();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // virtual threads are not time-sliced, see below
    private void readBatches(Mail.Batches mail) throws Exception {
        reader.open(mail, position);
        try {
            while (mailbox.awaitTurn(mail)) {
                Chunk chunk = reader.next();
                if (chunk == null) {
                    return;
                }
                mailbox.hold(reader.decompressedBytes());
                handOut(chunk);
                Thread.yield(); // virtual threads are not time-sliced: let heartbeats and the neighbours run
            }
        } finally {
            mailbox.release(mail);
        }
    }

    private void handOut(Chunk chunk) throws Exception {
        if (chunk.records().isEmpty()) {
            progress.skip(chunk.next());
        } else {
            progress.delivered(chunk.first(), chunk.next());
            handler.handle(partition, chunk.records());
            progress.done(chunk.first(), chunk.next());
            records.addAndGet(chunk.records().size());
            bytes.addAndGet(chunk.bytes());
        }
        position = chunk.next();
    }

    private void resolve(Mail.Lost lost) throws Exception {
        StartAt to = policy.outOfRange().resolve(partition, lost.position());
        LOG.warn("{} {}; going on at {}", partition, lost.position().why(), to.offset());
        progress.seek(to.offset());
        position = to.offset();
        mailbox.seekFrom(lost, to);
    }
}
