package dev.kafkaloom.bench.storage;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.file.FileStorage;
import dev.kafkaloom.storage.file.UnsyncedFiles;
import dev.kafkaloom.storage.redis.RedisStorage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * One round of {@link StorageBench}, in a JVM of its own: a thread per partition appends stretches of records of 100 bytes, sinkers take
 * them and mark each as done. What was appended, taken and acked in the measured seconds is printed: records a second, processor time per
 * record in microseconds, appends a second.
 */
final class StorageMeasure {
    private static final int PARTITIONS = 4;
    private static final int SINKERS = 2;
    private static final int STRETCH = 500;
    private static final byte[] VALUE = new byte[100];
    private static final long WARM_UP_NANOS = 4_000_000_000L;

    private final Storage storage;
    private final LongAdder done = new LongAdder();
    private final LongAdder appends = new LongAdder();

    private StorageMeasure(Storage storage) {
        this.storage = storage;
    }

    /** Arguments: which storage, its folder or port, seconds. */
    public static void main(String[] arguments) throws Exception {
        long nanos = Duration.ofSeconds(Long.parseLong(arguments[2])).toNanos();
        try (Scope scope = Scope.open("bench");
                Storage storage = open(arguments[0], arguments[1], scope)) {
            new StorageMeasure(storage).run(nanos);
        }
    }

    private static Storage open(String kind, String place, Scope scope) throws IOException, InterruptedException {
        return switch (kind) {
            case "file" -> FileStorage.open(files(place), "bench", scope);
            case "redis" -> RedisStorage.open(redis(place), scope);
            case "unsynced" -> UnsyncedFiles.open(files(place), "bench", scope);
            default -> throw new IllegalArgumentException(kind + " is no storage that can be measured");
        };
    }

    private static StorageConfig.Redis redis(String port) {
        StorageConfig.RedisServer server =
                new StorageConfig.RedisServer("bench", "127.0.0.1", Integer.parseInt(port), "", "", 0, false, 8, 8, 0);
        Duration lease = Duration.ofSeconds(30);
        return new StorageConfig.Redis(
                server, "bench", "bench:pending", "bench:processing", 100_000, STRETCH, lease, 0);
    }

    private static StorageConfig.File files(String folder) {
        return new StorageConfig.File(Path.of(folder), 1L << 30, 100_000, 64 << 20);
    }

    private void run(long nanos) throws Exception {
        try (Scope work = Scope.open("work")) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(i -> new TopicPartition("bench", i))
                    .toList();
            storage.owned(partitions, true);
            partitions.forEach(partition -> work.go("appender", () -> append(partition)));
            for (int i = 0; i < SINKERS; i++) {
                work.go("sinker", this::sink);
            }
            Thread.sleep(Duration.ofNanos(WARM_UP_NANOS));
            long cpu = processCpu();
            long began = System.nanoTime();
            long before = done.sum();
            long appendsBefore = appends.sum();
            Thread.sleep(Duration.ofNanos(nanos));
            double seconds = (System.nanoTime() - began) / 1e9;
            long records = done.sum() - before;
            System.out.printf(
                    Locale.ROOT,
                    "%.0f %.2f %.0f%n",
                    records / seconds,
                    (processCpu() - cpu) / 1e3 / records,
                    (appends.sum() - appendsBefore) / seconds);
        }
    }

    private void append(TopicPartition partition) throws InterruptedException {
        for (long first = 0; true; first += STRETCH) {
            List<ConsumedRecord> records = new ArrayList<>(STRETCH);
            for (int i = 0; i < STRETCH; i++) {
                records.add(new ConsumedRecord(
                        partition, first + i, first, TimestampType.CREATE_TIME, null, VALUE, List.of(), 1, 0, 1));
            }
            RecordRange range = new RecordRange(partition, 1, first, first + STRETCH, first, records);
            long mark = storage.append(Uuid.ZERO, range, () -> true);
            if (mark != range.next()) {
                throw new IllegalStateException("stored up to " + mark + " instead of " + range.next());
            }
            appends.increment();
        }
    }

    private void sink() throws InterruptedException {
        while (true) {
            try (Lease lease = storage.take(STRETCH, Duration.ofSeconds(1))) {
                if (lease != null) {
                    lease.passOn();
                    for (ConsumedRecord record : lease.records()) {
                        if (!lease.done(record.offset())) {
                            throw new IllegalStateException("the lease of " + record + " is void");
                        }
                    }
                    done.add(lease.records().size());
                }
            }
        }
    }

    private static long processCpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
