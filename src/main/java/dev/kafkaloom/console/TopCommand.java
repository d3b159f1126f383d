package dev.kafkaloom.console;

import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.PartitionSnapshot;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.runtime.RuntimeSnapshot;
import dev.kafkaloom.storage.StorageStats.PartitionStats;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code top}: what the running consumer is busy with, the partition that is furthest behind first. Asks no broker, so it answers whatever
 * goes on. The shell redraws it until a key is hit.
 */
final class TopCommand {
    /** What was done at the last look, so that the next one can tell a rate. */
    private record Look(Instant startedAt, Duration uptime, long done) {}

    private final AtomicReference<Look> last = new AtomicReference<>();

    private TopCommand() {}

    static Command create() {
        TopCommand top = new TopCommand();
        return new SmallCommand(
                "top",
                "the running consumer at a glance, what is furthest behind first; redrawn until a key is hit in the console",
                Usage.NONE,
                (session, _) -> top.run(session));
    }

    private int run(Session session) throws IOException {
        RuntimeSnapshot now = session.loom().running("top");
        Look look = new Look(now.startedAt(), now.uptime(), now.consumedRecords());
        Look before = last.getAndSet(look);
        session.out().show(answer(now, rate(before, look), Instant.now()));
        return 0;
    }

    /** Records a second since the last look, or since the start. */
    private static long rate(Look before, Look now) {
        boolean same =
                before != null && before.startedAt.equals(now.startedAt) && before.uptime.compareTo(now.uptime) < 0;
        long records = now.done - (same ? before.done : 0);
        Duration time = same ? now.uptime.minus(before.uptime) : now.uptime;
        return time.isPositive() ? Math.round(records * 1e9 / time.toNanos()) : 0;
    }

    static Document answer(RuntimeSnapshot now, long perSecond, Instant at) {
        List<Map<String, Object>> partitions = partitions(now, at);
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("group", now.group().groupId());
        head.put("ready", now.ready());
        head.put("recordsPerSecond", perSecond);
        head.put("done", now.consumedRecords());
        head.put("lag", partitions.stream().mapToLong(TopCommand::lag).sum());
        head.put(
                "secondsBehind",
                partitions.stream()
                        .map(each -> each.get("secondsBehind"))
                        .mapToDouble(seconds -> seconds instanceof Number number ? number.doubleValue() : 0)
                        .max()
                        .orElse(0));
        head.put("blockSize", now.inProgress());
        head.put("stored", now.storage().size());
        head.put("inSink", now.sink().inFlight());
        head.put("retrying", now.sink().retrying());
        head.put("deadLettered", now.sink().deadLettered());
        head.put("paused", now.sink().paused());
        Table table = new Table(List.copyOf(head.keySet()), List.of(new ArrayList<>(head.values())));
        List<Object> parts = new ArrayList<>(List.of(table));
        now.notReady().forEach(why -> parts.add("not ready: " + TableText.cell(why)));
        if (!partitions.isEmpty()) {
            parts.add(new Table(
                    List.copyOf(partitions.getFirst().keySet()),
                    partitions.stream()
                            .<List<Object>>map(each -> new ArrayList<>(each.values()))
                            .toList()));
        }
        head.put("notReady", now.notReady());
        head.put("partitions", partitions);
        return Document.tables(head, parts.toArray());
    }

    private static long lag(Map<String, Object> partition) {
        return partition.get("lag") instanceof Long lag ? lag : 0;
    }

    private static List<Map<String, Object>> partitions(RuntimeSnapshot now, Instant at) {
        Map<TopicPartition, PartitionStats> stored = new TreeMap<>();
        now.storage().partitions().forEach(each -> stored.put(each.partition(), each));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (MemberSnapshot member : now.group().members()) {
            for (PartitionSnapshot partition : member.partitions()) {
                rows.add(row(member, partition, stored.remove(partition.partition()), at));
            }
        }
        rows.sort(Comparator.comparingLong(TopCommand::lag).reversed());
        stored.values().forEach(left -> rows.add(row(left)));
        return rows;
    }

    private static Map<String, Object> row(
            MemberSnapshot member, PartitionSnapshot partition, PartitionStats stored, Instant at) {
        double behind = partition.secondsBehind(at);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("topic", partition.partition().topic());
        row.put("partition", partition.partition().partition());
        row.put("member", member.index());
        row.put("state", partition.state());
        row.put("position", partition.position());
        row.put("end", partition.highWatermark() < 0 ? null : partition.highWatermark());
        row.put("lag", partition.undone() < 0 ? null : partition.undone());
        row.put("secondsBehind", Double.isNaN(behind) ? null : Math.round(behind * 10) / 10.0);
        row.put("inHand", partition.inHand());
        row.put("pending", stored == null ? 0 : stored.pending());
        row.put("leased", stored == null ? 0 : stored.leased());
        return row;
    }

    /** What is stored of a partition that somebody else owns by now. */
    private static Map<String, Object> row(PartitionStats stored) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("topic", stored.partition().topic());
        row.put("partition", stored.partition().partition());
        row.put("member", null);
        row.put("state", "stored only");
        for (String unknown : List.of("position", "end", "lag", "secondsBehind", "inHand")) {
            row.put(unknown, null);
        }
        row.put("pending", stored.pending());
        row.put("leased", stored.leased());
        return row;
    }
}
