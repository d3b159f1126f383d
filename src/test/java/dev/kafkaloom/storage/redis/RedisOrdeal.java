package dev.kafkaloom.storage.redis;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.StoredRecords;
import dev.kafkaloom.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Several daemons around one Redis that is killed now and then, without a broker: partitions are lists of offsets, which change their
 * owners as they would in a group. Daemons come, go and fall silent. Keeps the books on what was processed, and in which order.
 */
final class RedisOrdeal {
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final int STRETCH = 40;

    private final RedisProcess redis;
    private final String group;
    private final Scope scope;
    private final Random random;
    private final int length;
    private final List<Partition> partitions = new ArrayList<>();
    private final AtomicLong epochs = new AtomicLong();
    private final List<String> wrongs = new ArrayList<>();
    final AtomicLong processed = new AtomicLong();
    final AtomicLong backs = new AtomicLong();

    /** A partition: what its group has committed, and what the sink has seen. Guarded by itself. */
    private final class Partition {
        final TopicPartition name;
        final BitSet completed = new BitSet();
        long committed;
        Daemon owner;
        long epoch;

        Partition(int number) {
            this.name = new TopicPartition("orders", number);
        }

        synchronized void complete(long offset) {
            processed.incrementAndGet();
            if (!completed.get((int) offset) && offset > 0 && !completed.get((int) offset - 1)) {
                wrong(name + "@" + offset + " was done before its predecessor");
            }
            completed.set((int) offset);
        }

        synchronized boolean isDone() {
            return completed.cardinality() == length;
        }
    }

    /** One program: a storage, a thread for each partition that it owns, sinkers. */
    private final class Daemon {
        final Scope own;
        final RedisStorage storage;
        final Map<Partition, Scope> appending = new HashMap<>(); // only the ordeal's thread

        Daemon(String name) throws Exception {
            own = scope.child(name);
            storage = RedisStorage.open(SharedRedisIT.config(redis, group, LEASE), own);
            for (int i = 0; i < 3; i++) {
                own.go(name + "-sinker", this::sink);
            }
        }

        void assign(Partition partition) throws InterruptedException {
            long epoch = epochs.incrementAndGet();
            synchronized (partition) {
                partition.owner = this;
                partition.epoch = epoch;
            }
            storage.owned(List.of(partition.name), true);
            Scope loop = own.child("loop");
            appending.put(partition, loop);
            loop.go("append-" + partition.name, () -> append(partition, epoch));
        }

        void revoke(Partition partition) throws InterruptedException {
            synchronized (partition) {
                if (partition.owner == this) {
                    partition.owner = null;
                }
            }
            Scope loop = appending.remove(partition);
            if (loop != null) {
                loop.close();
            }
            storage.owned(List.of(partition.name), false);
        }

        private void append(Partition partition, long epoch) throws InterruptedException {
            long at;
            synchronized (partition) {
                at = partition.committed;
            }
            while (true) {
                var lost = storage.lostSince(partition.name, committed(partition));
                if (lost.isPresent()) {
                    at = lost.getAsLong();
                    backs.incrementAndGet();
                }
                if (at >= length) {
                    Thread.sleep(50);
                    continue;
                }
                long next = Math.min(length, at + 1 + random.nextInt(STRETCH));
                RecordRange range = StoredRecords.range(partition.name, epoch, at, next, committed(partition));
                long has = storage.append(Uuid.ZERO, range, () -> isOwner(partition, epoch));
                if (has < next) {
                    backs.incrementAndGet();
                    at = has;
                    continue;
                }
                at = next;
                synchronized (partition) {
                    if (partition.owner == this && partition.epoch == epoch) {
                        partition.committed = at;
                    }
                }
                Thread.sleep(random.nextInt(3));
            }
        }

        private boolean isOwner(Partition partition, long epoch) {
            synchronized (partition) {
                return partition.owner == this && partition.epoch == epoch;
            }
        }

        private void sink() throws InterruptedException {
            while (true) {
                try (Lease lease = storage.take(STRETCH, GLANCE)) {
                    if (lease == null) {
                        continue;
                    }
                    Partition partition = partitions.get(lease.partition().partition());
                    int stop = random.nextInt(20) == 0
                            ? random.nextInt(lease.records().size())
                            : Integer.MAX_VALUE;
                    for (int i = 0; i < lease.records().size() && i < stop && lease.isValid(); i++) {
                        ConsumedRecord record = lease.records().get(i);
                        if (random.nextInt(200) == 0) {
                            Thread.sleep(5);
                        }
                        partition.complete(record.offset());
                        boolean _ = lease.done(record.offset());
                    }
                }
            }
        }

        /** As killed: no goodbye, no sign of life. */
        void fallSilent() {
            for (Partition partition : List.copyOf(appending.keySet())) {
                synchronized (partition) {
                    if (partition.owner == this) {
                        partition.owner = null;
                    }
                }
            }
            own.close(Duration.ofSeconds(2));
        }
    }

    RedisOrdeal(RedisProcess redis, String group, Scope scope, long seed, int partitionCount, int length) {
        this.redis = redis;
        this.group = group;
        this.scope = scope;
        this.random = new Random(seed);
        this.length = length;
        for (int i = 0; i < partitionCount; i++) {
            partitions.add(new Partition(i));
        }
    }

    private long committed(Partition partition) {
        synchronized (partition) {
            return partition.committed;
        }
    }

    private void wrong(String what) {
        synchronized (wrongs) {
            wrongs.add(what);
        }
    }

    /** What was wrong; empty: everything was processed, and in order. */
    List<String> run(Duration trouble, Duration longest) throws Exception {
        long begun = System.nanoTime();
        List<Daemon> daemons = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            daemons.add(new Daemon("daemon-" + i));
        }
        for (Partition partition : partitions) {
            daemons.get(random.nextInt(daemons.size())).assign(partition);
        }
        int number = 3;
        while (System.nanoTime() - begun < trouble.toNanos()) {
            Thread.sleep(100 + random.nextInt(700));
            switch (random.nextInt(8)) {
                case 0 -> {
                    redis.kill();
                    Thread.sleep(random.nextInt(300));
                    redis.restart();
                }
                case 1 -> {
                    redis.suspend();
                    Thread.sleep(random.nextInt(2500));
                    redis.resume();
                }
                case 2 -> {
                    Daemon gone = daemons.remove(random.nextInt(daemons.size()));
                    gone.fallSilent();
                    daemons.add(new Daemon("daemon-" + number++));
                    giveAway(gone, daemons);
                }
                case 3 -> {
                    Daemon gone = daemons.remove(random.nextInt(daemons.size()));
                    for (Partition partition : List.copyOf(gone.appending.keySet())) {
                        gone.revoke(partition);
                    }
                    gone.storage.close();
                    gone.own.close();
                    daemons.add(new Daemon("daemon-" + number++));
                    giveAway(gone, daemons);
                }
                default -> {
                    Partition moved = partitions.get(random.nextInt(partitions.size()));
                    for (Daemon daemon : daemons) {
                        if (daemon.appending.containsKey(moved)) {
                            daemon.revoke(moved);
                        }
                    }
                    daemons.get(random.nextInt(daemons.size())).assign(moved);
                }
            }
        }
        awaitEnd(begun + longest.toNanos());
        for (Daemon daemon : daemons) {
            daemon.storage.close();
            daemon.own.close();
        }
        return wrongs;
    }

    private void giveAway(Daemon gone, List<Daemon> daemons) throws InterruptedException {
        for (Partition partition : partitions) {
            boolean free;
            synchronized (partition) {
                free = partition.owner == null || partition.owner == gone;
            }
            if (free) {
                daemons.get(random.nextInt(daemons.size())).assign(partition);
            }
        }
    }

    private void awaitEnd(long deadline) throws InterruptedException {
        while (partitions.stream().anyMatch(each -> !each.isDone())) {
            if (System.nanoTime() > deadline) {
                for (Partition each : partitions) {
                    synchronized (each) {
                        if (!each.isDone()) {
                            wrong(each.name + ": " + (length - each.completed.cardinality()) + " of " + length
                                    + " were not processed, the first " + each.completed.nextClearBit(0)
                                    + ", committed "
                                    + each.committed);
                        }
                    }
                }
                return;
            }
            Thread.sleep(100);
        }
    }
}
