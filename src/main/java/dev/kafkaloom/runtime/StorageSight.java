package dev.kafkaloom.runtime;

import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageStats;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a storage has, not asked for more often than it is worth. Thread-safe; who finds another asking gets the last answer. */
final class StorageSight {
    private static final Logger LOG = LoggerFactory.getLogger(StorageSight.class);
    private static final long FRESH_NANOS = Duration.ofMillis(100).toNanos();

    private record Seen(StorageStats stats, long at) {}

    private final Storage storage;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Seen last;

    StorageSight(Storage storage) {
        this.storage = storage;
    }

    StorageStats stats() {
        Seen seen = last;
        boolean fresh = seen != null && System.nanoTime() - seen.at < FRESH_NANOS;
        if (fresh || !asking.tryLock()) {
            return seen == null ? StorageStats.NONE : seen.stats;
        }
        try {
            StorageStats now = ask();
            last = new Seen(now, System.nanoTime());
            return now;
        } finally {
            asking.unlock();
        }
    }

    private StorageStats ask() {
        try {
            return storage.stats();
        } catch (RuntimeException e) {
            LOG.debug("the storage does not say what it has", e);
            StorageStats none = StorageStats.NONE;
            return new StorageStats(
                    none.pending(),
                    none.leased(),
                    -1,
                    none.limitRecords(),
                    none.limitBytes(),
                    none.appended(),
                    none.skipped(),
                    none.lost(),
                    none.redelivered(),
                    Optional.of("it does not say what it has: " + e),
                    none.partitions());
        }
    }
}
