package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.PartitionSnapshot;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.StorageStats;
import dev.kafkaloom.storage.StorageStats.PartitionStats;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopCommandTest {
    private static final Instant NOW = Instant.ofEpochMilli(10_000);

    private static PartitionSnapshot partition(int number, long end, long done, long behindSince) {
        return new PartitionSnapshot(
                new TopicPartition("orders", number),
                41,
                end,
                0,
                41,
                410,
                0,
                false,
                1,
                List.of(),
                done,
                behindSince,
                "fetching");
    }

    private static List<?> partitions(Document top) {
        return (List<?>) ((Map<?, ?>) top.data()).get("partitions");
    }

    @Test
    void whatIsFurthestBehindComesFirst() {
        Document top = TopCommand.answer(
                Snapshots.of(
                        StorageStats.NONE,
                        Snapshots.sink(false, 0),
                        partition(0, 41, 41, -1),
                        partition(1, 50, 40, 7_500),
                        partition(2, -1, 0, -1)),
                200,
                NOW);

        assertThat(partitions(top))
                .<Object>map(row -> ((Map<?, ?>) row).get("partition"))
                .containsExactly(1, 0, 2);
        assertThat(top.text())
                .contains("| g     | true  | 200              | 1000 | 10  | 2.5           |")
                .contains("| orders | 1         | 0      | fetching | 41       | 50  | 10  | 2.5           |")
                .contains("| orders | 2         | 0      | fetching | 41       |     |     |               |");
    }

    @Test
    void whatIsStoredStandsBesideItsPartitionAndWithoutItWhenSomebodyElseOwnsIt() {
        Document top = TopCommand.answer(
                Snapshots.of(
                        Snapshots.storage(
                                new PartitionStats(new TopicPartition("orders", 0), 8, 3, 41, 0),
                                new PartitionStats(new TopicPartition("orders", 7), 2, 1, 41, 0)),
                        Snapshots.sink(false, 0),
                        partition(0, 41, 41, -1)),
                0,
                NOW);

        assertThat(top.text())
                .contains("not ready: storage: the disk is full")
                .contains("| 1      | 8       | 3      |")
                .contains("| orders | 7         |        | stored only |");
    }
}
