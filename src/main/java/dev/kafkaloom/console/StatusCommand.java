package dev.kafkaloom.console;

import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.PartitionSnapshot;
import dev.kafkaloom.runtime.RuntimeSnapshot;
import java.io.IOException;
import java.util.List;

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
        table.row("late acks", now.group().lateAcks());
        now.overdueHandlers().forEach(line -> table.row("overdue handler", line));
        table.row("longest starvation, ms", now.worstStarvation().toMillis());
        table.row("uptime", ProcessCommands.age(now.uptime()));
        return table.build();
    }
}
