package dev.kafkaloom.console;

import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.PartitionSnapshot;
import dev.kafkaloom.runtime.RuntimeSnapshot;
import dev.kafkaloom.runtime.SinkStats;
import dev.kafkaloom.storage.StorageStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Snapshots of a consumer that is said to run. */
final class Snapshots {
    private Snapshots() {}

    static RuntimeSnapshot of(StorageStats storage, SinkStats sink, PartitionSnapshot... partitions) {
        var member = new MemberSnapshot(
                0, "m-0", "stable", 4, true, "m-0", List.of("m-0"), List.of(partitions), Map.of(), 1, "", false);
        return new RuntimeSnapshot(
                new GroupSnapshot("g", 1, 2, List.of(member)),
                1_000,
                410,
                21,
                0,
                0,
                Instant.EPOCH,
                Duration.ofSeconds(5),
                Duration.ZERO,
                Duration.ZERO,
                Optional.empty(),
                storage,
                sink);
    }

    static SinkStats sink(boolean paused, long recordsPerSecond) {
        return new SinkStats(
                "stdout",
                1_000,
                410,
                3,
                2,
                1,
                9,
                7,
                1,
                paused,
                recordsPerSecond,
                1_500,
                2_500,
                3_500,
                4_500,
                Duration.ofMillis(1_234),
                2,
                0,
                List.of());
    }

    static StorageStats storage(StorageStats.PartitionStats... partitions) {
        return new StorageStats(
                10, 4, 1_000, 100, Long.MAX_VALUE, 20, 0, 0, 1, Optional.of("the disk is full"), List.of(partitions));
    }
}
