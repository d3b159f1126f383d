package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FakeCluster;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaloom.message.ListOffsetsResponse;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponseTopic;
import dev.kafkaloom.message.ReadShareGroupStateRequest;
import dev.kafkaloom.message.ReadShareGroupStateRequest.ReadStateData;
import dev.kafkaloom.message.ReadShareGroupStateResponse;
import dev.kafkaloom.message.ReadShareGroupStateResponse.ReadStateResult;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.message.WriteTxnMarkersRequest;
import dev.kafkaloom.message.WriteTxnMarkersRequest.WritableTxnMarker;
import dev.kafkaloom.message.WriteTxnMarkersResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shapes that releases have for the same thing, and what the client does to fit them. */
@Timeout(60)
class SpanShapesTest {
    private static final Uuid ID = new Uuid(1, 2);

    private FakeCluster cluster;
    private KafkaClient client;

    private void start(String release) throws IOException {
        cluster = FakeCluster.startAs(release, 3).topic("t", 3);
        cluster.coordinate("a", 1).coordinate("b", 2).coordinate("c", 3).coordinate("d", 1);
        client = KafkaClient.open(ClientConfig.builder(cluster.bootstrap())
                .retryBackoff(Duration.ofMillis(10))
                .retryBackoffMax(Duration.ofMillis(50))
                .build());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        cluster.close();
    }

    private List<Integer> versions(int node, ApiKey api) {
        return cluster.node(node).received(api).stream()
                .map(each -> (int) each.version())
                .toList();
    }

    private long sentOf(ApiKey api) {
        return cluster.nodes().stream()
                .mapToLong(node -> node.received(api).size())
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.9.0.1", "1.1.0", "2.8.2", "3.9.2", "4.3.1"})
    void groupsAreDescribedByTheirCoordinatorsOnEveryRelease(String release) throws Exception {
        start(release);
        SpanFamily family = GroupSpanFamilies.describeGroups();
        for (FakeBroker node : cluster.nodes()) {
            node.on(
                    family.api(),
                    request -> family.answer()
                            .apply(SpanFamily.codes(family.asked().apply(request), group -> group, group ->
                                    (short) (cluster.coordinator(group) == node.nodeId() ? 0 : 16))));
        }
        Response response = client.call(family.ask().apply(List.of("c", "a", "d", "b")));
        assertThat(family.read().apply(response).entrySet())
                .extracting(Map.Entry::toString)
                .containsExactly("c=0", "a=0", "d=0", "b=0");
        assertThat(family.asked()
                        .apply(cluster.node(1).received(family.api()).getFirst().request()))
                .containsExactly("a", "d");
    }

    @ParameterizedTest
    @CsvSource({"0.9.0.1,1", "1.1.0,3", "2.8.2,7"})
    void offsetsOfSeveralGroupsAreAskedForOneByOneBeforeRelease30(String release, int version) throws Exception {
        start(release);
        for (FakeBroker node : cluster.nodes()) {
            node.on(ApiKey.OFFSET_FETCH, request -> offsets((OffsetFetchRequest) request, node.nodeId()));
        }
        OffsetFetchRequest request =
                (OffsetFetchRequest) GroupSpanFamilies.offsetFetch().ask().apply(List.of("d", "b", "a"));
        OffsetFetchResponse response = client.call(request);
        assertThat(response.groups())
                .extracting(group -> group.groupId() + ":"
                        + group.topics().getFirst().partitions().getFirst().committedOffset())
                .containsExactly("d:1", "b:2", "a:1");
        assertThat(versions(1, ApiKey.OFFSET_FETCH)).containsExactly(version, version);
        assertThat(versions(2, ApiKey.OFFSET_FETCH)).containsExactly(version);
        assertThat(client.exchange(Route.of(request), request, CallOptions.DEFAULT)
                        .version())
                .isEqualTo((short) 8);
    }

    /** The node's id is the offset; a group of another node's is refused as the version can say it. */
    private OffsetFetchResponse offsets(OffsetFetchRequest request, int node) {
        short error = (short) (cluster.coordinator(request.groupId()) == node ? 0 : 16);
        return OffsetFetchResponse.builder()
                .topics(List.of(OffsetFetchResponseTopic.builder()
                        .name("t")
                        .partitions(List.of(OffsetFetchResponsePartition.builder()
                                .committedOffset(error == 0 ? node : -1)
                                .metadata("")
                                .errorCode(error)
                                .build()))
                        .build()))
                .build();
    }

    @Test
    void aGroupWhoseOldCoordinatorSaysSoAtEachPartitionIsLookedForAnew() throws Exception {
        start("0.9.0.1");
        for (FakeBroker node : cluster.nodes()) {
            node.on(ApiKey.OFFSET_FETCH, request -> offsets((OffsetFetchRequest) request, node.nodeId()));
        }
        TopicPartition partition = new TopicPartition("t", 0);
        assertThat(GroupOffsets.fetch(client, "a", List.of(partition))).isEqualTo(Map.of(partition, 1L));
        cluster.coordinate("a", 3);
        assertThat(GroupOffsets.fetch(client, "a", List.of(partition))).isEqualTo(Map.of(partition, 3L));
    }

    @ParameterizedTest
    @CsvSource({"0.9.0.1,3", "2.8.2,3", "3.9.2,1", "4.3.1,1"})
    void manyCoordinatorsAreLookedUpWithOneRequestWhereTheBrokerCan(String release, int requests) throws Exception {
        start(release);
        cluster.on(
                ApiKey.DESCRIBE_GROUPS,
                request -> GroupSpanFamilies.describeGroups()
                        .answer()
                        .apply(SpanFamily.codes(
                                GroupSpanFamilies.describeGroups().asked().apply(request), group -> group, _ ->
                                        (short) 0)));
        client.call(GroupSpanFamilies.describeGroups().ask().apply(List.of("a", "b", "c")));
        client.call(GroupSpanFamilies.describeGroups().ask().apply(List.of("c", "b", "a")));
        assertThat(sentOf(ApiKey.FIND_COORDINATOR)).isEqualTo(requests);
    }

    @ParameterizedTest
    @CsvSource({"0.9.0.1,3", "4.3.1,1"})
    void findCoordinatorOfSeveralKeysIsAnsweredInOneResponse(String release, int requests) throws Exception {
        start(release);
        FindCoordinatorResponse response = client.call(FindCoordinatorRequest.builder()
                .coordinatorKeys(List.of("c", "a", "b"))
                .build());
        assertThat(response.coordinators())
                .extracting(each -> each.key() + ":" + each.nodeId())
                .containsExactly("c:3", "a:1", "b:2");
        assertThat(sentOf(ApiKey.FIND_COORDINATOR)).isEqualTo(requests);
    }

    @Test
    void oneGroupWithoutCoordinatorDoesNotHoldBackTheOthersPastTheDeadline() throws Exception {
        start("4.3.1");
        cluster.coordinate("b", FakeCluster.NOBODY);
        SpanFamily family = GroupSpanFamilies.describeGroups();
        cluster.on(
                family.api(),
                request -> family.answer()
                        .apply(SpanFamily.codes(family.asked().apply(request), group -> group, _ -> (short) 0)));
        Response response = client.callOnce(
                new Route.SeveralBrokers(), family.ask().apply(List.of("a", "b", "c")), CallOptions.DEFAULT);
        assertThat(family.read().apply(response))
                .containsEntry("a", (short) 0)
                .containsEntry("b", ErrorCode.COORDINATOR_NOT_AVAILABLE.code())
                .containsEntry("c", (short) 0);
    }

    @ParameterizedTest
    @CsvSource({"0.9.0.1,0", "0.10.2.2,1", "4.3.1,11"})
    void offsetsAreListedByTheLeadersOfEveryRelease(String release, int version) throws Exception {
        start(release);
        for (FakeBroker node : cluster.nodes()) {
            node.on(ApiKey.LIST_OFFSETS, request -> listed((ListOffsetsRequest) request, version, node.nodeId()));
        }
        assertThat(OffsetLookup.ends(client, partitions(), (byte) 1))
                .isEqualTo(Map.of(
                        new TopicPartition("t", 0),
                        1L,
                        new TopicPartition("t", 1),
                        2L,
                        new TopicPartition("t", 2),
                        3L));
        assertThat(versions(3, ApiKey.LIST_OFFSETS)).containsExactly(version);
    }

    private static List<TopicPartition> partitions() {
        return IntStream.range(0, 3)
                .mapToObj(number -> new TopicPartition("t", number))
                .toList();
    }

    private static Response listed(ListOffsetsRequest request, int version, int node) {
        return ListOffsetsResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> ListOffsetsResponse.ListOffsetsTopicResponse.builder()
                                .name(topic.name())
                                .partitions(topic.partitions().stream()
                                        .map(each -> offset(each, version, node))
                                        .toList())
                                .build())
                        .toList())
                .build();
    }

    private static ListOffsetsResponse.ListOffsetsPartitionResponse offset(
            ListOffsetsPartition asked, int version, int node) {
        var answer = ListOffsetsResponse.ListOffsetsPartitionResponse.builder().partitionIndex(asked.partitionIndex());
        return version == 0
                ? answer.oldStyleOffsets(List.of((long) node)).build()
                : answer.offset(node).build();
    }

    // ---- what is spoken between brokers

    @Test
    void theStateOfAShareGroupIsReadFromTheShareCoordinatorOfEachPartition() throws Exception {
        start("4.3.1");
        IntStream.range(0, 3).forEach(number -> cluster.coordinate("g:" + ID + ":" + number, number + 1));
        for (FakeBroker node : cluster.nodes()) {
            node.on(
                    ApiKey.READ_SHARE_GROUP_STATE,
                    request -> state((ReadShareGroupStateRequest) request, node.nodeId()));
        }
        ReadShareGroupStateResponse response = client.call(ReadShareGroupStateRequest.builder()
                .groupId("g")
                .topics(List.of(ReadStateData.builder()
                        .topicId(ID)
                        .partitions(IntStream.of(1, 2, 0)
                                .mapToObj(number -> ReadShareGroupStateRequest.PartitionData.builder()
                                        .partition(number)
                                        .build())
                                .toList())
                        .build()))
                .build());
        assertThat(response.results())
                .singleElement()
                .satisfies(topic -> assertThat(topic.partitions())
                        .extracting(each -> each.partition() + ":" + each.startOffset())
                        .containsExactly("1:2", "2:3", "0:1"));
    }

    private static Response state(ReadShareGroupStateRequest request, int node) {
        return ReadShareGroupStateResponse.builder()
                .results(request.topics().stream()
                        .map(topic -> ReadStateResult.builder()
                                .topicId(topic.topicId())
                                .partitions(topic.partitions().stream()
                                        .map(each -> ReadShareGroupStateResponse.PartitionResult.builder()
                                                .partition(each.partition())
                                                .startOffset(node)
                                                .build())
                                        .toList())
                                .build())
                        .toList())
                .build();
    }

    @Test
    void transactionMarkersGoToTheLeadersOfTheirPartitions() throws Exception {
        start("4.3.1");
        for (FakeBroker node : cluster.nodes()) {
            node.on(ApiKey.WRITE_TXN_MARKERS, request -> marked((WriteTxnMarkersRequest) request, node.nodeId()));
        }
        WriteTxnMarkersResponse response = client.call(WriteTxnMarkersRequest.builder()
                .markers(List.of(marker(7, 2, 0), marker(8, 0)))
                .build());
        assertThat(response.markers())
                .extracting(each -> each.producerId() + " "
                        + each.topics().getFirst().partitions().getFirst().partitionIndex())
                .containsExactly("7 2", "7 0", "8 0");
    }

    private static WritableTxnMarker marker(long producer, Integer... partitions) {
        return WritableTxnMarker.builder()
                .producerId(producer)
                .topics(List.of(WriteTxnMarkersRequest.WritableTxnMarkerTopic.builder()
                        .name("t")
                        .partitionIndexes(List.of(partitions))
                        .build()))
                .build();
    }

    private Response marked(WriteTxnMarkersRequest request, int node) {
        return WriteTxnMarkersResponse.builder()
                .markers(request.markers().stream()
                        .map(marker -> WriteTxnMarkersResponse.WritableTxnMarkerResult.builder()
                                .producerId(marker.producerId())
                                .topics(marker.topics().stream()
                                        .map(topic -> WriteTxnMarkersResponse.WritableTxnMarkerTopicResult.builder()
                                                .name(topic.name())
                                                .partitions(topic.partitionIndexes().stream()
                                                        .map(each ->
                                                                WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult
                                                                        .builder()
                                                                        .partitionIndex(each)
                                                                        .errorCode(
                                                                                cluster.leader("t", each) == node
                                                                                        ? 0
                                                                                        : 6)
                                                                        .build())
                                                        .toList())
                                                .build())
                                        .toList())
                                .build())
                        .toList())
                .build();
    }
}
