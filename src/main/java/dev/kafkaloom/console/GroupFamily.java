package dev.kafkaloom.console;

import dev.kafkaloom.admin.GroupDescription;
import dev.kafkaloom.admin.GroupLag;
import dev.kafkaloom.admin.GroupListing;
import dev.kafkaloom.admin.Groups;
import dev.kafkaloom.admin.LogRange;
import dev.kafkaloom.admin.MemberDescription;
import dev.kafkaloom.admin.ShareLag;
import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code groups list, describe, create, delete}, and kafka-swoole's {@code kafka.describe_groups}. */
final class GroupFamily {
    private static final int MANY = 1000;
    private static final Usage DESCRIBE = new Usage(
            List.of(Flag.values(
                    "-t --topic", "TOPIC", "a topic, may be repeated; describe: only the offsets of these")),
            "GROUP",
            MANY);
    private static final Usage CREATE = new Usage(
            List.of(
                    DESCRIBE.flags().getFirst(),
                    Flag.value(
                            "--at",
                            "start|end|OFFSET",
                            "create: what is committed to each partition, which makes the group (Kafka has no request"
                                    + " for it); by default as auto.offset.reset says")),
            "NAME",
            1);
    private static final Usage DELETE = new Usage(List.of(Asking.YES), "GROUP", MANY);
    private static final Usage SWOOLE = new Usage(
            List.of(
                    Flag.values("-g --group", "GROUP", "a group, may be repeated; by default group.id"),
                    Flag.values("-t --topic", "TOPIC", "only the members' partitions of this topic, may be repeated")),
            null,
            0);

    private GroupFamily() {}

    static List<Command> all() {
        return List.of(
                new CommandFamily(
                        "groups",
                        "list the groups; describe, create or delete some",
                        List.of(
                                new SmallCommand("list", "the groups of all brokers", Usage.NONE, GroupFamily::list),
                                new SmallCommand("describe", "members, offsets, lag", DESCRIBE, GroupFamily::describe)
                                        .suchAs("groups describe billing"),
                                new SmallCommand("create", "commit offsets for it", CREATE, false, GroupFamily::create)
                                        .suchAs("groups create billing -t orders --at start"),
                                new SmallCommand("delete", "delete groups", DELETE, false, GroupFamily::delete)
                                        .suchAs("groups delete billing --yes"))),
                new SmallCommand(
                                "kafka.describe_groups",
                                "state, members and assignment of a group",
                                SWOOLE,
                                GroupFamily::swoole)
                        .aka("kafka.describeGroups")
                        .suchAs("kafka.describe_groups -g billing"));
    }

    private static int list(Session session, Arguments arguments) throws IOException, InterruptedException {
        var table = new Table.Builder("group", "type", "protocol-type", "state");
        for (GroupListing each : Groups.list(session.loom().client())) {
            table.row(each.groupId(), each.type(), each.protocolType(), each.state());
        }
        session.out().show(table.build());
        return 0;
    }

    private static List<String> names(Arguments arguments, String word) {
        if (arguments.plain().isEmpty()) {
            throw new UsageException("groups " + word + " needs a group");
        }
        return List.copyOf(new LinkedHashSet<>(arguments.plain()));
    }

    /** Those that exist, in the order they were asked for; when one does not, nothing is answered. */
    private static List<GroupDescription> existing(KafkaClient client, List<String> names) throws InterruptedException {
        Map<String, GroupDescription> found = Groups.describe(client, names);
        for (String name : names) {
            if (!found.containsKey(name)) {
                throw new KafkaException.BrokerError(ErrorCode.GROUP_ID_NOT_FOUND, "group " + name);
            }
        }
        return names.stream().map(found::get).toList();
    }

    private static int describe(Session session, Arguments arguments) throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        List<Object> data = new ArrayList<>();
        List<Object> parts = new ArrayList<>();
        for (GroupDescription group : existing(client, names(arguments, "describe"))) {
            BrokerAddress coordinator = client.coordinator(group.groupId());
            Table members = members(group, List.of(), "member", "client", "host", "topic", "partitions");
            Table offsets = offsets(session, group, arguments.all("topic"));
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("group", group.groupId());
            object.put("type", group.type());
            object.put("state", group.state());
            object.put("protocol-type", group.protocolType());
            object.put("protocol", group.protocol());
            object.put("coordinator", coordinator.nodeId());
            Table head = new Table(List.copyOf(object.keySet()), List.of(new ArrayList<>(object.values())));
            object.put("members", memberObjects(group, List.of(), "member", "client", "host"));
            object.put("offsets", Json.ofTable(offsets));
            data.add(object);
            parts.add(head);
            List.of(members, offsets).stream()
                    .filter(each -> !each.rows().isEmpty())
                    .forEach(parts::add);
        }
        session.out().show(Document.tables(data, parts.toArray()));
        return 0;
    }

    private static Table offsets(Session session, GroupDescription group, List<String> topics)
            throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        if (group.type().equals("share")) {
            var table = new Table.Builder("topic", "partition", "start-offset", "remaining-count");
            for (ShareLag each : ShareLag.of(client, group.groupId())) {
                TopicPartition partition = each.partition();
                if (topics.isEmpty() || topics.contains(partition.topic())) {
                    table.row(partition.topic(), partition.partition(), each.start(), each.remaining());
                }
            }
            return table.build();
        }
        var table = new Table.Builder("topic", "partition", "current-offset", "kafka-max-offset", "remaining-count");
        for (GroupLag each : lags(session, group, topics)) {
            TopicPartition partition = each.partition();
            table.row(
                    partition.topic(),
                    partition.partition(),
                    each.committed(),
                    each.log().end(),
                    each.remaining());
        }
        return table.build();
    }

    private static List<GroupLag> lags(Session session, GroupDescription group, List<String> topics)
            throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        if (!topics.isEmpty()) {
            return GroupLag.of(client, group.groupId(), topics);
        }
        try {
            return GroupLag.ofAll(client, group.groupId(), group.assignedTopics());
        } catch (KafkaException.UnsupportedVersion e) {
            session.out().note("offsets of the members' topics only: " + e.oneLine() + " (-t)");
            return GroupLag.of(client, group.groupId(), group.assignedTopics());
        }
    }

    /** A row for each topic of each member; one for a member that has nothing. */
    private static Table members(GroupDescription group, List<String> topics, String... columns) {
        var table = new Table.Builder(columns);
        for (MemberDescription member : group.members()) {
            Map<String, List<Integer>> shown = assignment(member, topics);
            shown.forEach((topic, partitions) ->
                    table.row(member.memberId(), member.clientId(), member.host(), topic, partitions));
            if (shown.isEmpty()) {
                table.row(member.memberId(), member.clientId(), member.host(), null, null);
            }
        }
        return table.build();
    }

    private static Map<String, List<Integer>> assignment(MemberDescription member, List<String> topics) {
        Map<String, List<Integer>> shown = new TreeMap<>(member.assignment());
        if (!topics.isEmpty()) {
            shown.keySet().retainAll(topics);
        }
        return shown;
    }

    private static List<Object> memberObjects(GroupDescription group, List<String> topics, String... keys) {
        List<Object> objects = new ArrayList<>();
        for (MemberDescription member : group.members()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put(keys[0], member.memberId());
            object.put(keys[1], member.clientId());
            object.put(keys[2], member.host());
            object.put("assignment", assignment(member, topics));
            objects.add(object);
        }
        return objects;
    }

    private static int swoole(Session session, Arguments arguments) throws IOException, InterruptedException {
        List<String> names = arguments.has("group")
                ? arguments.all("group")
                : List.of(session.loom().consumerConfig().groupId());
        List<String> topics = arguments.all("topic");
        List<Object> data = new ArrayList<>();
        List<Object> parts = new ArrayList<>();
        for (GroupDescription group : existing(session.loom().client(), names)) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("groupId", group.groupId());
            object.put("groupState", group.state());
            object.put("protocolType", group.protocolType());
            object.put("protocolData", group.protocol());
            parts.add(new Table(List.copyOf(object.keySet()), List.of(new ArrayList<>(object.values()))));
            object.put("members", memberObjects(group, topics, "memberId", "clientId", "clientHost"));
            data.add(object);
            if (group.isLive()) {
                parts.add(members(group, topics, "memberId", "clientId", "clientHost", "topic", "partitions"));
            }
        }
        session.out().show(Document.tables(data, parts.toArray()));
        return 0;
    }

    private static int create(Session session, Arguments arguments) throws IOException, InterruptedException {
        String group = names(arguments, "create").getFirst();
        if (!arguments.has("topic")) {
            throw new UsageException("groups create needs --topic: a group is made by committing offsets");
        }
        OffsetWord at = arguments.value("at").map(OffsetWord::parse).orElseGet(() -> byDefault(session));
        KafkaClient client = session.loom().client();
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>();
        var table = new Table.Builder("topic", "partition", "offset");
        for (var each : LogRange.of(client, Topics.partitions(client, arguments.all("topic")))
                .entrySet()) {
            TopicPartition partition = each.getKey();
            offsets.put(partition, at.in(each.getValue()));
            table.row(partition.topic(), partition.partition(), at.in(each.getValue()));
            String warning = at.warning(partition, each.getValue()).orElse(null);
            if (warning != null) {
                session.out().note(warning);
            }
        }
        Groups.create(client, group, offsets);
        session.out().show(table.build());
        return 0;
    }

    private static OffsetWord byDefault(Session session) {
        OffsetReset reset = session.loom().consumerConfig().autoOffsetReset();
        return switch (reset) {
            case OffsetReset.Named.EARLIEST -> OffsetWord.START;
            case OffsetReset.Named.LATEST -> OffsetWord.END;
            case OffsetReset.Named.NONE -> throw needsAt(reset);
            case OffsetReset.ByDuration _ -> throw needsAt(reset);
        };
    }

    private static UsageException needsAt(OffsetReset reset) {
        return new UsageException("groups create needs --at: auto.offset.reset is " + reset);
    }

    private static int delete(Session session, Arguments arguments) throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        List<String> names = names(arguments, "delete");
        Asking.known(client, ApiKey.DELETE_GROUPS, "groups delete");
        for (GroupDescription group : existing(client, names)) {
            if (group.isLive()) {
                throw new KafkaException.InvalidRequest(
                        group.inWords() + ": stop them before it is deleted; nothing was");
            }
        }
        String question = "delete group " + String.join(", ", names) + " with all committed offsets?";
        if (!Asking.agreed(session, arguments, question)) {
            return 1;
        }
        var table = new Table.Builder("deleted-group");
        try {
            Asking.each(session, names, name -> {
                Groups.delete(client, name);
                table.row(name);
            });
        } finally {
            TopicCommands.showWhatWasDone(session, table.build());
        }
        return 0;
    }
}
