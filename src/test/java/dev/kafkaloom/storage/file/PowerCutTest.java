package dev.kafkaloom.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StoredRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The power is cut at any moment, again and again, each time with other pages that were not synced on the disk. */
@Timeout(60)
class PowerCutTest {
    private static final List<TopicPartition> PARTITIONS =
            IntStream.range(0, 3).mapToObj(i -> new TopicPartition("orders", i)).toList();
    private static final int LIVES = 6;

    @TempDir
    Path folder;

    /** Up to where appends have returned: a consumer would have committed that. */
    private final Map<TopicPartition, Long> stored = new ConcurrentHashMap<>();

    private final AtomicLong appends = new AtomicLong();
    private final Map<TopicPartition, Set<Long>> handled = new ConcurrentHashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everythingThatWasStoredIsHandedOutUntilItIsDone(long seed) throws Exception {
        Random chance = new Random(seed);
        for (TopicPartition partition : PARTITIONS) {
            stored.put(partition, 0L);
            handled.put(partition, new ConcurrentSkipListSet<>());
        }
        Path now = Files.createDirectory(folder.resolve("0"));
        for (int life = 1; life <= LIVES; life++) {
            Path next = Files.createDirectory(folder.resolve(Integer.toString(life)));
            live(now, next, life, chance);
            now = next;
        }

        sinkTheRest(now);

        stored.forEach((partition, next) -> assertThat(LongStream.range(0, next)
                        .filter(offset -> !handled.get(partition).contains(offset)))
                .as("stored of %s up to %d, and never handed out", partition, next)
                .isEmpty());
    }

    private void live(Path now, Path next, long epoch, Random chance) throws Exception {
        CutDisk disk = new CutDisk();
        try (Scope scope = Scope.open("life")) {
            FileStorage storage = FileStorage.open(config(now), "g", scope, disk, true);
            Scope work = scope.child("work");
            for (TopicPartition partition : PARTITIONS) {
                work.go("appender", () -> append(storage, partition, epoch));
            }
            work.go("sinker", () -> sink(storage));
            long enough = appends.get() + chance.nextInt(10, 150);
            await().pollInterval(Duration.ofMillis(1)).until(() -> appends.get() >= enough);
            Map<TopicPartition, Long> before =
                    Map.copyOf(stored); // what returned later may be lost, nobody has committed it
            disk.cut(next, chance);
            work.close();
            storage.close();
            stored.putAll(before);
        }
    }

    private static StorageConfig.File config(Path folder) {
        return new StorageConfig.File(folder, 1 << 22, 5_000, 1 << 16);
    }

    private void append(FileStorage storage, TopicPartition partition, long epoch) throws InterruptedException {
        Random sizes = new Random(epoch);
        long first = stored.get(partition);
        while (true) {
            long next = first + sizes.nextLong(1, 40);
            long end = storage.append(
                    Uuid.ZERO, StoredRecords.range(partition, epoch, first, next, stored.get(partition)), () -> true);
            assertThat(end).isEqualTo(next);
            stored.put(partition, next);
            appends.incrementAndGet();
            first = next;
        }
    }

    /** Leaves every seventh record for the next time it comes. */
    private void sink(FileStorage storage) throws InterruptedException {
        while (true) {
            try (Lease lease = storage.take(50, Duration.ofMillis(50))) {
                if (lease != null) {
                    for (ConsumedRecord record : lease.records()) {
                        assertThat(record.value())
                                .isEqualTo(StoredRecords.record(record.partition(), record.offset(), 0)
                                        .value());
                        if (record.deliveryCount() > 1 || record.offset() % 7 != 0) {
                            handled.get(record.partition()).add(record.offset());
                            lease.done(record.offset());
                        }
                    }
                }
            }
        }
    }

    private void sinkTheRest(Path last) throws IOException, InterruptedException {
        try (Scope scope = Scope.open("end");
                FileStorage storage = FileStorage.open(config(last), "g", scope)) {
            assertThat(storage.stats().lost()).isZero();
            while (storage.stats().size() > 0) {
                try (Lease lease = storage.take(1000, Duration.ofSeconds(5))) {
                    for (ConsumedRecord record : lease.records()) {
                        handled.get(record.partition()).add(record.offset());
                        lease.done(record.offset());
                    }
                }
            }
        }
    }
}
