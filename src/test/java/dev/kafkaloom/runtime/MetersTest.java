package dev.kafkaloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.PartitionSnapshot;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.StorageStats;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MetersTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private volatile RuntimeSnapshot now = runtime(StorageStats.NONE, partition(FIRST, 50, 40, 12_000));
    private final Meters meters = new Meters(() -> now);

    private static PartitionSnapshot partition(TopicPartition tp, long end, long done, long secondsAgo) {
        long since = System.currentTimeMillis() - secondsAgo;
        return new PartitionSnapshot(tp, done, end, 0, 7, 70, 99, false, 3, List.of(), done, since, "fetching");
    }

    private static RuntimeSnapshot runtime(StorageStats storage, PartitionSnapshot... partitions) {
        var member = new MemberSnapshot(
                0, "m", "stable", 5, true, "m", List.of("m"), List.of(partitions), Map.of(), 3, "", false);
        var sink = new SinkStats(
                "json",
                41,
                410,
                5,
                4,
                2,
                1,
                9,
                6,
                true,
                100,
                1000,
                2000,
                3000,
                4000,
                Duration.ofSeconds(8),
                2,
                11,
                List.of("x"));
        return new RuntimeSnapshot(
                new GroupSnapshot("g", 2, List.of(member)),
                41,
                410,
                3,
                4,
                2,
                Instant.now(),
                Duration.ofMinutes(5),
                Duration.ofMillis(3),
                Duration.ofMillis(12),
                Optional.empty(),
                storage,
                sink);
    }

    private double value(String name, String... tags) {
        Meter meter = registry.get("kafka.loom." + name).tags(tags).meter();
        return meter.measure().iterator().next().getValue();
    }

    @Test
    void tellWhatTheSnapshotTells() {
        meters.bindTo(registry);
        assertThat(value("records")).isEqualTo(41);
        assertThat(value("bytes")).isEqualTo(410);
        assertThat(value("ready")).isZero(); // the sink has a trouble
        assertThat(value("rebalances")).isEqualTo(2);
        assertThat(value("lag.records")).isEqualTo(10);
        assertThat(value("lag.seconds")).isCloseTo(12, within(5.0));
        assertThat(value("watchdog.delay.seconds")).isEqualTo(0.003);
        assertThat(value("watchdog.delay.worst.seconds")).isEqualTo(0.012);
        assertThat(value("members", "state", "stable")).isEqualTo(1);
        assertThat(value("members", "state", "failed")).isZero();
        assertThat(value("sink.retries")).isEqualTo(4);
        assertThat(value("sink.dead.letters")).isEqualTo(1);
        assertThat(value("sink.latency.seconds", "quantile", "0.95")).isEqualTo(0.002);
        assertThat(value("sink.latency.seconds", "quantile", "1")).isEqualTo(0.004);
        assertThat(value("sinker.restarts")).isEqualTo(11);
    }

    @Test
    void everyMeterIsTaggedWithTheGroupAndSaysWhatItIs() {
        meters.bindTo(registry);
        assertThat(registry.getMeters()).allSatisfy(meter -> {
            assertThat(meter.getId().getName()).startsWith("kafka.loom.");
            assertThat(meter.getId().getTags()).contains(Tag.of("group", "g"));
            assertThat(meter.getId().getDescription()).isNotBlank();
        });
    }

    @Test
    void metersOfPartitionsFollowTheAssignment() {
        meters.bindTo(registry);
        assertThat(value("partition.lag.records", "topic", "orders", "partition", "0"))
                .isEqualTo(10);
        now = runtime(StorageStats.NONE, partition(SECOND, 100, 95, 2_000));
        meters.refresh();
        assertThat(partitions("kafka.loom.partition.lag.seconds")).containsExactly("1");
        assertThat(value("partition.lag.seconds", "topic", "orders", "partition", "1"))
                .isCloseTo(2, within(5.0));
        assertThat(value("partition.in.hand", "topic", "orders", "partition", "1"))
                .isEqualTo(3);
    }

    @Test
    void whatIsNotKnownIsNoNumber() {
        now = runtime(StorageStats.NONE, partition(FIRST, -1, 0, 0));
        meters.bindTo(registry);
        assertThat(value("partition.lag.records")).isNaN();
        assertThat(value("partition.lag.seconds")).isNaN();
        assertThat(value("lag.records")).isNaN();
        assertThat(value("lag.seconds")).isNaN();
    }

    @Test
    void whatIsStoredHasAnAgeAsWell() {
        var stored = new StorageStats.PartitionStats(SECOND, 4, 2, 90, System.currentTimeMillis() - 60_000);
        now = runtime(
                new StorageStats(
                        4, 2, 600, 1000, Long.MAX_VALUE, 10, 1, 0, 3, Optional.of("disk full"), List.of(stored)),
                partition(FIRST, 50, 50, 0));
        meters.bindTo(registry);
        assertThat(value("storage.pending")).isEqualTo(4);
        assertThat(value("storage.limit.records")).isEqualTo(1000);
        assertThat(value("storage.limit.bytes")).isInfinite();
        assertThat(value("storage.trouble")).isEqualTo(1);
        assertThat(value("storage.redelivered")).isEqualTo(3);
        assertThat(value("storage.partition.leased", "partition", "1")).isEqualTo(2);
        assertThat(value("storage.partition.oldest.seconds")).isCloseTo(60, within(5.0));
        assertThat(value("lag.seconds")).isCloseTo(60, within(5.0));
        assertThat(value("partition.lag.seconds")).isZero();
    }

    @Test
    void theSnapshotIsTakenOnceForAllMetersOfAScrape() {
        int[] asked = {0};
        Meters counted = new Meters(() -> {
            asked[0]++;
            return now;
        });
        counted.bindTo(registry);
        int before = asked[0];
        counted.refresh();
        registry.getMeters().forEach(meter -> meter.measure().iterator().next().getValue());
        assertThat(asked[0] - before).isLessThan(registry.getMeters().size() / 4);
    }

    private Set<String> partitions(String name) {
        Set<String> found = new TreeSet<>();
        registry.find(name).meters().forEach(meter -> found.add(meter.getId().getTag("partition")));
        return found;
    }
}
