package dev.kafkaloom.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FakeCluster;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ConsumerGroupDescribeResponse;
import dev.kafkaloom.message.ConsumerProtocolAssignment;
import dev.kafkaloom.message.DeleteGroupsResponse;
import dev.kafkaloom.message.DeleteGroupsResponse.DeletableGroupResult;
import dev.kafkaloom.message.DescribeGroupsRequest;
import dev.kafkaloom.message.DescribeGroupsResponse;
import dev.kafkaloom.message.DescribeGroupsResponse.DescribedGroup;
import dev.kafkaloom.message.DescribeGroupsResponse.DescribedGroupMember;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.ListGroupsResponse.ListedGroup;
import dev.kafkaloom.message.OffsetCommitResponse;
import dev.kafkaloom.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import dev.kafkaloom.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.WireWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupsTest {
    private static final short NOT_FOUND = ErrorCode.GROUP_ID_NOT_FOUND.code();

    private static KafkaClient clientOf(FakeBroker broker) {
        return KafkaClient.open(ClientConfig.of(broker.bootstrap()));
    }

    private static DescribedGroup group(String name, String state, DescribedGroupMember... members) {
        return DescribedGroup.builder()
                .groupId(name)
                .groupState(state)
                .protocolType("consumer")
                .protocolData(members.length == 0 ? "" : "range")
                .members(List.of(members))
                .build();
    }

    private static DescribedGroupMember member(String name, ByteBuffer assignment) {
        return DescribedGroupMember.builder()
                .memberId(name + "-1")
                .clientId(name)
                .clientHost("/10.0.0.7")
                .memberMetadata(ByteBuffer.allocate(0))
                .memberAssignment(assignment)
                .build();
    }

    private static ByteBuffer assignment(int version, String topic, Integer... partitions) {
        short known = (short) Math.min(version, ConsumerProtocolAssignment.HIGHEST_VERSION);
        WireWriter out = new WireWriter(64);
        out.writeInt16((short) version);
        ConsumerProtocolAssignment.builder()
                .assignedPartitions(List.of(ConsumerProtocolAssignment.TopicPartition.builder()
                        .topic(topic)
                        .partitions(List.of(partitions))
                        .build()))
                .userData(null)
                .build()
                .write(out, known);
        return ByteBuffer.wrap(out.toBytes());
    }

    /** Answers DescribeGroups for those asked for. */
    private static Function<Request<?>, Response> describing(Function<String, DescribedGroup> groups) {
        return request -> DescribeGroupsResponse.builder()
                .groups(((DescribeGroupsRequest) request)
                        .groups().stream().map(groups).toList())
                .build();
    }

    @Test
    void whatMembersOwnIsReadInEveryVersion() throws Exception {
        try (FakeBroker broker = FakeBroker.start();
                KafkaClient client = clientOf(broker)) {
            broker.on(
                    ApiKey.DESCRIBE_GROUPS,
                    describing(name -> group(
                            name,
                            "Stable",
                            member("new", assignment(9, "orders", 2, 1)),
                            member("old", assignment(0, "orders", 0)))));

            GroupDescription billing = Groups.find(client, "billing").orElseThrow();

            assertThat(billing.members())
                    .extracting(MemberDescription::clientId, MemberDescription::assignment)
                    .containsExactly(
                            tuple("new", Map.of("orders", List.of(1, 2))), tuple("old", Map.of("orders", List.of(0))));
            assertThat(billing.type()).isEqualTo("classic");
            assertThat(billing.inWords())
                    .isEqualTo("group billing is Stable with 2 members (new at /10.0.0.7, old at /10.0.0.7)");
        }
    }

    @Test
    void anAssignmentThatCannotBeReadCostsNothingElse() throws Exception {
        try (FakeBroker broker = FakeBroker.start();
                KafkaClient client = clientOf(broker)) {
            ByteBuffer broken = ByteBuffer.wrap(new byte[] {0, 1, 0, 0, 0, 9, 0, 99});
            broker.on(ApiKey.DESCRIBE_GROUPS, describing(name -> group(name, "Stable", member("odd", broken))));
            assertThat(Groups.find(client, "billing").orElseThrow().members())
                    .singleElement()
                    .satisfies(member -> assertThat(member.assignment()).isEmpty());
        }
    }

    @Test
    void aGroupIsLookedForAmongTheOtherTypesWhenItIsNotClassic() throws Exception {
        try (FakeBroker broker = FakeBroker.start();
                KafkaClient client = clientOf(broker)) {
            broker.on(
                    ApiKey.DESCRIBE_GROUPS,
                    describing(name -> name.equals("classic")
                            ? group(name, "Empty")
                            : DescribedGroup.builder()
                                    .groupId(name)
                                    .errorCode(NOT_FOUND)
                                    .build()));
            broker.on(
                    ApiKey.CONSUMER_GROUP_DESCRIBE,
                    _ -> ConsumerGroupDescribeResponse.builder()
                            .groups(List.of(ConsumerGroupDescribeResponse.DescribedGroup.builder()
                                    .groupId("new")
                                    .groupState("Stable")
                                    .assignorName("uniform")
                                    .members(List.of())
                                    .build()))
                            .build());

            Map<String, GroupDescription> found = Groups.describe(client, List.of("classic", "new"));

            assertThat(found.get("classic").type()).isEqualTo("classic");
            assertThat(found.get("new"))
                    .extracting(GroupDescription::type, GroupDescription::protocol)
                    .containsExactly("consumer", "uniform");
            assertThat(broker.received(ApiKey.SHARE_GROUP_DESCRIBE)).isEmpty();
        }
    }

    @Test
    void aDeadGroupDoesNotExistButOnBrokersThatKnowNoEmptyOnes() throws Exception {
        for (String release : List.of("0.10.0.1", "2.4.1")) {
            try (FakeBroker broker = FakeBroker.startAs(release);
                    KafkaClient client = clientOf(broker)) {
                broker.on(ApiKey.DESCRIBE_GROUPS, describing(name -> group(name, "Dead")));
                assertThat(Groups.find(client, "billing").isPresent()).isEqualTo(release.equals("0.10.0.1"));
            }
        }
    }

    @Test
    void whatMayNotBeDescribedIsAnErrorThatNamesTheGroup() throws Exception {
        try (FakeBroker broker = FakeBroker.start();
                KafkaClient client = clientOf(broker)) {
            broker.on(
                    ApiKey.DESCRIBE_GROUPS,
                    describing(name -> DescribedGroup.builder()
                            .groupId(name)
                            .errorCode(ErrorCode.GROUP_AUTHORIZATION_FAILED.code())
                            .build()));
            assertThatThrownBy(() -> Groups.find(client, "billing"))
                    .hasMessageContainingAll("billing", "GROUP_AUTHORIZATION_FAILED");
        }
    }

    @Test
    void theGroupsOfAllBrokersAreListedAndDescribed() throws Exception {
        try (FakeCluster cluster = FakeCluster.start(3);
                KafkaClient client = KafkaClient.open(ClientConfig.of(cluster.bootstrap()))) {
            for (int node = 1; node <= 3; node++) {
                String name = "group-" + node;
                cluster.coordinate(name, node);
                cluster.node(node)
                        .on(
                                ApiKey.LIST_GROUPS,
                                _ -> ListGroupsResponse.builder()
                                        .groups(List.of(ListedGroup.builder()
                                                .groupId(name)
                                                .protocolType("consumer")
                                                .groupState("Empty")
                                                .groupType("Classic")
                                                .build()))
                                        .build());
                cluster.node(node)
                        .on(
                                ApiKey.DESCRIBE_GROUPS,
                                describing(asked -> asked.equals(name)
                                        ? group(name, "Empty")
                                        : DescribedGroup.builder()
                                                .groupId(asked)
                                                .errorCode(ErrorCode.NOT_COORDINATOR.code())
                                                .build()));
            }
            List<String> names =
                    Groups.list(client).stream().map(GroupListing::groupId).toList();
            assertThat(names).containsExactly("group-1", "group-2", "group-3");
            assertThat(Groups.describe(client, names)).containsOnlyKeys("group-1", "group-2", "group-3");
        }
    }

    @Test
    void whoeverJoinsBeforeACommitArrivesIsNamed() throws Exception {
        try (FakeBroker broker = FakeBroker.start();
                KafkaClient client = clientOf(broker)) {
            AtomicInteger looks = new AtomicInteger();
            broker.on(
                    ApiKey.DESCRIBE_GROUPS,
                    describing(name -> looks.getAndIncrement() == 0
                            ? group(name, "Empty")
                            : group(name, "Stable", member("late", assignment(0, "orders", 0)))));
            broker.on(
                    ApiKey.OFFSET_COMMIT,
                    _ -> OffsetCommitResponse.builder()
                            .topics(List.of(OffsetCommitResponseTopic.builder()
                                    .name("orders")
                                    .partitions(List.of(OffsetCommitResponsePartition.builder()
                                            .partitionIndex(0)
                                            .errorCode(ErrorCode.UNKNOWN_MEMBER_ID.code())
                                            .build()))
                                    .build()))
                            .build());
            assertThatThrownBy(() ->
                            CommittedOffsets.commit(client, "billing", Map.of(new TopicPartition("orders", 0), 5L)))
                    .isInstanceOf(KafkaException.InvalidRequest.class)
                    .hasMessageContainingAll("billing", "late at /10.0.0.7", "stop them");
        }
    }

    @Test
    void nothingIsCommittedUnderALiveMember() throws Exception {
        try (FakeBroker broker = FakeBroker.start();
                KafkaClient client = clientOf(broker)) {
            broker.on(
                    ApiKey.DESCRIBE_GROUPS,
                    describing(name -> group(name, "Stable", member("a", assignment(0, "orders", 0)))));
            assertThatThrownBy(() ->
                            CommittedOffsets.commit(client, "billing", Map.of(new TopicPartition("orders", 0), 5L)))
                    .isInstanceOf(KafkaException.InvalidRequest.class);
            assertThat(broker.received(ApiKey.OFFSET_COMMIT)).isEmpty();
        }
    }

    @Test
    void whoeverKeepsAGroupFromBeingDeletedIsNamed() throws Exception {
        try (FakeBroker broker = FakeBroker.start();
                KafkaClient client = clientOf(broker)) {
            broker.on(
                    ApiKey.DESCRIBE_GROUPS,
                    describing(name -> group(name, "Stable", member("a", assignment(0, "orders", 0)))));
            broker.on(
                    ApiKey.DELETE_GROUPS,
                    _ -> DeleteGroupsResponse.builder()
                            .results(List.of(DeletableGroupResult.builder()
                                    .groupId("billing")
                                    .errorCode(ErrorCode.NON_EMPTY_GROUP.code())
                                    .build()))
                            .build());
            assertThatThrownBy(() -> Groups.delete(client, "billing"))
                    .isInstanceOfSatisfying(
                            KafkaException.BrokerError.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.NON_EMPTY_GROUP))
                    .hasMessageContainingAll("is Stable with 1 member (a at /10.0.0.7)", "stop them");
        }
    }
}
