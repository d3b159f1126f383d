package dev.kafkaloom.storage.redis;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StorageStats.PartitionStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** All shards that are known here, one lock over them, and those who wait for news of them. Thread-safe. */
final class Shards {
    private final StorageConfig.Redis config;
    final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Condition tending = lock.newCondition();
    private final Set<Shard> toTend = new HashSet<>(); // guarded by lock, as all below
    private boolean tendAll;
    private final Map<TopicPartition, Shard> shards = new HashMap<>();
    private final List<Shard> inTurn = new ArrayList<>();
    private int turn;
    private long total; // pending and leased of all shards, as far as it is known
    private long storing; // on its way there

    Shards(StorageConfig.Redis config) {
        this.config = config;
    }

    Shard of(TopicPartition partition) {
        lock.lock();
        try {
            return shards.computeIfAbsent(partition, each -> {
                Shard fresh = new Shard(each, ShardKeys.of(config, each));
                inTurn.add(fresh);
                return fresh;
            });
        } finally {
            lock.unlock();
        }
    }

    List<Shard> all() {
        lock.lock();
        try {
            return List.copyOf(inTurn);
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: the next shard from which may be taken, in turn; null when there is none. */
    Shard next() {
        for (int i = 0; i < inTurn.size(); i++) {
            Shard shard = inTurn.get((turn + i) % inTurn.size());
            if (shard.mayTake()) {
                turn = (turn + i + 1) % inTurn.size();
                return shard;
            }
        }
        return null;
    }

    /** Under the lock: waits for a signal, at most so long; for callers that look again in a loop. */
    @SuppressWarnings("WaitNotInLoop") // the callers have the loop
    void await(long nanos) throws InterruptedException {
        long _ = news.awaitNanos(nanos);
    }

    void signal() {
        lock.lock();
        try {
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Something about this shard is to be told to Redis, or to be learned from it. */
    void tendSoon(Shard shard) {
        lock.lock();
        try {
            toTend.add(shard);
            tending.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A round over all shards is due. */
    void tendAllSoon() {
        lock.lock();
        try {
            tendAll = true;
            tending.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something is to be tended, at most so long; empty: all. */
    Set<Shard> awaitTending(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        lock.lockInterruptibly();
        try {
            while (!tendAll && toTend.isEmpty() && deadline - System.nanoTime() > 0) {
                boolean _ = tending.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            Set<Shard> due = tendAll ? Set.of() : Set.copyOf(toTend);
            tendAll = false;
            toTend.clear();
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** The next may be taken from the shard, unless what was taken in that holding is void. */
    void passedOn(Shard shard, long hold) {
        lock.lock();
        try {
            if (shard.hold == hold) {
                shard.busy = false;
                freed(shard);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A lease of it is over, or passed on. */
    void freed(Shard shard) {
        lock.lock();
        try {
            if (shard.held && !shard.isWanted() && shard.isIdle()) {
                tendSoon(shard);
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A lease of that holding is about to go back. */
    void givingBack(Shard shard, long hold) {
        lock.lock();
        try {
            if (shard.hold == hold) {
                shard.givingBack++;
            }
        } finally {
            lock.unlock();
        }
    }

    /** It went back, or does not hold. */
    void gaveBack(Shard shard, long hold) {
        lock.lock();
        try {
            if (shard.hold == hold) {
                shard.givingBack--;
                news.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What Redis said of a shard's size. */
    void sized(Shard shard, long pending, long leased, long version) {
        lock.lock();
        try {
            if (version < shard.version) {
                return; // overtaken by what is newer
            }
            shard.version = version;
            total += pending + leased - shard.pending - shard.leased;
            boolean better = pending > shard.pending || pending + leased < shard.pending + shard.leased;
            shard.pending = pending;
            shard.leased = leased;
            if (pending + leased == 0) {
                shard.bytes = 0;
            }
            if (better) {
                news.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The same after an append. */
    void stored(Shard shard, long pending, long leased, long version, String mark) {
        lock.lock();
        try {
            shard.markText = mark;
            sized(shard, pending, leased, version);
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing but these records is in it, as far as it is known here. */
    boolean isEmpty(Shard shard, long records) {
        lock.lock();
        try {
            return shard.pending + shard.leased <= records;
        } finally {
            lock.unlock();
        }
    }

    /** What the consumer says of a partition. */
    void own(Shard shard, boolean now, boolean seize) {
        lock.lock();
        try {
            shard.owned = now;
            if (now) {
                shard.committed = -1; // others may have gone on meanwhile
            }
            shard.seize = now && seize;
            shard.adopted = false;
            shard.yielded = false;
        } finally {
            lock.unlock();
        }
    }

    /** What the consumer says of the group's offset; told to Redis with the next sign of life. */
    void committed(Shard shard, long offset) {
        lock.lock();
        try {
            shard.committed = offset;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: keeps room for so many records; false when there is none. What is more than the limit fits when it is empty. */
    boolean reserve(long records) {
        long used = total + storing;
        if (used > 0 && used + records > config.limitRecords()) {
            return false;
        }
        storing += records;
        return true;
    }

    void unreserve(long records) {
        lock.lock();
        try {
            storing -= records;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link dev.kafkaloom.storage.Storage#lostSince}. */
    OptionalLong lostSince(TopicPartition partition, long committed) {
        lock.lock();
        try {
            Shard shard = shards.get(partition);
            return shard == null ? OptionalLong.empty() : shard.lostSince(committed);
        } finally {
            lock.unlock();
        }
    }

    /** What cannot be handed out. */
    Optional<String> trouble() {
        lock.lock();
        try {
            Optional<String> refused = inTurn.stream()
                    .filter(shard -> shard.refused() != null)
                    .findFirst()
                    .map(shard -> shard.keys.name() + ": " + shard.refused());
            return refused.or(() -> inTurn.stream()
                    .filter(shard -> shard.unreadable > 0)
                    .findFirst()
                    .map(shard -> shard.unreadable + " elements of " + shard.keys.name()
                            + " cannot be read and were put aside; clear throws them away"));
        } finally {
            lock.unlock();
        }
    }

    record Totals(long pending, long leased, long bytes, List<PartitionStats> partitions) {}

    /** What is known here; of others' shards what they had at the last look. */
    Totals totals() {
        lock.lock();
        try {
            long pending = 0;
            long leased = 0;
            long bytes = 0;
            List<PartitionStats> partitions = new ArrayList<>();
            for (Shard shard : inTurn) {
                long inWork = Math.max(0, shard.leased - shard.unsent.get());
                pending += shard.pending;
                leased += inWork;
                bytes += shard.bytes;
                if (shard.pending + inWork > 0) {
                    partitions.add(new PartitionStats(
                            shard.partition,
                            shard.pending,
                            inWork,
                            Mark.parse(shard.markText).map(Mark::next).orElse(-1L),
                            shard.headTimestamp));
                }
            }
            return new Totals(pending, leased, bytes, partitions);
        } finally {
            lock.unlock();
        }
    }
}
