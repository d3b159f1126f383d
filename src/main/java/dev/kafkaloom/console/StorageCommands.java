package dev.kafkaloom.console;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StorageKind;
import dev.kafkaloom.storage.StorageStats;
import dev.kafkaloom.storage.StoredRecord;
import dev.kafkaloom.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What waits for the sink: {@code storage stats, list}, and kafka-swoole's {@code retran} and {@code clear}. */
final class StorageCommands {
    private static final int PEEKED = 20;
    private static final Flag YES = Flag.toggle("-y --yes", "do not ask");
    private static final Usage RETRAN = new Usage(
            List.of(
                    Flag.toggle(
                            "-a --all",
                            "also what sinkers of the living have in hand, which is then done twice; asks first"),
                    YES),
            null,
            0);
    private static final Usage CLEAR = new Usage(
            List.of(Flag.toggle("--leased", "only what sinkers have in hand, not what waits for one"), YES), null, 0);
    private static final Usage LIST =
            new Usage(List.of(Flag.value("-n --count", "N", "list: at most so many, 20 by default")), null, 0);

    private StorageCommands() {}

    static List<Command> all() {
        return List.of(
                new SmallCommand(
                                "retran",
                                "hand out again, before all else, what sinkers took and died with",
                                RETRAN,
                                false,
                                StorageCommands::retran)
                        .suchAs("retran", "retran --all --yes"),
                new SmallCommand(
                                "clear",
                                "throw away what is stored and not done; asks first (cls clears the screen)",
                                CLEAR,
                                false,
                                StorageCommands::clear)
                        .aka("clear_log")
                        .suchAs("clear --leased", "clear --yes"),
                new CommandFamily(
                        "storage",
                        "what is stored and not done, by partition; list shows some of it",
                        List.of(
                                new SmallCommand("stats", "by partition", Usage.NONE, StorageCommands::stats),
                                new SmallCommand("list", "the oldest records", LIST, StorageCommands::list)
                                        .suchAs("storage list -n 5"))));
    }

    // ---- kafka-swoole's

    private static int retran(Session session, Arguments arguments) throws IOException, InterruptedException {
        Running running = session.loom().consumer("retran");
        StorageStats stats = stored(session, running, "retran").stats();
        if (arguments.has("all")) {
            String question = "hand out all " + stats.leased()
                    + " records again that sinkers have in hand? What they still finish is done twice.";
            if (!Asking.agreed(session, arguments, question, "nothing was handed out again")) {
                return 1;
            }
        }
        session.out().show(new Value(running.retransmit().apply(arguments.has("all"))));
        return 0;
    }

    private static int clear(Session session, Arguments arguments) throws IOException, InterruptedException {
        Running running = session.loom().consumer("clear");
        StorageStats stats = stored(session, running, "clear").stats();
        boolean leased = arguments.has("leased");
        String question = "throw away "
                + (leased
                        ? "the " + stats.leased() + " records that sinkers have in hand?"
                        : "all " + stats.size() + " stored records, " + stats.leased() + " of them in work?")
                + " They were committed to Kafka: this group never gets them again.";
        if (!Asking.agreed(session, arguments, question, "nothing was thrown away")) {
            return 1;
        }
        session.out().show(new Value(running.clear().apply(leased)));
        return 0;
    }

    private static Storage stored(Session session, Running running, String command) {
        return running.storage()
                .get()
                .orElseThrow(() -> new UsageException(command + " is about stored records, and with"
                        + " KAFKA_MESSAGE_STORAGE=" + kind(session)
                        + " none are: what was not done is consumed again from Kafka (cls clears the screen)"));
    }

    private static StorageKind kind(Session session) {
        return config(session).kind();
    }

    private static StorageConfig config(Session session) {
        return session.loom().config().runtime().storage();
    }

    // ---- storage

    private static int stats(Session session, Arguments arguments) throws IOException, InterruptedException {
        if (isOfNobody(session)) {
            session.out()
                    .show(answer(
                            config(session),
                            withLimits(session, files(session, 0).stats())));
            return 0;
        }
        Running running = session.loom().consumer("storage");
        StorageStats stats = running.storage().get().map(Storage::stats).orElse(StorageStats.NONE);
        session.out().show(answer(config(session), stats));
        return 0;
    }

    /** Whether files can be looked into because no consumer of this process has them. */
    private static boolean isOfNobody(Session session) {
        return session.loom().consumer().isEmpty() && config(session) instanceof StorageConfig.File;
    }

    private static FileStorage.Contents files(Session session, int most) throws IOException, InterruptedException {
        Path folder = ((StorageConfig.File) config(session)).dir();
        FileStorage.Contents contents = FileStorage.inspect(folder, most);
        session.out()
                .note("as the files in " + folder
                        + " have it, which a running daemon changes: rpc storage asks that one");
        return contents;
    }

    /** What the files take is in them, what they may take is not. */
    private static StorageStats withLimits(Session session, StorageStats stats) {
        var config = (StorageConfig.File) config(session);
        return new StorageStats(
                stats.pending(),
                stats.leased(),
                stats.bytes(),
                config.limitRecords(),
                config.limitBytes(),
                stats.appended(),
                stats.skipped(),
                stats.lost(),
                stats.redelivered(),
                stats.trouble(),
                stats.partitions());
    }

    static Document answer(StorageConfig config, StorageStats stats) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("storage", config.kind().name());
        object.put("where", where(config));
        object.put("pending", stats.pending());
        object.put("leased", stats.leased());
        object.put("limitRecords", stats.limitRecords() == Long.MAX_VALUE ? null : stats.limitRecords());
        object.put("bytes", stats.bytes() < 0 ? null : stats.bytes());
        object.put("limitBytes", stats.limitBytes() == Long.MAX_VALUE ? null : stats.limitBytes());
        object.put("appended", stats.appended());
        object.put("skipped", stats.skipped());
        object.put("redelivered", stats.redelivered());
        object.put("lost", stats.lost());
        object.put("trouble", stats.trouble().orElse(null));
        var head = new Table.Builder("what", "value");
        object.forEach(head::row);
        Table partitions = partitions(stats);
        object.put("partitions", Json.ofTable(partitions));
        return partitions.rows().isEmpty()
                ? Document.tables(object, head.build())
                : Document.tables(object, head.build(), partitions);
    }

    private static String where(StorageConfig config) {
        return switch (config) {
            case StorageConfig.Direct _ -> "nowhere: records go to the sink as they come";
            case StorageConfig.File file -> file.dir().toString();
            case StorageConfig.Redis redis -> redis.server().toString();
        };
    }

    private static Table partitions(StorageStats stats) {
        var table = new Table.Builder("topic", "partition", "pending", "leased", "stored up to", "oldest");
        for (StorageStats.PartitionStats each : stats.partitions()) {
            TopicPartition partition = each.partition();
            table.row(
                    partition.topic(),
                    partition.partition(),
                    each.pending(),
                    each.leased(),
                    each.mark(),
                    RecordText.time(each.oldestTimestamp()));
        }
        return table.build();
    }

    private static int list(Session session, Arguments arguments) throws IOException, InterruptedException {
        int count = arguments.number("count", 1).orElse(PEEKED);
        if (isOfNobody(session)) {
            session.out().show(answer(files(session, count).records()));
            return 0;
        }
        Storage storage = stored(session, session.loom().consumer("storage list"), "storage list");
        session.out().show(answer(storage.peek(count)));
        return 0;
    }

    static Document answer(List<StoredRecord> records) {
        var table = new Table.Builder(
                "topic", "partition", "offset", "time", "state", "deliveries", "key", "value", "where");
        List<Object> data = new ArrayList<>();
        for (StoredRecord each : records) {
            ConsumedRecord record = each.record();
            String state = each.leased() ? "leased" : "pending";
            table.row(
                    record.partition().topic(),
                    record.partition().partition(),
                    record.offset(),
                    RecordText.time(record.timestamp()),
                    state,
                    record.deliveryCount(),
                    RecordText.cut(record.key(), 24),
                    RecordText.cut(record.value(), 40),
                    each.where());
            Map<String, Object> object = RecordText.fields(record);
            object.put("state", state);
            object.put("deliveries", record.deliveryCount());
            object.put("where", each.where());
            data.add(object);
        }
        return Document.tables(data, table.build());
    }
}
