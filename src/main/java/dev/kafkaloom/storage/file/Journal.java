package dev.kafkaloom.storage.file;

import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Whatever came together is written together and synced once: acks first, which may use what room the disk has
 * left, then records. While it cannot write it keeps what it has and tries again; nothing is lost by that but time.
 *
 * <p>Acks alone are written after {@value #GATHER_MILLIS} ms and synced after {@value #ACKS_DURABLE_MILLIS} ms at the latest; deliveries
 * are written at once, since what is delivered may be what ends the process.
 */
final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final int GATHER_MILLIS = 5;
    private static final int ACKS_DURABLE_MILLIS = 500;
    private static final int GROUP_BYTES = 16 << 20;
    private static final Duration FIRST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration MOVE_AGAIN = Duration.ofSeconds(30);

    /** Who wakes the thread where it waits: nobody need, only what is urgent may, everything does. */
    private enum Rest {
        NONE,
        GATHERING,
        IDLE
    }

    private final SegmentLog log;
    private final Shelf shelf;
    private final Reserve reserve;
    private final boolean syncing;
    private final ConcurrentLinkedQueue<Ticket> tickets = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Frames.Ack> deliveries = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Chunk> touched = new ConcurrentLinkedQueue<>();
    private final Set<TopicPartition> noted = ConcurrentHashMap.newKeySet();
    private final AtomicReference<String> trouble = new AtomicReference<>();
    private volatile Rest rest = Rest.NONE;
    private volatile Thread thread;
    private volatile boolean closing;
    private volatile Throwable failure;

    // the thread's own
    private final Mover mover;
    private final List<Ticket> group = new ArrayList<>();
    private final List<Frames.Ack> unwritten = new ArrayList<>();
    private final List<Frames.Ack> unsynced = new ArrayList<>();
    private long unsyncedSince;
    private long notMovedUntil = System.nanoTime();

    /** @param syncing false only to measure what it costs */
    Journal(SegmentLog log, Shelf shelf, Reserve reserve, boolean syncing) {
        this.log = log;
        this.mover = new Mover(log);
        this.shelf = shelf;
        this.reserve = reserve;
        this.syncing = syncing;
    }

    /** To be settled when it is durable. */
    void submit(Ticket ticket) {
        tickets.add(ticket);
        wake(true);
        if (failure != null) {
            ticket.fail(failure);
        }
    }

    void delivered(Frames.Ack delivery) {
        deliveries.add(delivery);
        wake(true);
    }

    void touched(Chunk chunk) {
        if (!chunk.dirty.get() && chunk.dirty.compareAndSet(false, true)) {
            touched.add(chunk);
            wake(false);
        }
    }

    /** The partition's mark, or what is committed, is to be written some time soon. */
    void noted(TopicPartition partition) {
        noted.add(partition);
        wake(false);
    }

    /** Why nothing can be stored now. */
    Optional<String> trouble() {
        Throwable failed = failure;
        return failed != null
                ? Optional.of("the storage's thread has failed: " + failed)
                : Optional.ofNullable(trouble.get());
    }

    private void wake(boolean urgent) {
        Rest now = rest;
        if (now == Rest.IDLE || (urgent && now == Rest.GATHERING)) {
            LockSupport.unpark(thread);
        }
    }

    /** The body of the thread; returns after {@link #close}. */
    void run() throws InterruptedException {
        thread = Thread.currentThread();
        Duration wait = FIRST_WAIT;
        try {
            while (!closing) {
                if (awaitWork()) {
                    wait = cycle() ? FIRST_WAIT : rest(wait);
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException("the storage's thread is told to end");
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
            for (Ticket ticket = tickets.poll(); ticket != null; ticket = tickets.poll()) {
                ticket.fail(e);
            }
            group.forEach(ticket -> ticket.fail(e));
            throw e;
        }
    }

    private boolean awaitWork() {
        if (isUrgent()) {
            return true;
        }
        rest = Rest.IDLE;
        if (!isUrgent() && !isTouched()) {
            long left = unsynced.isEmpty() ? Long.MAX_VALUE : dueIn();
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            }
        }
        rest = Rest.GATHERING;
        if (!isUrgent() && isTouched()) {
            LockSupport.parkNanos(this, Duration.ofMillis(GATHER_MILLIS).toNanos());
        }
        rest = Rest.NONE;
        return isUrgent() || isTouched() || (!unsynced.isEmpty() && dueIn() <= 0);
    }

    private boolean isUrgent() {
        return closing || !tickets.isEmpty() || !deliveries.isEmpty() || !unwritten.isEmpty() || !group.isEmpty();
    }

    private boolean isTouched() {
        return !touched.isEmpty() || !noted.isEmpty();
    }

    private long dueIn() {
        return unsyncedSince + Duration.ofMillis(ACKS_DURABLE_MILLIS).toNanos() - System.nanoTime();
    }

    /** After a failure: something may be deleted, or the disk be mended. */
    private Duration rest(Duration wait) {
        LockSupport.parkNanos(this, wait.toNanos());
        Duration doubled = wait.multipliedBy(2);
        return doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
    }

    /** Writes what there is; false when it could not be written. */
    private boolean cycle() {
        gather();
        try {
            writeAcks();
            List<Chunk> stored = writeRecords();
            if (!group.isEmpty() || (!unsynced.isEmpty() && dueIn() <= 0)) {
                sync();
            }
            shelf.publish(stored);
            group.forEach(Ticket::settle);
            group.clear();
            healed();
            clean();
            return true;
        } catch (IOException e) {
            troubled(e);
            clean(); // what is done may make the room that is missing
            return false;
        }
    }

    private void gather() {
        for (Chunk chunk = touched.poll(); chunk != null; chunk = touched.poll()) {
            chunk.dirty.set(false);
            chunk.newlyDone(unwritten);
        }
        for (Frames.Ack ack = deliveries.poll(); ack != null; ack = deliveries.poll()) {
            unwritten.add(ack);
        }
    }

    private void writeAcks() throws IOException {
        if (unwritten.isEmpty() && noted.isEmpty()) {
            return;
        }
        List<TopicPartition> names = List.copyOf(noted);
        noted.removeAll(names);
        try {
            log.begin();
            log.putAcks(unwritten);
            log.putNotes(shelf.marks(names));
            log.flush();
        } catch (IOException e) {
            log.undo();
            noted.addAll(names);
            throw e;
        }
        if (unsynced.isEmpty()) {
            unsyncedSince = System.nanoTime();
        }
        unsynced.addAll(unwritten);
        unwritten.clear();
    }

    /** Takes up what waits to be stored, after what an earlier try has left. */
    private List<Chunk> writeRecords() throws IOException {
        group.removeIf(ticket -> !ticket.begin());
        long bytes = 0;
        for (Ticket next = tickets.peek(); next != null && bytes < GROUP_BYTES; next = tickets.peek()) {
            tickets.remove();
            if (next.begin()) {
                group.add(next);
                bytes += next.chunk == null ? 0 : next.batch().remaining();
            }
        }
        List<Chunk> chunks = new ArrayList<>();
        if (group.stream().noneMatch(ticket -> ticket.chunk != null)) {
            return chunks;
        }
        try {
            reserve.check();
            log.begin();
            for (Ticket ticket : group) {
                if (ticket.chunk != null) {
                    ticket.chunk.moveTo(log.putStored(Frames.RECORDS, ticket.chunk.stored, ticket.batch()));
                    chunks.add(ticket.chunk);
                }
            }
            log.flush();
            return chunks;
        } catch (IOException e) {
            log.undo();
            displace(group);
            throw e;
        }
    }

    private void sync() throws IOException {
        if (syncing) {
            try {
                log.force();
            } catch (IOException e) {
                unwritten.addAll(0, unsynced);
                unsynced.clear();
                displace(group);
                log.abandon();
                throw e;
            }
        }
        unsynced.clear();
    }

    private static void displace(List<Ticket> tickets) {
        for (Ticket ticket : tickets) {
            if (ticket.chunk != null) {
                ticket.chunk.moveTo(null);
            }
        }
    }

    /** Deletes files, and makes others deletable. That it fails hinders nobody. */
    private void clean() {
        try {
            log.reclaim();
            if (System.nanoTime() - notMovedUntil > 0 && mover.isDue(shelf.bytes())) {
                mover.move();
                sync();
                mover.settle();
            }
        } catch (IOException e) {
            log.undo();
            mover.revert();
            notMovedUntil = System.nanoTime() + MOVE_AGAIN.toNanos();
            LOG.warn("{}: what is done cannot be cleared away now: {}", reserve.folder(), e.toString());
        }
    }

    private void healed() {
        String before = trouble.getAndSet(null);
        if (before != null) {
            LOG.info("{}: it can be written again", reserve.folder());
        }
    }

    private void troubled(IOException e) {
        group.forEach(Ticket::putBack);
        String why = reserve.folder() + " cannot be written: " + e.getMessage();
        if (!why.equals(trouble.getAndSet(why))) {
            LOG.warn(
                    "{}; nothing is stored until it can be, and {} acks wait in memory; it is tried again by itself",
                    why,
                    unwritten.size());
        }
        LOG.debug("the storage in {}", reserve.folder(), e);
    }

    /** Has the thread end; what is left is then written by {@link #finish}. */
    void close() {
        closing = true;
        LockSupport.unpark(thread);
    }

    /** The last write, when the thread has ended, whatever ended it. */
    void finish() {
        boolean interrupted = Thread.interrupted(); // or the interrupt would close the file
        try {
            gather();
            writeAcks();
            sync();
            log.reclaim();
        } catch (IOException e) {
            LOG.warn(
                    "{}: {} acks could not be written at the end, so their records are handed out again at the next start: {}",
                    reserve.folder(),
                    unwritten.size(),
                    e.toString());
        } finally {
            log.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        for (Ticket ticket = tickets.poll(); ticket != null; ticket = tickets.poll()) {
            ticket.close();
        }
        group.forEach(Ticket::close);
    }
}
