package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * One partition during one assignment, between the {@link BrokerFetcher} that fetches it and the one thread that reads it: the fetch
 * position, the raw batches on their way, and the byte credit that decides whether more is fetched.
 *
 * <p>Thread-safe. The fetcher's thread calls {@link #want} and the {@code received...} methods, the reading thread {@link #poll},
 * {@link #awaitTurn}, {@link #hold} and {@link #release}; anybody pauses, seeks and closes. Wake-ups are called under no lock.
 */
final class Mailbox {
    private final TopicPartition partition;
    private final long assignmentEpoch;
    private final ByteBudget budget;
    private final Runnable budgetFreed;
    private final Runnable arrived;
    private final Deque<Mail> queue = new ArrayDeque<>(1);
    private int epoch;
    private long position;
    private int leaderEpoch; // of the last batch before the position
    private boolean epochRead; // it is that of a batch that came here
    private int limit; // bytes to ask for; grows when the first message does not fit (brokers before 0.10.1)
    private long bytes; // queued or being read
    private long held; // decompressed, of the batch being read
    private boolean outOfCredit; // as the fetcher saw it last
    private long lastCap; // likewise
    private boolean stuck; // out of range or failed: nothing is fetched until a move
    private boolean paused;
    private boolean closed;
    private int failures;
    private String trouble = "";
    private volatile long highWatermark = -1;
    private volatile long logStart = -1;
    private volatile long lastStable = -1;
    private int losses;
    private volatile Uuid topicId = Uuid.ZERO;
    private volatile Placement placement;
    private volatile int preferred = -1;

    /**
     * A mailbox that asks for mail from {@code start} on.
     *
     * @param budgetFreed called when bytes are given back to a budget that was used up
     * @param arrived called when there is something to take
     */
    Mailbox(
            TopicPartition partition,
            long assignmentEpoch,
            StartAt start,
            int limit,
            ByteBudget budget,
            Runnable budgetFreed,
            Runnable arrived) {
        this.partition = partition;
        this.assignmentEpoch = assignmentEpoch;
        this.position = start.offset();
        this.leaderEpoch = start.leaderEpoch();
        this.limit = limit;
        this.budget = budget;
        this.budgetFreed = budgetFreed;
        this.arrived = arrived;
    }

    TopicPartition partition() {
        return partition;
    }

    long assignmentEpoch() {
        return assignmentEpoch;
    }

    // ---- the fetcher's side

    /** Whether the partition is to be fetched: not while it holds its cap, nor, when the budget is used up, while it holds anything. */
    synchronized Want want(long cap, boolean budgetUsedUp) {
        if (closed || paused || stuck) {
            return Want.NOT_NOW;
        }
        lastCap = cap;
        outOfCredit = bytes + held >= cap || (budgetUsedUp && bytes > 0);
        return outOfCredit ? Want.FULL : Want.READY;
    }

    synchronized Position position() {
        return new Position(position, epoch, limit, leaderEpoch);
    }

    /** Whether an answer from {@code asked} still matters. */
    synchronized boolean isCurrent(Position asked) {
        return !closed && asked.epoch() == epoch && asked.offset() == position;
    }

    /** An answer without an error: what it says of the partition, whether or not records came with it. */
    void receivedOffsets(long newHighWatermark, long newLastStable, long newLogStart) {
        highWatermark = newHighWatermark;
        lastStable = newLastStable;
        if (newLogStart >= 0) {
            logStart = newLogStart;
        }
        synchronized (this) {
            failures = 0;
            trouble = "";
        }
    }

    /** Batches came: they are queued, and the position moves behind them. False, and nothing of it, when they are not current. */
    boolean received(Position asked, Mail.Batches mail, StartAt next) {
        return deliver(asked, mail, next);
    }

    /** It cannot go on from there. */
    void receivedLoss(Position asked, LostPosition lost) {
        if (deliver(asked, new Mail.Lost(asked.epoch(), lost), null)) {
            synchronized (this) {
                losses += lost instanceof LostPosition.OutOfRange ? 0 : 1;
            }
        }
    }

    /**
     * The leader's log parts from the one read so far (KIP-320). When nothing was read here yet, the epoch was one to come, as a broker
     * names it for the end of its log, and a leader that came before it wrote anything has never heard of it: no record is missing.
     */
    void receivedDivergence(Position asked, long endOffset, int endEpoch) {
        boolean harmless;
        synchronized (this) {
            harmless = endOffset >= asked.offset() && !epochRead && isCurrent(asked);
            if (harmless) {
                leaderEpoch = endEpoch;
            }
        }
        if (!harmless) {
            receivedLoss(asked, new LostPosition.Truncated(asked.at(), endOffset, endEpoch));
        }
    }

    /** An answer that no retry can better. */
    void receivedFailure(Position asked, KafkaException cause) {
        deliver(asked, new Mail.Failed(asked.epoch(), cause), null);
    }

    private boolean deliver(Position asked, Mail mail, StartAt next) {
        synchronized (this) {
            if (!isCurrent(asked)) {
                return false;
            }
            if (next != null) {
                position = next.offset();
                leaderEpoch = next.leaderEpoch();
                epochRead = true;
                addBytes(mail.bytes());
                budget.take(mail.bytes());
            } else {
                stuck = true;
            }
            queue.add(mail);
            notifyAll();
        }
        arrived.run();
        return true;
    }

    private void addBytes(long count) {
        boolean held = bytes > 0;
        bytes += count;
        if (held != bytes > 0) {
            budget.holds(held ? -1 : 1);
        }
    }

    /** Whether mail lies here unread or half read, so that what comes now will have to wait. */
    synchronized boolean isBehind() {
        return bytes > 0;
    }

    /** The next request asks for this many bytes. */
    synchronized void growLimit(int to) {
        limit = Math.max(limit, to);
    }

    /** A fetch of this partition failed; returns how often in a row. */
    synchronized int failedAgain(String why) {
        trouble = why;
        return ++failures;
    }

    void place(Placement at) {
        placement = at;
    }

    /** Null while it is looking for a leader. */
    Placement placement() {
        return placement;
    }

    /** Fetch from this follower instead of the leader (KIP-392); -1: from the leader. */
    void prefer(int node) {
        preferred = node;
    }

    int preferred() {
        return preferred;
    }

    // ---- the reader's side

    /** The next mail of the current epoch, null when there is none. */
    synchronized Mail poll() {
        return closed || paused ? null : queue.poll();
    }

    /** Whether there is nothing to take until {@code arrived} is called. */
    synchronized boolean isIdle() {
        return !closed && (paused || queue.isEmpty());
    }

    /** Waits while paused. False when this mail is not wanted any more. */
    synchronized boolean awaitTurn(Mail mail) throws InterruptedException {
        while (!closed && paused && mail.epoch() == epoch) {
            wait();
        }
        return !closed && mail.epoch() == epoch;
    }

    /** What the batch being read takes decompressed; replaces what was said before. */
    void hold(long decompressed) {
        long freed;
        synchronized (this) {
            freed = held - decompressed;
            held = decompressed;
        }
        if (freed < 0) {
            budget.take(-freed);
        } else if (freed > 0 && budget.give(freed)) {
            budgetFreed.run();
        }
    }

    /** The mail is read, or thrown away: its bytes, and what was held, are free again. */
    void release(Mail mail) {
        mail.end();
        boolean wake;
        long freed;
        synchronized (this) {
            freed = mail.bytes() + held;
            held = 0;
            addBytes(-mail.bytes());
            wake = outOfCredit && freed > 0 && !closed && bytes < lastCap;
        }
        if (freed > 0 && budget.give(freed)) {
            budgetFreed.run();
        }
        if (wake) {
            wakeFetcher();
        }
    }

    // ---- anybody's

    /** Moves the fetch position: mail under way or queued is dropped, and the reader is told by {@link Mail.Moved}. */
    void seek(long offset) {
        move(StartAt.offset(offset), true, null);
    }

    /** The answer to a lost position: fetches from there, unless somebody moved the position meanwhile. */
    void seekFrom(Mail.Lost resolved, StartAt to) {
        move(to, false, resolved);
    }

    private void move(StartAt to, boolean announce, Mail only) {
        long dropped = 0;
        synchronized (this) {
            if (closed || (only != null && only.epoch() != epoch)) {
                return;
            }
            epoch++;
            position = to.offset();
            leaderEpoch = to.leaderEpoch();
            epochRead = false;
            stuck = false;
            dropped = clear();
            if (announce) {
                queue.add(new Mail.Moved(epoch, to.offset()));
            }
            notifyAll();
        }
        giveBackQueued(dropped);
        wakeFetcher();
        arrived.run();
    }

    void pause() {
        setPaused(true);
        wakeFetcher();
    }

    void resume() {
        setPaused(false);
        wakeFetcher();
        arrived.run();
    }

    private synchronized void setPaused(boolean to) {
        paused = to;
        notifyAll();
    }

    synchronized boolean isPaused() {
        return paused;
    }

    /** No mail is taken in or handed out any more. */
    void close() {
        long dropped;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            epoch++;
            dropped = clear();
            notifyAll();
        }
        giveBackQueued(dropped);
        wakeFetcher();
        arrived.run();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    long highWatermark() {
        return highWatermark;
    }

    long logStart() {
        return logStart;
    }

    /** Where the oldest open transaction begins, as the leader said last; -1 unknown. */
    long lastStable() {
        return lastStable;
    }

    /** How often its log turned out to be another one: truncated, or of a topic made anew. */
    synchronized int losses() {
        return losses;
    }

    /** The id of the topic that the position belongs to. */
    Uuid topicId() {
        return topicId;
    }

    void topicId(Uuid id) {
        topicId = id;
    }

    synchronized long bufferedBytes() {
        return bytes + held;
    }

    /** Why it is not fetched just now, empty when nothing is wrong. */
    synchronized String trouble() {
        return trouble;
    }

    private long clear() {
        long count = 0;
        for (Iterator<Mail> mails = queue.iterator(); mails.hasNext(); mails.remove()) {
            Mail mail = mails.next();
            mail.end();
            count += mail.bytes();
        }
        addBytes(-count);
        return count;
    }

    private void giveBackQueued(long count) {
        if (count > 0 && budget.give(count)) {
            budgetFreed.run();
        }
    }

    private void wakeFetcher() {
        Placement at = placement;
        if (at != null) {
            at.fetcher().changed(this);
        }
    }
}
