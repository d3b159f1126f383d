package dev.kafkaloom.console;

import dev.kafkaloom.admin.GroupLag;
import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.message.DescribeGroupsRequest;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The commands about the consumer group, with kafka-swoole's names and columns. */
final class GroupCommands {
    private static final Flag GROUP =
            Flag.value("-g --group", "GROUP", "the group; by default group.id. TOPIC: by default topic.names");
    private static final Usage OF_A_GROUP = new Usage(List.of(GROUP), "TOPIC", 100);

    private GroupCommands() {}

    static List<Command> all() {
        return List.of(
                new SmallCommand(
                        "kafka_lag", "records the group has not consumed yet", OF_A_GROUP, GroupCommands::kafkaLag),
                new SmallCommand(
                        "offset_checker",
                        "committed offset, end and lag of each partition",
                        OF_A_GROUP,
                        GroupCommands::offsetChecker),
                new SmallCommand(
                        "block_size",
                        "records handed out or stored and not done yet",
                        Usage.NONE,
                        GroupCommands::blockSize),
                new SmallCommand(
                        "member_leader", "leader and members of the group", Usage.NONE, GroupCommands::memberLeader));
    }

    private static List<GroupLag> lags(Session session, Arguments arguments) throws IOException, InterruptedException {
        Loom loom = session.loom();
        String group = arguments.value("group").orElse(loom.consumerConfig().groupId());
        Collection<String> topics =
                arguments.plain().isEmpty() ? loom.consumerConfig().topics() : arguments.plain();
        List<GroupLag> lags = GroupLag.of(loom.client(), group, topics);
        if (lags.stream().allMatch(lag -> lag.committed() == null)) {
            session.out()
                    .note("group " + group + " has committed nothing of " + String.join(", ", topics)
                            + ": counted from the oldest record");
        }
        return lags;
    }

    private static int kafkaLag(Session session, Arguments arguments) throws IOException, InterruptedException {
        session.out()
                .show(new Value(lags(session, arguments).stream()
                        .mapToLong(GroupLag::remaining)
                        .sum()));
        return 0;
    }

    private static int offsetChecker(Session session, Arguments arguments) throws IOException, InterruptedException {
        var table = new Table.Builder("topic", "partition", "current-offset", "kafka-max-offset", "remaining-count");
        for (GroupLag lag : lags(session, arguments)) {
            table.row(
                    lag.partition().topic(),
                    lag.partition().partition(),
                    lag.current(),
                    lag.log().end(),
                    lag.remaining());
        }
        session.out().show(table.build());
        return 0;
    }

    private static int blockSize(Session session, Arguments arguments) throws IOException {
        session.out().show(new Value(session.loom().running("block_size").inProgress()));
        return 0;
    }

    private static int memberLeader(Session session, Arguments arguments) throws IOException, InterruptedException {
        GroupSnapshot group = session.loom().runningGroup("member_leader");
        var leaders = new Table.Builder("consumer-group-leaderId");
        group.members().stream()
                .map(MemberSnapshot::leaderId)
                .filter(id -> !id.isEmpty())
                .distinct()
                .forEach(leaders::row);
        var members = new Table.Builder("consumer-group-membersId");
        memberIds(session.loom().client(), group).forEach(members::row);
        session.out().show(leaders.build());
        session.out().show(members.build());
        return 0;
    }

    /** All members, those of other processes too: only the leader is told in the group, so the coordinator is asked. */
    private static Collection<String> memberIds(KafkaClient client, GroupSnapshot group) throws InterruptedException {
        Stream<String> own = group.members().stream()
                .flatMap(member -> Stream.concat(Stream.of(member.memberId()), member.groupMembers().stream()));
        TreeSet<String> ids = new TreeSet<>(own.filter(id -> !id.isEmpty()).toList());
        if (group.members().stream().noneMatch(MemberSnapshot::leader)) {
            var response = client.call(
                    new Route.GroupCoordinator(group.groupId()),
                    DescribeGroupsRequest.builder()
                            .groups(List.of(group.groupId()))
                            .build(),
                    CallOptions.DEFAULT);
            response.groups().forEach(described -> described.members().forEach(member -> ids.add(member.memberId())));
        }
        return ids;
    }
}
