package dev.kafkaloom.storage.file;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.StorageStats;
import dev.kafkaloom.storage.StorageStats.PartitionStats;
import dev.kafkaloom.storage.file.StoredPartition.Piece;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What is stored, in memory: which records wait, which are in whose hands, how much there is. Thread-safe: one lock, which is taken per
 * chunk or lease; what happens per record needs none.
 */
final class Shelf {
    private static final long GLANCE_MILLIS = 100;
    private final Room room;
    private final Deliveries deliveries;
    private final Consumer<Chunk> touched;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition(); // room for records, or a partition without any
    private final TreeMap<TopicPartition, StoredPartition> partitions = new TreeMap<>();
    private final ArrayDeque<StoredPartition> ready = new ArrayDeque<>();
    private final Set<FileLease> leases = new LinkedHashSet<>();
    private long lastToken;
    private long appended;
    private long skipped;
    private boolean closed;

    /**
     * @param delivered is told of deliveries, which are to be logged
     * @param touched is told of chunks of which records were done
     */
    Shelf(Room room, Consumer<Frames.Ack> delivered, Consumer<Chunk> touched) {
        this.room = room;
        this.deliveries = new Deliveries(delivered);
        this.touched = touched;
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    StoredPartition partition(TopicPartition name) {
        return locked(() -> partitions.computeIfAbsent(name, StoredPartition::new));
    }

    /** See {@link StoredPartition#begin}; counts what is skipped. */
    long begin(StoredPartition partition, Uuid id, RecordRange range) {
        return locked(() -> {
            long from = partition.begin(id, range);
            if (from > range.first()) {
                skipped +=
                        range.records().stream().filter(r -> r.offset() < from).count();
            }
            return from;
        });
    }

    OptionalLong lostSince(TopicPartition name, long committed) {
        return locked(
                () -> partitions.containsKey(name) ? partitions.get(name).lostSince(committed) : OptionalLong.empty());
    }

    /** False when that was known, or nothing of it was ever stored. */
    boolean committed(TopicPartition name, long offset) {
        return locked(() -> partitions.containsKey(name) && partitions.get(name).committed(offset));
    }

    /** The stretch is stored as a whole. */
    void ended(StoredPartition partition, RecordRange range) {
        locked(() -> partition.ended(range));
    }

    /** Takes room for that, waiting for it. */
    void reserve(Chunk chunk, BooleanSupplier wanted) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!room.has(chunk)) {
                checkWanted(wanted);
                boolean _ = emptied.await(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
            }
            checkWanted(wanted);
            room.take(chunk, chunk.count);
        } finally {
            lock.unlock();
        }
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
        locked(() -> {
            room.giveBack(chunk, chunk.count);
            emptied.signalAll();
        });
    }

    /** What was stored may be taken; its room was reserved. */
    void publish(List<Chunk> chunks) {
        locked(() -> {
            for (Chunk chunk : chunks) {
                appended += chunk.count;
                StoredPartition partition = partitions.get(chunk.partition());
                partition.stored(chunk.stored.next());
                partition.chunks.put(chunk.seq(), chunk);
                partition.waiting.add(new Piece(chunk, 0, chunk.count));
                offer(partition);
            }
        });
    }

    /** What was found in the log; not yet in anybody's hands. */
    void recover(Collection<StoredPartition> found) {
        locked(() -> {
            for (StoredPartition partition : found) {
                partitions.put(partition.name, partition);
                for (Chunk chunk : partition.chunks.values()) {
                    room.take(chunk, chunk.left());
                    partition.waiting.add(new Piece(chunk, 0, chunk.count));
                }
                offer(partition);
            }
        });
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
        List<Piece> pieces = deliveries.next(partition, max);
        if (pieces.isEmpty()) {
            return null;
        }
        FileLease lease = new FileLease(this, partition, pieces, ++lastToken);
        leases.add(lease);
        partition.holder = lease;
        return lease;
    }

    void passOn(FileLease lease) {
        locked(() -> release(lease));
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
        room.done();
        if (chunk.isDone()) {
            locked(() -> remove(chunk));
        }
        touched.accept(chunk);
    }

    private void remove(Chunk chunk) {
        StoredPartition partition = partitions.get(chunk.partition());
        if (partition.chunks.remove(chunk.seq(), chunk)) {
            room.giveBack(chunk, 0);
            chunk.leave();
            emptied.signalAll();
        }
    }

    void close(FileLease lease) {
        locked(() -> takeBack(lease));
    }

    /** What was leased could not be read: the delivery does not count. The lease stays until it is closed. */
    void undeliver(FileLease lease) {
        locked(() -> deliveries.undo(lease.pieces));
    }

    /** Ends a lease, and puts back what is not done of it: how many. */
    private long takeBack(FileLease lease) {
        if (!leases.remove(lease)) {
            return 0;
        }
        lease.end();
        long count = 0;
        for (Piece piece : lease.pieces) {
            int undone = piece.undone();
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
        return locked(
                () -> List.copyOf(leases).stream().mapToLong(this::takeBack).sum());
    }

    /** Makes records done that nobody handled: how many. */
    long clear(boolean leasedOnly) {
        return locked(() -> {
            List<Piece> pieces = new ArrayList<>();
            leases.forEach(lease -> pieces.addAll(lease.pieces));
            retransmit();
            if (!leasedOnly) {
                pieces.clear();
                for (StoredPartition partition : partitions.values()) {
                    partition.chunks.values().forEach(c -> pieces.add(new Piece(c, 0, c.count)));
                }
            }
            long count = 0;
            for (Piece piece : pieces) {
                count += clear(piece);
            }
            return count;
        });
    }

    private int clear(Piece piece) {
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
        return locked(() -> marks(partitions.keySet()));
    }

    List<Frames.Mark> marks(Collection<TopicPartition> names) {
        return locked(() -> names.stream()
                .map(partitions::get)
                .filter(StoredPartition::isMarked)
                .map(StoredPartition::snapshot)
                .toList());
    }

    StorageStats stats(long lost, Optional<String> trouble) {
        return locked(() -> {
            List<PartitionStats> each = partitions.values().stream()
                    .filter(partition -> !partition.chunks.isEmpty())
                    .map(this::stats)
                    .toList();
            long pending = each.stream().mapToLong(PartitionStats::pending).sum();
            long leased = each.stream().mapToLong(PartitionStats::leased).sum();
            return new StorageStats(
                    pending,
                    leased,
                    room.bytes(),
                    room.limitRecords,
                    room.limitBytes,
                    appended,
                    skipped,
                    lost,
                    deliveries.repeated(),
                    trouble,
                    each);
        });
    }

    private PartitionStats stats(StoredPartition partition) {
        return partition.stats(leases.stream()
                .filter(lease -> lease.partition == partition)
                .mapToLong(FileLease::left)
                .sum());
    }

    /** The oldest chunks of each partition, those of all partitions in turn, and whether each record is in somebody's hands. */
    List<List<Piece>> oldest(int max) {
        return locked(() -> partitions.values().stream()
                .map(partition -> partition.chunks.values().stream()
                        .limit(max)
                        .map(chunk -> new Piece(chunk, 0, chunk.count))
                        .toList())
                .filter(pieces -> !pieces.isEmpty())
                .toList());
    }

    boolean isLeased(Chunk chunk, int index) {
        return locked(() -> leases.stream()
                .flatMap(lease -> lease.pieces.stream())
                .anyMatch(piece -> piece.chunk() == chunk && index >= piece.from() && index < piece.to()));
    }

    long bytes() {
        return locked(() -> room.bytes());
    }

    /** Nobody waits any more, nothing is handed out. */
    void close() {
        locked(() -> {
            closed = true;
            leases.forEach(FileLease::end);
            filled.signalAll();
            emptied.signalAll();
        });
    }
}
