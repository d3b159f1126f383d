package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.OverdueHandler;
import dev.kafkaloom.consumer.PartitionSnapshot;
import dev.kafkaloom.coroutine.Watchdog;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.runtime.RuntimeSnapshot;
import dev.kafkaloom.storage.StorageStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 3);

    @Test
    void saysThatAllIsWell() {
        Table table = StatusCommand.table(snapshot("stable", List.of(), Optional.empty()));

        assertThat(table.rows())
                .contains(List.of("ready", "yes"), List.of("late acks", 2L))
                .noneMatch(row -> row.getFirst().equals("not ready"));
    }

    @Test
    void saysWhyItIsNotReadyAndWhichHandlersAreOverdue() {
        var alarm = new Watchdog.Alarm(
                Duration.ofMillis(1200),
                List.of(new Watchdog.Holder(
                        "partition-orders-3", Duration.ofMillis(1100), "acme.Handler.handle(H:9)")));
        var overdue = new OverdueHandler(41, 1, "ab12", "group-g/lane-5", Duration.ofSeconds(301), "");
        Table table = StatusCommand.table(snapshot("draining", List.of(overdue), Optional.of(alarm)));

        assertThat(table.rows())
                .contains(
                        List.of("ready", "no"),
                        List.of(
                                "not ready",
                                "virtual threads have been waiting for a carrier for 1200 ms, heartbeats as well; the"
                                        + " carriers are held by partition-orders-3 for 1100 ms at acme.Handler.handle(H:9)"),
                        List.of("not ready", "member 0 is draining: rebalance"),
                        List.of(
                                "overdue handler",
                                "orders-3 offset 41 (key hash ab12) for 301000 ms on thread group-g/lane-5"));
    }

    @Test
    void saysWhatIsStoredAndWhatTheSinkDoes() {
        Table table = StatusCommand.table(Snapshots.of(Snapshots.storage(), Snapshots.sink(true, 50)));

        assertThat(table.rows())
                .contains(
                        List.of("not ready", "storage: the disk is full"),
                        List.of("stored, waiting", 10L),
                        List.of("stored, in sinkers' hands", 4L),
                        List.of("dead letters", 9L),
                        List.of("sinkers", "paused"),
                        List.of("records a second at most", 50L),
                        List.of("sink, ms a call (half, 95 %, 99 %, longest)", "1.5, 2.5, 3.5, 4.5"));
    }

    @Test
    void withoutAStorageNothingIsSaidOfOne() {
        Table table = StatusCommand.table(Snapshots.of(StorageStats.NONE, Snapshots.sink(false, 0)));

        assertThat(table.rows()).noneMatch(row -> row.getFirst().toString().startsWith("stored"));
    }

    private static RuntimeSnapshot snapshot(
            String state, List<OverdueHandler> overdue, Optional<Watchdog.Alarm> starvation) {
        var partition = new PartitionSnapshot(ORDERS, 41, 50, 0, 41, 410, 0, false, 1, overdue, 40, -1, "fetching");
        String error = state.equals("stable") ? "" : "rebalance";
        var member = new MemberSnapshot(
                0,
                "m-0",
                state,
                4,
                true,
                "m-0",
                List.of("m-0"),
                List.of(partition),
                Map.of(ORDERS, 40L),
                1,
                error,
                false);
        return new RuntimeSnapshot(
                new GroupSnapshot("g", 1, 2, List.of(member)),
                41,
                410,
                1,
                0,
                0,
                Instant.EPOCH,
                Duration.ofSeconds(5),
                Duration.ZERO,
                starvation);
    }
}
