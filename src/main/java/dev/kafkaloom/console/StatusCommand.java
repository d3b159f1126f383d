package dev.kafkaloom.console;

import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.PartitionSnapshot;
import dev.kafkaloom.runtime.RuntimeSnapshot;
import dev.kafkaloom.runtime.SinkStats;
import dev.kafkaloom.storage.StorageStats;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** How the running consumer is: ready or why not, and what its handlers do. Asks no broker, so it answers whatever goes on. */
final class StatusCommand {
    private StatusCommand() {}

    static Command create() {
        return new SmallCommand(
                "status",
                "whether the running consumer is ready, and why not; exit code 1 when it is not",
                Usage.NONE,
                StatusCommand::run);
    }

    private static int run(Session session, Arguments arguments) throws IOException {
        RuntimeSnapshot now = session.loom().running("status");
        session.out().show(table(now));
        return now.ready() ? 0 : 1;
    }

    static Table table(RuntimeSnapshot now) {
        List<MemberSnapshot> members = now.group().members();
        List<PartitionSnapshot> partitions =
                members.stream().flatMap(each -> each.partitions().stream()).toList();
        var table = new Table.Builder("what", "value");
        table.row("ready", now.ready() ? "yes" : "no");
        now.notReady().forEach(why -> table.row("not ready", why));
        table.row("group", now.group().groupId());
        table.row("members", members.size());
        table.row("failed members", now.failedMembers());
        table.row("partitions", partitions.size());
        table.row("rebalances", now.rebalances());
        table.row("records done", now.consumedRecords());
        table.row(
                "records in hand",
                partitions.stream().mapToLong(PartitionSnapshot::inHand).sum());
        table.row("block_size", now.inProgress());
        table.row("retries", now.retries());
        table.row("rejected", now.rejected());
        sink(now.sink(), table);
        if (!now.storage().equals(StorageStats.NONE)) {
            storage(now.storage(), table);
        }
        table.row("late acks", now.group().lateAcks());
        now.overdueHandlers().forEach(line -> table.row("overdue handler", line));
        table.row("longest starvation, ms", now.worstStarvation().toMillis());
        table.row("uptime", ProcessCommands.age(now.uptime()));
        return table.build();
    }

    private static void sink(SinkStats sink, Table.Builder table) {
        table.row("dead letters", sink.deadLettered());
        table.row("sink", sink.sink());
        table.row("sink, records in hand", sink.inFlight());
        table.row("sink, longest in hand, ms", sink.oldestInHand().toMillis());
        table.row("sink, failed calls", sink.failedAttempts());
        table.row(
                "sink, ms a call (half, 95 %, 99 %, longest)",
                String.format(
                        Locale.ROOT,
                        "%.1f, %.1f, %.1f, %.1f",
                        sink.p50Micros() / 1e3,
                        sink.p95Micros() / 1e3,
                        sink.p99Micros() / 1e3,
                        sink.maxMicros() / 1e3));
        table.row("sinkers", sink.paused() ? "paused" : "at work");
        table.row("records a second at most", sink.recordsPerSecond() == 0 ? "no limit" : sink.recordsPerSecond());
    }

    private static void storage(StorageStats storage, Table.Builder table) {
        table.row("stored, waiting", storage.pending());
        table.row("stored, in sinkers' hands", storage.leased());
        table.row(
                "stored, records at most",
                storage.limitRecords() == Long.MAX_VALUE ? "no limit" : storage.limitRecords());
        table.row("stored, bytes", storage.bytes() < 0 ? "" : storage.bytes());
        table.row("handed out again", storage.redelivered());
        table.row("lost and read again", storage.lost());
    }
}
