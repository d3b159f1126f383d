package dev.kafkaloom.storage.redis;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.StorageConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Stores stretches, of each partition one at a time. Thread-safe. */
final class Appends {
    final StorageConfig.Redis config;
    final ProcessName me;
    final Shards shards;
    final Tender tender;
    final AtomicLong appended = new AtomicLong();
    final AtomicLong skipped = new AtomicLong();
    final AtomicLong lost = new AtomicLong();
    private final List<RedisLink> links;
    private final AtomicLong operations = new AtomicLong();
    private final Map<TopicPartition, String> troubles = new ConcurrentSkipListMap<>();

    Appends(StorageConfig.Redis config, ProcessName me, List<RedisLink> links, Shards shards, Tender tender) {
        this.config = config;
        this.me = me;
        this.links = List.copyOf(links);
        this.shards = shards;
        this.tender = tender;
    }

    /** Why an append was not taken, while it is tried again. */
    Optional<String> trouble() {
        return troubles.values().stream().findFirst();
    }

    /** Whether there was none with that partition before. */
    boolean trouble(TopicPartition partition, String why) {
        return troubles.put(partition, why) == null;
    }

    /** It is stored, or need not be. */
    void noTrouble(TopicPartition partition) {
        troubles.remove(partition);
    }

    RedisLink linkOf(Shard shard) {
        return links.get(Math.floorMod(shard.partition.hashCode(), links.size()));
    }

    /** Unique over all processes. */
    String nextOperation() {
        return me.instance() + "-" + operations.incrementAndGet();
    }

    /** As {@link dev.kafkaloom.storage.Storage#append}. */
    long append(Uuid topicId, RecordRange range, BooleanSupplier wanted) throws InterruptedException {
        Shard shard = shards.of(range.partition());
        shard.appending.lockInterruptibly();
        try {
            return new Append(this, shard, topicId, range, wanted).store();
        } finally {
            noTrouble(range.partition());
            shard.appending.unlock();
        }
    }
}
