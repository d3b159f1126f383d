package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsResponse;
import dev.kafkaloom.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import dev.kafkaloom.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponseTopic;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OffsetsTest {
    private static final TopicPartition ZERO = new TopicPartition("orders", 0);
    private static final TopicPartition ONE = new TopicPartition("orders", 1);

    private FakeBroker broker;
    private KafkaClient client;

    private void start(String release) throws IOException {
        broker = FakeBroker.startAs(release).topic("orders", 2);
        client = KafkaClient.open(ClientConfig.builder(broker.bootstrap())
                .retryBackoff(Duration.ofMillis(10))
                .retryBackoffMax(Duration.ofMillis(50))
                .build());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        broker.close();
    }

    /** Answers each partition with its timestamp + 100. */
    private static Response byTimestamp(Request<?> request) {
        return ListOffsetsResponse.builder()
                .topics(((ListOffsetsRequest) request)
                        .topics().stream()
                                .map(topic -> ListOffsetsTopicResponse.builder()
                                        .name(topic.name())
                                        .partitions(topic.partitions().stream()
                                                .map(each -> ListOffsetsPartitionResponse.builder()
                                                        .partitionIndex(each.partitionIndex())
                                                        .offset(each.timestamp() + 100)
                                                        .build())
                                                .toList())
                                        .build())
                                .toList())
                .build();
    }

    private static Response withOffset(Request<?> request, long offset) {
        ListOffsetsResponse response = (ListOffsetsResponse) byTimestamp(request);
        return response.toBuilder()
                .topics(response.topics().stream()
                        .map(topic -> topic.toBuilder()
                                .partitions(topic.partitions().stream()
                                        .map(each ->
                                                each.toBuilder().offset(offset).build())
                                        .toList())
                                .build())
                        .toList())
                .build();
    }

    private static Response withError(Request<?> request, int partition, ErrorCode code) {
        ListOffsetsResponse response = (ListOffsetsResponse) byTimestamp(request);
        return response.toBuilder()
                .topics(response.topics().stream()
                        .map(topic -> topic.toBuilder()
                                .partitions(topic.partitions().stream()
                                        .map(each -> each.partitionIndex() == partition
                                                ? each.toBuilder()
                                                        .errorCode(code.code())
                                                        .offset(-1)
                                                        .build()
                                                : each)
                                        .toList())
                                .build())
                        .toList())
                .build();
    }

    @Test
    void offsetsOfAllPartitionsAreJoined() throws Exception {
        start("4.3.1");
        broker.on(ApiKey.LIST_OFFSETS, OffsetsTest::byTimestamp);
        assertThat(OffsetLookup.list(client, Map.of(ZERO, OffsetLookup.LATEST, ONE, OffsetLookup.EARLIEST)))
                .isEqualTo(Map.of(ZERO, 99L, ONE, 98L));
        assertThat(OffsetLookup.list(client, Map.of())).isEmpty();
    }

    @Test
    void onlyThePartitionWhoseLeaderMovedIsAskedForAgain() throws Exception {
        start("4.3.1");
        AtomicInteger calls = new AtomicInteger();
        broker.on(
                ApiKey.LIST_OFFSETS,
                request -> calls.incrementAndGet() == 1
                        ? withError(request, 1, ErrorCode.NOT_LEADER_OR_FOLLOWER)
                        : byTimestamp(request));
        assertThat(OffsetLookup.list(client, Map.of(ZERO, -1L, ONE, -1L))).isEqualTo(Map.of(ZERO, 99L, ONE, 99L));
        ListOffsetsRequest second =
                (ListOffsetsRequest) broker.received(ApiKey.LIST_OFFSETS).get(1).request();
        assertThat(second.topics().getFirst().partitions())
                .extracting(each -> each.partitionIndex())
                .containsExactly(1);
    }

    @Test
    void anErrorThatDoesNotPassNamesThePartition() throws Exception {
        start("4.3.1");
        broker.on(ApiKey.LIST_OFFSETS, request -> withError(request, 1, ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        assertThatThrownBy(() -> OffsetLookup.list(client, Map.of(ZERO, -1L, ONE, -1L)))
                .isInstanceOf(KafkaException.BrokerError.class)
                .hasMessageStartingWith("offset of orders-1: TOPIC_AUTHORIZATION_FAILED");
    }

    @Test
    void aPartitionThatDoesNotExistIsAnErrorSoon() throws Exception {
        start("4.3.1");
        broker.on(ApiKey.LIST_OFFSETS, OffsetsTest::byTimestamp);
        long begun = System.nanoTime();
        assertThatThrownBy(() -> OffsetLookup.list(client, Map.of(new TopicPartition("orders", 9), -1L)))
                .hasMessageStartingWith("offset of orders-9: UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void theEndOfCommittedRecordsIsAskedForByIsolationLevel() throws Exception {
        start("4.3.1");
        broker.on(
                ApiKey.LIST_OFFSETS,
                request -> withOffset(request, ((ListOffsetsRequest) request).isolationLevel() == 1 ? 40 : 50));
        assertThat(OffsetLookup.ends(client, List.of(ZERO), (byte) 1)).isEqualTo(Map.of(ZERO, 40L));
        assertThat(OffsetLookup.ends(client, List.of(ZERO), (byte) 0)).isEqualTo(Map.of(ZERO, 50L));
    }

    @Test
    void aBrokerBeforeTransactionsIsNotAskedForAnIsolationLevel() throws Exception {
        start("0.10.2.2");
        broker.on(ApiKey.LIST_OFFSETS, request -> withOffset(request, 50));
        assertThat(OffsetLookup.ends(client, List.of(ZERO), (byte) 1)).isEqualTo(Map.of(ZERO, 50L));
    }

    @Test
    void theListOfVersion0IsUnderstood() throws Exception {
        start("0.9.0.1");
        broker.on(
                ApiKey.LIST_OFFSETS,
                _ -> ListOffsetsResponse.builder()
                        .topics(List.of(ListOffsetsTopicResponse.builder()
                                .name("orders")
                                .partitions(List.of(ListOffsetsPartitionResponse.builder()
                                        .partitionIndex(0)
                                        .oldStyleOffsets(List.of(7L))
                                        .build()))
                                .build()))
                        .build());
        assertThat(OffsetLookup.list(client, Map.of(ZERO, -1L))).isEqualTo(Map.of(ZERO, 7L));
        ListOffsetsRequest request = (ListOffsetsRequest)
                broker.received(ApiKey.LIST_OFFSETS).getFirst().request();
        assertThat(request.topics().getFirst().partitions().getFirst().maxNumOffsets())
                .isEqualTo(1);
        assertThat(request.replicaId()).isEqualTo(-1);
    }

    @Test
    void committedOffsetsComeInTheBatchedFormWithNoneMissing() throws Exception {
        start("4.3.1");
        broker.on(
                ApiKey.OFFSET_FETCH,
                request -> OffsetFetchResponse.builder()
                        .groups(List.of(OffsetFetchResponseGroup.builder()
                                .groupId(((OffsetFetchRequest) request)
                                        .groups()
                                        .getFirst()
                                        .groupId())
                                .topics(List.of(OffsetFetchResponseTopics.builder()
                                        .name("orders")
                                        .partitions(List.of(
                                                OffsetFetchResponsePartitions.builder()
                                                        .partitionIndex(0)
                                                        .committedOffset(17)
                                                        .build(),
                                                OffsetFetchResponsePartitions.builder()
                                                        .partitionIndex(1)
                                                        .committedOffset(-1)
                                                        .build()))
                                        .build()))
                                .build()))
                        .build());
        assertThat(GroupOffsets.fetch(client, "g", List.of(ZERO, ONE))).isEqualTo(Map.of(ZERO, 17L));
        assertThat(broker.received(ApiKey.OFFSET_FETCH))
                .extracting(each -> (int) each.version())
                .containsExactly(9);
    }

    @Test
    void committedOffsetsComeInTheSingleFormOfOldBrokers() throws Exception {
        start("0.9.0.1");
        broker.on(
                ApiKey.OFFSET_FETCH,
                _ -> OffsetFetchResponse.builder()
                        .topics(List.of(OffsetFetchResponseTopic.builder()
                                .name("orders")
                                .partitions(List.of(OffsetFetchResponsePartition.builder()
                                        .partitionIndex(0)
                                        .committedOffset(5)
                                        .metadata("")
                                        .build()))
                                .build()))
                        .build());
        assertThat(GroupOffsets.fetch(client, "g", List.of(ZERO))).isEqualTo(Map.of(ZERO, 5L));
        assertThat(broker.received(ApiKey.OFFSET_FETCH))
                .extracting(each -> (int) each.version())
                .containsExactly(1);
    }

    @Test
    void aCoordinatorThatIsStillLoadingIsAskedAgain() throws Exception {
        start("4.3.1");
        AtomicInteger calls = new AtomicInteger();
        broker.on(
                ApiKey.OFFSET_FETCH,
                _ -> OffsetFetchResponse.builder()
                        .groups(List.of(OffsetFetchResponseGroup.builder()
                                .groupId("g")
                                .topics(List.of())
                                .errorCode(
                                        calls.incrementAndGet() == 1
                                                ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code()
                                                : ErrorCode.NONE.code())
                                .build()))
                        .build());
        assertThat(GroupOffsets.fetch(client, "g", List.of(ZERO))).isEmpty();
        assertThat(calls).hasValue(2);
    }
}
