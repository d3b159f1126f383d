package dev.kafkaloom.storage.file;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.StorageStats;
import dev.kafkaloom.storage.StorageStats.PartitionStats;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What is stored, in memory: which records wait, which are in whose hands, how much there is. Thread-safe: one lock, which is taken per chunk
 * or lease; what happens per record needs none.
 */
final class Shelf {
    private static final long GLANCE_MILLIS = 100;
    /** What is known of stored records must not fill the heap when they come one by one: half a kilobyte a chunk, an eighth of the heap. */
    private static final long MOST_CHUNKS =
            Math.max(10_000, Runtime.getRuntime().maxMemory() / 8 / 512);

    private final long limitBytes;
    private final long limitRecords;
    /** Is told of deliveries that are to be logged, and of chunks of which records were done. */
    private final Consumer<Frames.Ack> delivered;

    private final Consumer<Chunk> touched;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition(); // room for records, or a partition without any
    private final TreeMap<TopicPartition, StoredPartition> partitions = new TreeMap<>();
    private final ArrayDeque<StoredPartition> ready = new ArrayDeque<>();
    private final Set<FileLease> leases = new LinkedHashSet<>();
    private final AtomicLong records = new AtomicLong(); // stored or about to be, not done
    private long bytes; // of chunks that are not wholly done, or about to be stored
    private long chunks; // likewise
    private long lastToken;
    private long appended;
    private long skipped;
    private long redelivered;
    private boolean closed;

    Shelf(long limitBytes, long limitRecords, Consumer<Frames.Ack> delivered, Consumer<Chunk> touched) {
        this.limitBytes = limitBytes;
        this.limitRecords = limitRecords;
        this.delivered = delivered;
        this.touched = touched;
    }

    StoredPartition partition(TopicPartition name) {
        lock.lock();
        try {
            return partitions.computeIfAbsent(name, StoredPartition::new);
        } finally {
            lock.unlock();
        }
    }

    /** See {@link StoredPartition#begin}; counts what is skipped. */
    long begin(StoredPartition partition, Uuid id, RecordRange range) {
        lock.lock();
        try {
            long from = partition.begin(id, range);
            if (from > range.first()) {
                skipped +=
                        range.records().stream().filter(r -> r.offset() < from).count();
            }
            return from;
        } finally {
            lock.unlock();
        }
    }

    /** The stretch is stored as a whole. */
    void ended(StoredPartition partition, RecordRange range) {
        lock.lock();
        try {
            partition.ended(range);
        } finally {
            lock.unlock();
        }
    }

    /** Takes room for that much, waiting for it; an empty storage has room for everything. */
    void reserve(Chunk chunk, BooleanSupplier wanted) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!hasRoom(chunk)) {
                checkWanted(wanted);
                boolean _ = emptied.await(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
            }
            checkWanted(wanted);
            bytes += chunk.size;
            chunks++;
            records.addAndGet(chunk.count);
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(Chunk chunk) {
        long now = records.get();
        return now == 0
                || (bytes + chunk.size <= limitBytes && now + chunk.count <= limitRecords && chunks < MOST_CHUNKS);
    }

    void checkWanted(BooleanSupplier wanted) throws InterruptedException {
        if (closed) {
            throw new InterruptedException("the storage is closed");
        }
        if (!wanted.getAsBoolean()) {
            throw new InterruptedException("the partition is being given back, its records need not be stored here");
        }
    }

    /** Nothing was stored in that room after all. */
    void giveBack(Chunk chunk) {
        lock.lock();
        try {
            bytes -= chunk.size;
            chunks--;
            records.addAndGet(-chunk.count);
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What was stored may be taken; its room was reserved. */
    void publish(List<Chunk> chunks) {
        lock.lock();
        try {
            for (Chunk chunk : chunks) {
                appended += chunk.count;
                StoredPartition partition = partitions.get(chunk.partition());
                partition.stored(chunk.stored.next());
                put(partition, chunk);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was found in the log; not yet in anybody's hands. */
    void recover(Collection<StoredPartition> found) {
        lock.lock();
        try {
            for (StoredPartition partition : found) {
                partitions.put(partition.name, partition);
                for (Chunk chunk : partition.chunks.values()) {
                    bytes += chunk.size;
                    chunks++;
                    records.addAndGet(chunk.left());
                    partition.waiting.add(new StoredPartition.Piece(chunk, 0, chunk.count));
                }
                offer(partition);
            }
        } finally {
            lock.unlock();
        }
    }

    private void put(StoredPartition partition, Chunk chunk) {
        partition.chunks.put(chunk.seq(), chunk);
        partition.waiting.add(new StoredPartition.Piece(chunk, 0, chunk.count));
        offer(partition);
    }

    private void offer(StoredPartition partition) {
        if (!partition.ready && partition.holder == null && !partition.waiting.isEmpty()) {
            partition.ready = true;
            ready.add(partition);
            filled.signal();
        }
    }

    /** A lease without its records; null when there was nothing for so long, or the storage is closed. */
    FileLease take(int max, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (!closed) {
                StoredPartition partition = ready.poll();
                if (partition == null) {
                    if (left <= 0) {
                        return null;
                    }
                    left = filled.awaitNanos(left);
                } else {
                    partition.ready = false;
                    FileLease lease = lease(partition, max);
                    if (lease != null) {
                        return lease;
                    }
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private FileLease lease(StoredPartition partition, int max) {
        List<StoredPartition.Piece> pieces = new ArrayList<>();
        int count = 0;
        long behind = -1;
        while (count < max && !partition.waiting.isEmpty()) {
            StoredPartition.Piece piece = partition.waiting.first();
            if (piece.chunk().offset(piece.from()) <= behind) {
                break; // stored again after a seek: a lease's offsets rise
            }
            partition.waiting.pollFirst();
            StoredPartition.Piece part = part(piece, max - count);
            if (part.to() < piece.to()) {
                partition.waiting.add(new StoredPartition.Piece(piece.chunk(), part.to(), piece.to()));
            }
            int some = deliver(part);
            if (some > 0) {
                count += some;
                pieces.add(part);
                behind = part.chunk().offset(part.to() - 1);
            }
        }
        if (pieces.isEmpty()) {
            return null;
        }
        FileLease lease = new FileLease(this, partition, pieces, ++lastToken, count);
        leases.add(lease);
        partition.holder = lease;
        return lease;
    }

    /** The beginning of a piece, with at most so many records that are not done. */
    private static StoredPartition.Piece part(StoredPartition.Piece piece, int max) {
        int to = piece.from();
        for (int count = 0; to < piece.to() && count < max; to++) {
            count += piece.chunk().isDone(to) ? 0 : 1;
        }
        return new StoredPartition.Piece(piece.chunk(), piece.from(), to);
    }

    /** Counts the delivery of what is not done of it, and says so to the log: how many. */
    private int deliver(StoredPartition.Piece piece) {
        Chunk chunk = piece.chunk();
        int count = chunk.undone(piece.from(), piece.to());
        if (count == 0) {
            return 0;
        }
        int run = piece.from(); // of records that were handed out equally often
        for (int i = piece.from(); i < piece.to(); i++) {
            int times = chunk.deliveries(i) + 1;
            chunk.deliveries(i, times);
            if (times != chunk.deliveries(run)) {
                delivered.accept(
                        new Frames.Ack(chunk.seq(), chunk.delta(run), chunk.delta(i - 1), chunk.deliveries(run)));
                run = i;
            }
            redelivered += times > 1 && !chunk.isDone(i) ? 1 : 0;
        }
        int last = piece.to() - 1;
        delivered.accept(new Frames.Ack(chunk.seq(), chunk.delta(run), chunk.delta(last), chunk.deliveries(last)));
        return count;
    }

    void passOn(FileLease lease) {
        lock.lock();
        try {
            release(lease);
        } finally {
            lock.unlock();
        }
    }

    private void release(FileLease lease) {
        StoredPartition partition = lease.partition;
        if (partition.holder == lease) {
            partition.holder = null;
            offer(partition);
        }
    }

    /** A record of it was done. */
    void done(Chunk chunk) {
        records.decrementAndGet();
        if (chunk.isDone()) {
            lock.lock();
            try {
                remove(chunk);
            } finally {
                lock.unlock();
            }
        }
        touched.accept(chunk);
    }

    private void remove(Chunk chunk) {
        StoredPartition partition = partitions.get(chunk.partition());
        if (partition.chunks.remove(chunk.seq(), chunk)) {
            bytes -= chunk.size;
            chunks--;
            chunk.leave();
            emptied.signalAll();
        }
    }

    void close(FileLease lease) {
        lock.lock();
        try {
            takeBack(lease);
        } finally {
            lock.unlock();
        }
    }

    /** What was leased could not be read: the delivery does not count. The lease stays until it is closed. */
    void undeliver(FileLease lease) {
        lock.lock();
        try {
            for (StoredPartition.Piece piece : lease.pieces) {
                for (int i = piece.from(); i < piece.to(); i++) {
                    piece.chunk().deliveries(i, piece.chunk().deliveries(i) - 1);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends a lease, and puts back what is not done of it: how many. */
    private long takeBack(FileLease lease) {
        if (!leases.remove(lease)) {
            return 0;
        }
        lease.end();
        long count = 0;
        for (StoredPartition.Piece piece : lease.pieces) {
            int undone = piece.chunk().undone(piece.from(), piece.to());
            if (undone > 0) {
                lease.partition.waiting.add(piece);
                count += undone;
            }
        }
        release(lease);
        offer(lease.partition);
        return count;
    }

    long retransmit() {
        lock.lock();
        try {
            return List.copyOf(leases).stream().mapToLong(this::takeBack).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Makes records done that nobody handled: how many. */
    long clear(boolean leasedOnly) {
        lock.lock();
        try {
            List<StoredPartition.Piece> pieces = new ArrayList<>();
            leases.forEach(lease -> pieces.addAll(lease.pieces));
            retransmit();
            if (!leasedOnly) {
                pieces.clear();
                for (StoredPartition partition : partitions.values()) {
                    partition.chunks.values().forEach(c -> pieces.add(new StoredPartition.Piece(c, 0, c.count)));
                }
            }
            long count = 0;
            for (StoredPartition.Piece piece : pieces) {
                count += clear(piece);
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    private int clear(StoredPartition.Piece piece) {
        int count = 0;
        for (int i = piece.from(); i < piece.to(); i++) {
            if (piece.chunk().markDone(i)) {
                done(piece.chunk());
                count++;
            }
        }
        return count;
    }

    boolean drain(Collection<TopicPartition> names, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (names.stream().anyMatch(this::has)) {
                if (left <= 0 || closed) {
                    return false;
                }
                left = emptied.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean has(TopicPartition name) {
        StoredPartition partition = partitions.get(name);
        return partition != null && !partition.chunks.isEmpty();
    }

    /** Marks of all partitions, for the beginning of a segment. */
    List<Frames.Mark> marks() {
        lock.lock();
        try {
            return partitions.values().stream()
                    .filter(StoredPartition::isMarked)
                    .map(StoredPartition::snapshot)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    StorageStats stats(long lost, Optional<String> trouble) {
        lock.lock();
        try {
            List<PartitionStats> each = partitions.values().stream()
                    .filter(partition -> !partition.chunks.isEmpty())
                    .map(this::stats)
                    .toList();
            long pending = each.stream().mapToLong(PartitionStats::pending).sum();
            long leased = each.stream().mapToLong(PartitionStats::leased).sum();
            return new StorageStats(
                    pending,
                    leased,
                    bytes,
                    limitRecords,
                    limitBytes,
                    appended,
                    skipped,
                    lost,
                    redelivered,
                    trouble,
                    each);
        } finally {
            lock.unlock();
        }
    }

    private PartitionStats stats(StoredPartition partition) {
        long all = partition.chunks.values().stream().mapToLong(Chunk::left).sum();
        long leased = leases.stream()
                .filter(lease -> lease.partition == partition)
                .mapToLong(FileLease::left)
                .sum();
        long pending = Math.max(0, all - leased);
        long oldest = partition.chunks.firstEntry().getValue().timestamp;
        return new PartitionStats(partition.name, pending, leased, partition.mark(), oldest);
    }

    /** The oldest chunks of each partition, those of all partitions in turn, and whether each record is in somebody's hands. */
    List<List<StoredPartition.Piece>> oldest(int max) {
        lock.lock();
        try {
            return partitions.values().stream()
                    .map(partition -> partition.chunks.values().stream()
                            .limit(max)
                            .map(chunk -> new StoredPartition.Piece(chunk, 0, chunk.count))
                            .toList())
                    .filter(pieces -> !pieces.isEmpty())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    boolean isLeased(Chunk chunk, int index) {
        lock.lock();
        try {
            return leases.stream()
                    .flatMap(lease -> lease.pieces.stream())
                    .anyMatch(piece -> piece.chunk() == chunk && index >= piece.from() && index < piece.to());
        } finally {
            lock.unlock();
        }
    }

    long size() {
        return records.get();
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits any more, nothing is handed out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            leases.forEach(FileLease::end);
            filled.signalAll();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
