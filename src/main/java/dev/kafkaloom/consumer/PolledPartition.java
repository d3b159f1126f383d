package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An assigned partition whose records are fetched by whoever polls: it has no thread of its own. Who took it from the {@link
 * ReadyPartitions} reads it alone; what it then hands out belongs to that thread until it is {@linkplain #done done}.
 *
 * <p>Decoding and deserializing happen under no lock. Handing out, seeking and stopping happen under this object's, so that each record is
 * handed out either before a seek or not at all, and an acknowledgement of what was handed out before a seek is void.
 */
final class PolledPartition implements PartitionWork {
    private static final Logger LOG = LoggerFactory.getLogger(PolledPartition.class);

    private static final long LOOK_FOR_THREADS = TimeUnit.MILLISECONDS.toNanos(200);

    ReadyPartitions.Turn turn = ReadyPartitions.Turn.IDLE; // guarded by the ReadyPartitions

    private final Polling polling;
    private final Scope scope;
    private final Fetchers fetchers;
    private final TopicPartition partition;
    private final Progress progress;
    private final Policy policy;
    private Mailbox mailbox; // all below guarded by this
    private ChunkReader reader; // made when there is something to read; between take and give back the taker's
    private Mail.Batches opened;
    private int movesAtOpening;
    private boolean reading;
    private int moves;
    private boolean gapTooWide;
    private boolean draining;
    private boolean stopped;
    private PartitionFailed failure;
    private long records;
    private long bytes;
    private volatile long position;

    PolledPartition(Polling polling, Scope scope, Fetchers fetchers, StartAt at, Progress progress, Policy policy) {
        this.polling = polling;
        this.scope = scope;
        this.fetchers = fetchers;
        this.partition = progress.partition();
        this.progress = progress;
        this.policy = policy;
        this.position = at.offset();
        synchronized (this) {
            this.mailbox = subscribe(at);
        }
    }

    private Mailbox subscribe(StartAt at) {
        return fetchers.subscribe(
                partition, progress.assignmentEpoch(), at, () -> polling.ready().arrived(this));
    }

    TopicPartition partition() {
        return partition;
    }

    // ---- for who polls, and took it

    /** Reads until {@code into} is full or nothing is left; whether something may be left. */
    boolean readInto(Gathering into) {
        while (!into.isFull()) {
            if (!open()) {
                return false;
            }
            Chunk chunk = null;
            Deserializing.Result result = null;
            Throwable thrown = null;
            try {
                chunk = reader.next(into.room());
                if (chunk != null) {
                    result = polling.deserializing().apply(chunk.records());
                    thrown = result.stop();
                }
            } catch (Throwable e) { // whatever it is, only this partition ends
                thrown = e;
            }
            handOut(chunk, result, thrown, into);
        }
        return true;
    }

    /** Begins to read on; false when there is nothing to read, or must not be. */
    private synchronized boolean open() {
        if (draining || stopped || failure != null || mailbox.isPaused() || gapIsTooWide()) {
            return false;
        }
        while (opened == null) {
            switch (mailbox.poll()) {
                case null -> {
                    return false;
                }
                case Mail.Batches batches -> open(batches);
                case Mail.Moved _ -> {} // seek() has done all there is to do
                case Mail.Lost lost -> resolve(lost);
                case Mail.Failed failed -> {
                    fail(failed.cause());
                    return false;
                }
            }
        }
        reading = true;
        return true;
    }

    private void open(Mail.Batches batches) {
        if (reader == null) {
            reader = new ChunkReader(
                    partition,
                    progress.assignmentEpoch(),
                    fetchers.config(),
                    policy.onCorrupt(),
                    policy.maxPollRecords());
        }
        reader.open(batches, position);
        opened = batches;
        movesAtOpening = moves;
    }

    private boolean gapIsTooWide() {
        gapTooWide = progress.gap() >= polling.maxGap();
        return gapTooWide;
    }

    private synchronized void handOut(Chunk chunk, Deserializing.Result result, Throwable thrown, Gathering into) {
        reading = false;
        boolean wanted = movesAtOpening == moves && !draining && !stopped;
        if (!wanted || (chunk == null && thrown == null)) {
            closeMail();
            notifyAll();
            return;
        }
        if (result != null) {
            mailbox.hold(reader.decompressedBytes());
            handOut(chunk, result, into);
        }
        if (thrown != null) {
            fail(thrown);
        }
    }

    private void handOut(Chunk chunk, Deserializing.Result result, Gathering into) {
        long next = result.stop() == null ? chunk.next() : result.stop().offset();
        if (next == position) {
            return; // the first record is the one that was rejected
        }
        if (result.records().isEmpty()) {
            progress.skip(next, chunk.leaderEpoch());
        } else {
            progress.delivered(position, next, chunk.leaderEpoch());
            into.add(
                    new Polled(
                            this, moves, partition, result.records(), result.keys(), result.values(), position, next),
                    chunk.bytes());
            records += result.records().size();
            bytes += chunk.bytes();
        }
        position = next;
    }

    /** What was handed out after so many moves is done, from one offset to before another. */
    synchronized void done(int movesThen, long first, long next) {
        if (movesThen != moves) {
            return; // somebody moved the position since: the account has begun anew
        }
        progress.done(first, next);
        if (stopped) {
            polling.acknowledgedLate();
        }
        if (draining && progress.incomplete() == 0) {
            notifyAll();
        }
        if (gapTooWide && !gapIsTooWide()) {
            polling.ready().arrived(this);
        }
    }

    private void closeMail() {
        if (opened != null) {
            reader.close();
            mailbox.release(opened);
            opened = null;
        }
    }

    private void resolve(Mail.Lost lost) {
        int movesThen = moves;
        try {
            scope.go("partition-" + partition + "/reset", () -> {
                try {
                    goOn(movesThen, lost, policy.outOfRange().resolve(partition, lost.position()));
                } catch (InterruptedException e) {
                    throw e;
                } catch (Throwable e) {
                    failUnlessMoved(movesThen, e);
                }
            });
        } catch (CancellationException e) {
            LOG.debug("{} is being closed", partition, e);
        }
    }

    private synchronized void goOn(int movesThen, Mail.Lost lost, StartAt to) {
        if (movesThen == moves && !stopped && !draining) {
            LOG.warn("{} {}; going on at {}", partition, lost.position().why(), to.offset());
            moves++;
            position = to.offset();
            progress.seek(to);
            mailbox.seekFrom(lost, to);
        }
    }

    private synchronized void failUnlessMoved(int movesThen, Throwable thrown) {
        if (movesThen == moves) {
            fail(thrown);
        }
    }

    /** Nothing is fetched or handed out any more until a seek; a poll throws why. */
    private void fail(Throwable thrown) {
        closeMail();
        if (draining || stopped) {
            LOG.debug("{} ended while draining", partition, thrown);
            return;
        }
        failure = new PartitionFailed(partition, thrown);
        LOG.warn("{} stops at offset {}: {}", partition, position, PartitionFailed.inWords(thrown));
        LOG.debug("{} failed", partition, thrown);
        fetchers.unsubscribe(mailbox);
        polling.failed(failure);
    }

    // ---- for anybody

    @Override
    public Progress progress() {
        return progress;
    }

    /** The offset of the next record to be handed out. */
    long position() {
        return position;
    }

    /** How often the position was moved by hand. */
    synchronized int moves() {
        return moves;
    }

    /** How far it can be read, as the leader last said; -1 while unknown. */
    synchronized long end() {
        boolean stable = fetchers.config().isolation() == IsolationLevel.READ_COMMITTED && mailbox.lastStable() >= 0;
        return stable ? mailbox.lastStable() : mailbox.highWatermark();
    }

    @Override
    public boolean drain(Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        synchronized (this) {
            draining = true;
            if (!reading) {
                closeMail();
            }
            fetchers.unsubscribe(mailbox);
            long left = end - System.nanoTime();
            while (!stopped && left > 0 && (reading || (progress.incomplete() > 0 && polling.mayBeDone(this)))) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.clamp(left, 1, LOOK_FOR_THREADS));
                left = end - System.nanoTime();
            }
            return progress.incomplete() == 0;
        }
    }

    @Override
    public synchronized void stop() {
        if (!stopped) {
            stopped = true;
            if (!reading) {
                closeMail();
            }
            fetchers.unsubscribe(mailbox);
            polling.dropped(partition, progress.incomplete());
            notifyAll();
        }
    }

    @Override
    public synchronized void pause() {
        mailbox.pause();
    }

    @Override
    public synchronized void resume() {
        mailbox.resume();
    }

    @Override
    public synchronized boolean isPaused() {
        return mailbox.isPaused();
    }

    /** Also sets a partition going again that had stopped. What was handed out before cannot be acknowledged any more. */
    @Override
    public synchronized void seek(long offset) {
        if (draining || stopped) {
            return;
        }
        moves++;
        if (!reading) {
            closeMail();
        }
        position = offset;
        progress.seek(offset);
        if (failure == null) {
            mailbox.seek(offset);
        } else {
            failure = null;
            boolean paused = mailbox.isPaused();
            mailbox = subscribe(StartAt.offset(offset));
            if (paused) {
                mailbox.pause();
            }
        }
    }

    /** Empty: the member goes on with its other partitions, and {@link #stoppedBy()} tells. */
    @Override
    public Optional<Throwable> failure() {
        return Optional.empty();
    }

    /** Why it stopped, if it did. */
    synchronized Optional<PartitionFailed> stoppedBy() {
        return Optional.ofNullable(failure);
    }

    @Override
    public synchronized PartitionSnapshot snapshot() {
        boolean paused = mailbox.isPaused();
        return new PartitionSnapshot(
                partition,
                position,
                mailbox.highWatermark(),
                mailbox.logStart(),
                records,
                bytes,
                (int) Math.min(Integer.MAX_VALUE, mailbox.bufferedBytes()),
                paused,
                state(paused));
    }

    private String state(boolean paused) {
        if (failure != null) {
            return "failed";
        }
        if (draining || stopped) {
            return stopped ? "stopped" : "draining";
        }
        String trouble = mailbox.trouble();
        if (!trouble.isEmpty()) {
            return "waiting: " + trouble;
        }
        return paused ? "paused" : mailbox.highWatermark() < 0 ? "starting" : "fetching";
    }
}
