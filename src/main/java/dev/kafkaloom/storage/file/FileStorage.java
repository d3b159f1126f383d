package dev.kafkaloom.storage.file;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StorageStats;
import dev.kafkaloom.storage.StoredRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in a folder of this machine ({@code KAFKA_MESSAGE_STORAGE=FILE}), for one process and one group. What {@link #append} has
 * returned for survives the end of the process and of the machine; acks and delivery counts survive the end of the process, and half a second later
 * that of the machine. Thread-safe.
 */
public final class FileStorage implements Storage {
    private static final Logger LOG = LoggerFactory.getLogger(FileStorage.class);
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final long GLANCE_MILLIS = 100;
    private static final Duration READ_AGAIN = Duration.ofSeconds(1);
    private static final long RESERVE = 16 << 20;

    private final StorageConfig.File config;
    private final FolderLock lock;
    private final Shelf shelf;
    private final Journal journal;
    private final ChunkReader reader;
    private final Coroutine thread;
    private final AtomicLong nextSeq;
    private final long lost;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Queue<Unreadable> unreadable = new ConcurrentLinkedQueue<>();

    /** A lease whose records could not be read, until it is given back to be tried again. */
    private record Unreadable(FileLease lease, String why, long again) {}

    /** What is in a folder. */
    public record Contents(StorageStats stats, List<StoredRecord> records) {}

    private FileStorage(
            StorageConfig.File config, String group, Scope scope, Disk disk, boolean syncing, FolderLock lock)
            throws IOException {
        this.config = config;
        this.lock = lock;
        Recovery.Found found = Recovery.of(config.dir(), disk, group);
        this.nextSeq = new AtomicLong(found.nextSeq());
        this.lost = found.lost();
        this.reader = new ChunkReader();
        this.shelf = new Shelf(new Room(config.limitBytes(), config.limitRecords()), this::delivered, this::touched);
        shelf.recover(found.partitions());
        int segment = Math.clamp(config.limitBytes() / 4, 1 << 16, config.segmentBytes());
        SegmentLog log = new SegmentLog(
                disk,
                config.dir(),
                segment,
                found.segments(),
                previous -> Frames.state(new Frames.State(group, nextSeq.get(), previous, shelf.marks())));
        this.journal = new Journal(log, shelf, new Reserve(disk, config.dir(), Math.min(RESERVE, segment)), syncing);
        this.thread = scope.goPlatform("storage", journal::run);
    }

    /**
     * Opens the folder, or makes it, and takes up what is in it.
     *
     * @param group whose records they are
     * @throws IOException when it cannot be read or written, belongs to a living process, or has records of another group
     */
    public static FileStorage open(StorageConfig.File config, String group, Scope scope) throws IOException {
        return open(config, group, scope, Disk.REAL, true);
    }

    static FileStorage open(StorageConfig.File config, String group, Scope scope, Disk disk, boolean syncing)
            throws IOException {
        FolderLock lock = FolderLock.take(config.dir());
        try {
            return new FileStorage(config, group, scope, disk, syncing, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Looks into a folder and changes nothing; also while a process has it, and then at what is on the disk already.
     *
     * @param max at most so many records, the oldest of each partition
     * @throws IOException when there is none, or it cannot be read
     */
    public static Contents inspect(Path folder, int max) throws IOException, InterruptedException {
        Recovery.Found found = Recovery.look(folder);
        Shelf shelf = new Shelf(new Room(Long.MAX_VALUE, Long.MAX_VALUE), _ -> {}, _ -> {});
        shelf.recover(found.partitions());
        return new Contents(shelf.stats(found.lost(), Optional.empty()), new ChunkReader().peek(shelf, max));
    }

    private void delivered(Frames.Ack delivery) {
        journal.delivered(delivery);
    }

    private void touched(Chunk chunk) {
        if (chunk.isDone()) {
            reader.forget(chunk);
        }
        journal.touched(chunk);
    }

    @Override
    public long append(Uuid topicId, RecordRange range, BooleanSupplier wanted) throws InterruptedException {
        StoredPartition partition = shelf.partition(range.partition());
        partition.appending.lockInterruptibly();
        try {
            shelf.checkWanted(wanted);
            long from = shelf.begin(partition, topicId, range);
            if (from < range.first()) {
                return from;
            }
            store(new Chunking(range, partition.topicId(), from, config), wanted);
            shelf.ended(partition, range);
            return range.next();
        } finally {
            partition.appending.unlock();
        }
    }

    private void store(Chunking chunking, BooleanSupplier wanted) throws InterruptedException {
        Deque<Ticket> tickets = new ArrayDeque<>();
        try {
            while (chunking.next(nextSeq)) {
                Ticket ticket = chunking.ticket();
                shelf.reserve(ticket.chunk, wanted);
                reader.keep(ticket.chunk, chunking.records());
                tickets.add(ticket);
                journal.submit(ticket);
            }
            for (Ticket ticket : tickets) {
                while (!ticket.await(GLANCE_MILLIS)) {
                    shelf.checkWanted(wanted);
                }
            }
        } catch (InterruptedException e) {
            drop(tickets);
            throw e;
        }
    }

    /** From the last one back, and no further than one that is being written: what is stored never has a hole. */
    private void drop(Deque<Ticket> tickets) {
        for (Ticket ticket = tickets.pollLast(); ticket != null && ticket.drop(); ticket = tickets.pollLast()) {
            reader.forget(ticket.chunk);
            shelf.giveBack(ticket.chunk);
        }
    }

    /** What was damaged on the disk, and is to be had from the broker once more. */
    @Override
    public OptionalLong lostSince(TopicPartition partition, long committed) {
        return shelf.lostSince(partition, committed);
    }

    @Override
    public void committed(TopicPartition partition, long offset) {
        if (shelf.committed(partition, offset)) {
            journal.noted(partition);
        }
    }

    @Override
    public Lease take(int max, Duration wait) throws InterruptedException {
        long until = System.nanoTime() + wait.toNanos();
        while (true) {
            retryUnreadable();
            FileLease lease = shelf.take(max, until - System.nanoTime());
            if (lease == null || load(lease)) {
                return lease;
            }
        }
    }

    /** False when it could not be read: then its partition rests for a while, as others go on. */
    private boolean load(FileLease lease) throws InterruptedException {
        try {
            lease.load(reader.read(lease));
            return true;
        } catch (InterruptedException e) {
            shelf.undeliver(lease);
            lease.close();
            throw e;
        } catch (IOException | KafkaException.MalformedMessage e) {
            shelf.undeliver(lease);
            if (unreadable.isEmpty()) {
                LOG.error(
                        "{}: stored records cannot be read, none of that partition are handed out; it is tried again by itself: {}",
                        lease.partition(),
                        e.getMessage());
            }
            unreadable.add(new Unreadable(lease, e.getMessage(), System.nanoTime() + READ_AGAIN.toNanos()));
            return false;
        }
    }

    private void retryUnreadable() {
        long now = System.nanoTime();
        List<Unreadable> due =
                unreadable.stream().filter(each -> now - each.again() > 0).toList();
        for (Unreadable each : due) {
            unreadable.remove(each);
            each.lease().close();
        }
    }

    private Optional<String> trouble() {
        return journal.trouble()
                .or(() ->
                        unreadable.stream().findFirst().map(each -> each.lease().partition() + ": " + each.why()));
    }

    @Override
    public StorageStats stats() {
        return shelf.stats(lost, trouble());
    }

    @Override
    public List<StoredRecord> peek(int max) throws IOException, InterruptedException {
        return reader.peek(shelf, max);
    }

    @Override
    public long retransmit(boolean all) {
        return all ? shelf.retransmit() : 0; // leases are this process's own: none can be a dead one's
    }

    @Override
    public long clear(boolean leasedOnly) throws InterruptedException {
        long count = shelf.clear(leasedOnly);
        Ticket written = Ticket.barrier();
        journal.submit(written);
        boolean _ = written.await(CLOSE.toMillis());
        return count;
    }

    @Override
    public boolean drain(Collection<TopicPartition> partitions, Duration timeout) throws InterruptedException {
        return shelf.drain(partitions, timeout.toNanos());
    }

    @Override
    public void owned(Collection<TopicPartition> partitions, boolean now) {
        // one process has it all
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        shelf.close();
        journal.close();
        boolean interrupted = Thread.interrupted();
        try {
            if (!thread.join(CLOSE)) {
                LOG.warn(
                        "{}: the disk does not answer; acks that are not written are lost, their records come again",
                        config.dir());
                return;
            }
            journal.finish();
        } catch (InterruptedException _) {
            interrupted = true;
        } finally {
            unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void unlock() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.debug("giving back {}", config.dir(), e);
        }
    }
}
