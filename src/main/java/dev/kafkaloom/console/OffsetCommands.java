package dev.kafkaloom.console;

import dev.kafkaloom.admin.CommittedOffsets;
import dev.kafkaloom.admin.GroupLag;
import dev.kafkaloom.admin.Groups;
import dev.kafkaloom.admin.LogRange;
import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The commands about offsets, with kafka-swoole's names, options and columns. */
final class OffsetCommands {
    private static final Flag GROUP = Flag.value("-g --group", "GROUP", "the group; by default group.id");
    private static final Flag TOPICS = Flag.values(
            "-t --topic", "TOPIC", "a topic, may be repeated; by default all that the group has committed offsets of");
    private static final Usage OF_A_GROUP = new Usage(List.of(GROUP, TOPICS), null, 0);
    private static final Usage LIST = new Usage(
            List.of(
                    Flag.values("-t --topic", "TOPIC", "a topic, may be repeated; by default topic.names"),
                    Flag.toggle("-1 --latest", "the newest offset, as TIME: the end of the log"),
                    Flag.toggle("-2 --earliest", "the oldest offset, as TIME: the start of the log")),
            "TIME",
            1);
    private static final Usage COMMIT = new Usage(
            List.of(
                    Flag.value("-g --group", "GROUP", "the group; it must have no members while this is done"),
                    Flag.value("-t --topic", "TOPIC", "the topic"),
                    Flag.values("-p --partition", "N", "a partition, may be repeated")),
            "OFFSET",
            1);

    private OffsetCommands() {}

    static List<Command> all() {
        return List.of(
                new SmallCommand(
                                "kafka.customs.lag",
                                "records the group has not consumed yet, one number",
                                OF_A_GROUP,
                                OffsetCommands::lag)
                        .suchAs("kafka.customs.lag -g billing -t orders"),
                new SmallCommand(
                                "kafka.list_offsets",
                                "offsets of a topic: all (0, the default), newest (-1), oldest (-2), or at a time",
                                LIST,
                                OffsetCommands::list)
                        .suchAs(
                                "kafka.list_offsets -t orders",
                                "kafka.list_offsets -t orders -1",
                                "kafka.list_offsets -t orders 2026-11-22T19:15:00Z"),
                new SmallCommand(
                                "kafka.offset_fetch",
                                "what the group has committed: the next offsets it will consume",
                                OF_A_GROUP,
                                OffsetCommands::fetch)
                        .suchAs("kafka.offset_fetch -g billing -t orders"),
                new SmallCommand(
                                "kafka.offset_commit",
                                "set what the group has committed: a number, start or end; shows before and after",
                                COMMIT,
                                false,
                                OffsetCommands::commit)
                        .suchAs(
                                "kafka.offset_commit -g billing -t orders -p 0 1000",
                                "kafka.offset_commit -g billing -t orders -p 0 -p 1 start"));
    }

    static String group(Session session, Arguments arguments) {
        return arguments
                .value("group")
                .orElseGet(() -> session.loom().consumerConfig().groupId());
    }

    private static int lag(Session session, Arguments arguments) throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        String group = group(session, arguments);
        List<String> topics = arguments.all("topic");
        List<GroupLag> lags =
                topics.isEmpty() ? GroupLag.ofAll(client, group, List.of()) : GroupLag.of(client, group, topics);
        if (lags.stream().allMatch(each -> each.committed() == null)) {
            requireGroup(client, group);
        }
        session.out()
                .show(new Value(lags.stream().mapToLong(GroupLag::remaining).sum()));
        return 0;
    }

    /** A name that was mistyped shows neither lag nor offsets: better to say so. */
    private static void requireGroup(KafkaClient client, String group) throws InterruptedException {
        if (Groups.find(client, group).isEmpty()) {
            throw new KafkaException.BrokerError(ErrorCode.GROUP_ID_NOT_FOUND, "group " + group);
        }
    }

    private static int list(Session session, Arguments arguments) throws IOException, InterruptedException {
        long time = time(session, arguments);
        KafkaClient client = session.loom().client();
        List<String> named = arguments.all("topic");
        SortedSet<TopicPartition> partitions = Topics.partitions(
                client, named.isEmpty() ? session.loom().consumerConfig().topics() : named);
        session.out().show(time == 0 ? ranges(client, partitions) : at(session, client, partitions, time));
        return 0;
    }

    private static long time(Session session, Arguments arguments) throws IOException {
        int given = arguments.plain().size() + (arguments.has("latest") ? 1 : 0) + (arguments.has("earliest") ? 1 : 0);
        if (given > 1) {
            throw new UsageException("kafka.list_offsets takes one time: 0, -1, -2, milliseconds or an ISO time");
        }
        if (arguments.has("latest") || arguments.plain().equals(List.of("-1"))) {
            return OffsetLookup.LATEST;
        }
        if (arguments.has("earliest") || arguments.plain().equals(List.of("-2"))) {
            return OffsetLookup.EARLIEST;
        }
        if (arguments.plain().isEmpty()) {
            return 0;
        }
        long time = OffsetTime.parse(arguments.plain().getFirst());
        String doubt = time == 0 ? null : OffsetTime.doubt(time);
        if (doubt != null) {
            session.out().note(doubt);
        }
        return time;
    }

    private static Table ranges(KafkaClient client, Collection<TopicPartition> partitions) throws InterruptedException {
        var table = new Table.Builder("topic", "partition", "earliest", "highWatermark");
        LogRange.of(client, partitions)
                .forEach((partition, log) ->
                        table.row(partition.topic(), partition.partition(), log.start(), log.end()));
        return table.build();
    }

    private static Table at(Session session, KafkaClient client, Collection<TopicPartition> partitions, long time)
            throws IOException, InterruptedException {
        ApiVersions versions = client.versions();
        boolean bySegment = versions.common(ApiKey.LIST_OFFSETS)
                .map(range -> range.highest() == 0)
                .orElse(false);
        if (time > 0 && bySegment) {
            session.out()
                    .note("records have times since Kafka 0.10.1; " + versions.release()
                            + " answers with the start of the last log segment that was written before");
        }
        var table = new Table.Builder("topic", "partition", "nextOffset");
        SortedMap<TopicPartition, Long> offsets = LogRange.at(client, partitions, time);
        offsets.forEach(
                (partition, offset) -> table.row(partition.topic(), partition.partition(), offset < 0 ? null : offset));
        if (time > 0 && offsets.values().stream().anyMatch(offset -> offset < 0)) {
            session.out()
                    .note("where nextOffset is empty, "
                            + (bySegment ? "no log segment was written before that" : "no record is as young as that"));
        }
        return table.build();
    }

    private static int fetch(Session session, Arguments arguments) throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        String group = group(session, arguments);
        SortedMap<TopicPartition, Long> offsets = arguments.all("topic").isEmpty()
                ? CommittedOffsets.of(client, group)
                : committed(client, group, Topics.partitions(client, arguments.all("topic")));
        if (offsets.values().stream().allMatch(offset -> offset == null)) {
            requireGroup(client, group);
        }
        session.out().show(offsets(offsets));
        return 0;
    }

    /** All of the partitions, null where nothing is committed. */
    private static SortedMap<TopicPartition, Long> committed(
            KafkaClient client, String group, SortedSet<TopicPartition> partitions) throws InterruptedException {
        Map<TopicPartition, Long> known = GroupOffsets.fetch(client, group, partitions);
        SortedMap<TopicPartition, Long> all = new TreeMap<>();
        partitions.forEach(partition -> all.put(partition, known.get(partition)));
        return all;
    }

    private static Table offsets(Map<TopicPartition, Long> offsets) {
        var table = new Table.Builder("topic", "partition", "offset");
        offsets.forEach((partition, offset) -> table.row(partition.topic(), partition.partition(), offset));
        return table.build();
    }

    private static int commit(Session session, Arguments arguments) throws IOException, InterruptedException {
        String group = required(arguments, "group");
        String topic = required(arguments, "topic");
        OffsetWord offset = OffsetWord.parse(arguments.plain().stream()
                .findFirst()
                .orElseThrow(() -> new UsageException("kafka.offset_commit needs an offset: start, end or a number")));
        KafkaClient client = session.loom().client();
        SortedSet<TopicPartition> all = Topics.partitions(client, List.of(topic));
        SortedSet<TopicPartition> chosen = chosen(arguments, topic, all);
        SortedMap<TopicPartition, Long> next = new TreeMap<>();
        for (var each : LogRange.of(client, chosen).entrySet()) {
            next.put(each.getKey(), offset.in(each.getValue()));
            String warning = offset.warning(each.getKey(), each.getValue()).orElse(null);
            if (warning != null) {
                session.out().note(warning);
            }
        }
        Table before = offsets(committed(client, group, all));
        CommittedOffsets.commit(client, group, next);
        Table after = offsets(committed(client, group, all));
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("before", Json.ofTable(before));
        data.put("after", Json.ofTable(after));
        session.out().show(Document.tables(data, "Before the change:", before, "After the change:", after));
        return 0;
    }

    private static String required(Arguments arguments, String key) {
        return arguments.value(key).orElseThrow(() -> new UsageException("kafka.offset_commit needs --" + key));
    }

    private static SortedSet<TopicPartition> chosen(Arguments arguments, String topic, SortedSet<TopicPartition> all) {
        if (!arguments.has("partition")) {
            throw new UsageException("kafka.offset_commit needs --partition, once for each");
        }
        SortedSet<TopicPartition> chosen = new TreeSet<>();
        for (String text : arguments.all("partition")) {
            if (!text.matches("\\d{1,9}")) {
                throw new UsageException("--partition must be a whole number from 0 on, not '" + text + "'");
            }
            TopicPartition partition = new TopicPartition(topic, Integer.parseInt(text));
            if (!all.contains(partition)) {
                throw new KafkaException.InvalidRequest(
                        "topic " + topic + " has partitions 0 to " + (all.size() - 1) + ", not " + text);
            }
            chosen.add(partition);
        }
        return chosen;
    }
}
