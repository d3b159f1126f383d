package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.coroutine.Turn;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one assigned partition on a {@linkplain PartitionThread thread of its own}: takes mail, decodes it and hands it out, to a handler
 * that runs on this thread or on the lanes of {@link LaneHandOut}. A failure of the handler or of the data ends the loop, and nothing but
 * the loop: what was being handled stays not done, {@link #failure()} tells, and the member reports it. It ends when nothing of the
 * partition is being handled any more.
 *
 * <p>Everything but the reading itself may be called from any thread.
 */
public final class PartitionLoop implements PartitionWork {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionLoop.class);

    private final HandlerWork work;
    private final Fetchers fetchers;
    private final TopicPartition partition;
    private final Mailbox mailbox;
    private final Progress progress;
    private final Policy policy;
    private final ChunkReader reader;
    private final Delivery delivery;
    private final HandOut handOut;
    private final Runnable onFailure;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final PartitionThread thread;
    private final Turn turn = new Turn(); // of the partition's thread
    private volatile boolean made;
    private volatile boolean draining;
    private volatile boolean ended;
    private volatile List<OverdueHandler> overdue = List.of();

    private PartitionLoop(
            HandlerWork work,
            Scope scope,
            Fetchers fetchers,
            StartAt at,
            Progress progress,
            Policy policy,
            Runnable onFailure) {
        this.work = work;
        this.fetchers = fetchers;
        this.partition = progress.partition();
        this.progress = progress;
        this.policy = policy;
        this.onFailure = onFailure;
        this.thread = new PartitionThread(scope, "partition-" + partition, work.onPlatformThread(), reading());
        this.mailbox = fetchers.subscribe(partition, progress.assignmentEpoch(), at, this::lookAgain);
        this.reader = new ChunkReader(
                partition, mailbox.assignmentEpoch(), fetchers.config(), policy.onCorrupt(), policy.maxPollRecords());
        this.delivery = new Delivery(mailbox, progress, reader, at.offset(), work.late());
        this.handOut = work.handOut(delivery, this::failed);
    }

    /**
     * Starts to fetch and to read in order, outside of a group.
     *
     * @param position the first offset to hand out
     * @param assignmentEpoch that of the progress
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
        assert partition.equals(progress.partition()) && assignmentEpoch == progress.assignmentEpoch();
        return start(HandlerWork.of(handler), scope, fetchers, StartAt.offset(position), progress, policy, () -> {});
    }

    /** The work of a group whose partitions are read by loops. */
    static Work work(RecordHandler handler) {
        return HandlerWork.of(handler);
    }

    /** The same with a handler of views. */
    static Work viewWork(ViewHandler handler) {
        return HandlerWork.ofViews(handler);
    }

    /** The same with a handler that is told which offsets its records cover. */
    static Work rangeWork(RangeHandler handler) {
        return HandlerWork.ofRanges(handler);
    }

    /** Starts to fetch and to read; {@code onFailure} is called when {@link #failure()} tells something. */
    static PartitionLoop start(
            HandlerWork work,
            Scope scope,
            Fetchers fetchers,
            StartAt at,
            Progress progress,
            Policy policy,
            Runnable onFailure) {
        PartitionLoop loop = new PartitionLoop(work, scope, fetchers, at, progress, policy, onFailure);
        work.begun(loop);
        loop.made = true;
        loop.thread.wake();
        return loop;
    }

    /** On any thread: the mailbox has something, or is closed. */
    private void lookAgain() {
        if (made) {
            handOut.look();
            thread.wake();
        }
    }

    /** The partition. */
    public TopicPartition partition() {
        return partition;
    }

    @Override
    public boolean drain(Duration deadline) throws InterruptedException {
        draining = true;
        handOut.end();
        fetchers.unsubscribe(mailbox);
        return thread.join(deadline);
    }

    @Override
    public void stop() {
        draining = true;
        fetchers.unsubscribe(mailbox);
        thread.interrupt();
    }

    @Override
    public void pause() {
        mailbox.pause();
        handOut.hold(true);
    }

    @Override
    public void resume() {
        handOut.hold(false);
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
        handOut.forget(); // before the move, or it would forget what is read after it
        mailbox.seek(offset);
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** How many damaged batches were skipped ({@link OnCorrupt#SKIP}). */
    long corruptBatches() {
        return reader.corruptBatches();
    }

    HandOut handOut() {
        return handOut;
    }

    /** Handlers that take too long, for the snapshot. */
    void showOverdue(List<OverdueHandler> handlers) {
        overdue = handlers;
    }

    /** Looked at now and then, so that it is known since when the partition is behind. */
    void noteCaughtUp() {
        long end = mailbox.highWatermark();
        if (end >= 0 && progress.committable() >= end) {
            delivery.times().caughtUp(System.currentTimeMillis());
        }
    }

    @Override
    public PartitionSnapshot snapshot() {
        int buffered = (int) Math.min(Integer.MAX_VALUE, mailbox.bufferedBytes());
        boolean paused = mailbox.isPaused();
        long done = progress.committable();
        long end = mailbox.highWatermark();
        return new PartitionSnapshot(
                partition,
                delivery.position(),
                end,
                mailbox.logStart(),
                delivery.records(),
                delivery.bytes(),
                buffered,
                paused,
                handOut.inHand(),
                overdue,
                done,
                end < 0 || done >= end ? RecordTimes.UNKNOWN : delivery.times().behindSince(done),
                state(paused));
    }

    private String state(boolean paused) {
        if (failure.get() != null) {
            return "failed";
        }
        if (draining || ended) {
            return ended ? "stopped" : "draining";
        }
        String trouble = mailbox.trouble();
        if (!trouble.isEmpty()) {
            return "waiting: " + trouble;
        }
        if (!overdue.isEmpty()) {
            return "handler overdue";
        }
        return paused ? "paused" : mailbox.highWatermark() < 0 ? "starting" : "fetching";
    }

    /** What a handler or the reading threw; by whichever thread. */
    private void failed(Throwable thrown) {
        if (draining || !failure.compareAndSet(null, thrown)) {
            LOG.debug("{} ended while draining with {}", partition, thrown, thrown);
            return;
        }
        onFailure.run();
        handOut.end();
        fetchers.unsubscribe(mailbox);
        if (thrown instanceof InterruptedException) {
            LOG.debug("{} was interrupted", partition, thrown);
            return;
        }
        LOG.warn(
                "{} stops at offset {}: {}",
                partition,
                progress.committable(),
                thrown instanceof KafkaException e ? e.oneLine() : thrown.toString());
        LOG.debug("{} failed", partition, thrown);
    }

    // ---- on the partition's thread

    private PartitionThread.Reading reading() {
        return new PartitionThread.Reading() {
            @Override
            public boolean run() throws InterruptedException {
                return PartitionLoop.this.run();
            }

            @Override
            public void over() {
                handOut.interrupt(); // what runs on lanes, where no thread was left to wait for it
                ended = true;
                fetchers.unsubscribe(mailbox);
                work.ended(PartitionLoop.this);
            }
        };
    }

    /** False when it has had nothing to do for long. */
    private boolean run() throws InterruptedException {
        try {
            if (!readAll()) {
                return false;
            }
            handOut.finish();
            return true;
        } catch (InterruptedException e) {
            handOut.interrupt();
            failed(e);
            throw e;
        }
    }

    private boolean readAll() throws InterruptedException {
        try {
            while (readNext() || !mailbox.isClosed()) {
                if (mailbox.isIdle() && !thread.awaitNews()) {
                    return false;
                }
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable thrown) {
            failed(thrown); // whatever it is, only this partition ends: thrown on, it would cancel the neighbours
        }
        return true;
    }

    /** In a method of its own, so that nothing holds on to the last mail while there is none. False when there was none. */
    private boolean readNext() throws Exception {
        Mail mail = mailbox.poll();
        if (mail != null) {
            read(mail);
        }
        return mail != null;
    }

    private void read(Mail mail) throws Exception {
        switch (mail) {
            case Mail.Batches batches -> readBatches(batches);
            case Mail.Moved moved -> {
                handOut.forget();
                handOut.settle();
                goOn(StartAt.offset(moved.offset()));
            }
            case Mail.Lost lost -> resolve(lost);
            case Mail.Failed failed -> throw failed.cause();
        }
    }

    private void readBatches(Mail.Batches mail) throws Exception {
        reader.open(mail, delivery.position());
        try {
            while (mailbox.awaitTurn(mail) && handOut.next(mail)) {
                turn.pass(); // let heartbeats and the neighbours run
            }
        } catch (GoBack back) {
            LOG.warn(
                    "{} goes back from {} to {}: {}", partition, delivery.position(), back.offset(), back.getMessage());
            seek(back.offset());
        } finally {
            reader.close();
            mailbox.release(mail);
        }
    }

    private void goOn(StartAt at) {
        progress.seek(at);
        delivery.times().moved();
        delivery.moveTo(at.offset());
    }

    private void resolve(Mail.Lost lost) throws Exception {
        handOut.settle(); // what was handed out before is done first
        if (draining || failure.get() != null) {
            return; // and was therefore not done
        }
        StartAt to = policy.outOfRange().resolve(partition, lost.position());
        LOG.warn("{} {}; going on at {}", partition, lost.position().why(), to.offset());
        goOn(to);
        mailbox.seekFrom(lost, to);
    }
}
