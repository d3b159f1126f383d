package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchRequest.FetchPartition;
import dev.kafkaloom.message.FetchRequest.FetchTopic;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaloom.message.OffsetCommitResponse;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ProduceRequest.PartitionProduceData;
import dev.kafkaloom.message.ProduceRequest.TopicProduceData;
import dev.kafkaloom.message.ProduceResponse;
import dev.kafkaloom.network.VersionRange;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.BatchBuilder;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Evidence.class)
@Timeout(90)
class ClientOnRealBrokerIT {
    private static KafkaClient clientOf(String version) {
        return KafkaClient.open(ClientConfig.of(RealBroker.of(version).bootstrap()));
    }

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void recordsGoInAndComeBackThroughRawCalls(String version) throws Exception {
        TopicPartition partition = new TopicPartition(RealBroker.of(version).topic("raw", 2), 1);
        try (KafkaClient client = clientOf(version)) {
            assertThat(produce(client, partition, "one", "two")).isZero();
            assertThat(produce(client, partition, "three")).isEqualTo(2);

            assertThat(fetch(client, partition, 0))
                    .extracting(each -> each.offset() + ":" + new String(each.value(), StandardCharsets.UTF_8))
                    .containsExactly("0:one", "1:two", "2:three");
            TopicPartition empty = new TopicPartition(partition.topic(), 0);
            assertThat(OffsetLookup.list(client, Map.of(partition, OffsetLookup.LATEST, empty, OffsetLookup.LATEST)))
                    .isEqualTo(Map.of(partition, 3L, empty, 0L));
            assertThat(OffsetLookup.list(client, Map.of(partition, OffsetLookup.EARLIEST)))
                    .isEqualTo(Map.of(partition, 0L));
        }
    }

    private static long produce(KafkaClient client, TopicPartition partition, String... values)
            throws InterruptedException {
        int leader = client.clusterWith(List.of(partition.topic()))
                .leader(partition)
                .orElseThrow()
                .nodeId();
        boolean old = client.versions(leader, ApiKey.PRODUCE).highest() < 3;
        BatchBuilder batch = BatchBuilder.of((byte) (old ? 0 : 2), Compression.NONE, 10_000);
        for (String value : values) {
            assertThat(batch.append(1_700_000_000_000L, null, value.getBytes(StandardCharsets.UTF_8), List.of()))
                    .isTrue();
        }
        ProduceRequest request = ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMs(10_000)
                .topicData(List.of(TopicProduceData.builder()
                        .name(partition.topic())
                        .partitionData(List.of(PartitionProduceData.builder()
                                .index(partition.partition())
                                .records(batch.build())
                                .build()))
                        .build()))
                .build();
        ProduceResponse response =
                client.callOnce(new Route.Broker(leader), request, CallOptions.DEFAULT.hold(Duration.ofSeconds(10)));
        var answer = response.responses().getFirst().partitionResponses().getFirst();
        assertThat(ErrorCode.of(answer.errorCode())).isEqualTo(ErrorCode.NONE);
        return answer.baseOffset();
    }

    private static List<LogRecord> fetch(KafkaClient client, TopicPartition partition, long from)
            throws InterruptedException {
        int leader = client.clusterWith(List.of(partition.topic()))
                .leader(partition)
                .orElseThrow()
                .nodeId();
        FetchRequest request = FetchRequest.builder()
                .replicaId(-1)
                .maxWaitMs(500)
                .minBytes(1)
                .maxBytes(1 << 20)
                .topics(List.of(FetchTopic.builder()
                        .topic(partition.topic())
                        .partitions(List.of(FetchPartition.builder()
                                .partition(partition.partition())
                                .fetchOffset(from)
                                .partitionMaxBytes(1 << 20)
                                .build()))
                        .build()))
                .build();
        FetchResponse response =
                client.callOnce(new Route.Broker(leader), request, CallOptions.DEFAULT.hold(Duration.ofMillis(500)));
        assertThat(ErrorCode.of(response.errorCode())).isEqualTo(ErrorCode.NONE);
        ByteBuffer records =
                response.responses().getFirst().partitions().getFirst().records();
        List<LogRecord> all = new ArrayList<>();
        for (RecordBatch batch : RecordBatches.split(records)) {
            all.addAll(batch.decode(new DecodeLimits(1 << 20)));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void theCoordinatorOfAFreshGroupIsFoundAndKeepsOffsets(String version) throws Exception {
        TopicPartition partition = new TopicPartition(RealBroker.of(version).topic("committed", 1), 0);
        String group = RealBroker.unique("group");
        try (KafkaClient client = clientOf(version)) {
            assertThat(client.cluster().brokers())
                    .containsKey(client.coordinator(group).nodeId());
            assertThat(GroupOffsets.fetch(client, group, List.of(partition))).isEmpty();

            OffsetCommitResponse response = client.call(OffsetCommitRequest.builder()
                    .groupId(group)
                    .generationIdOrMemberEpoch(-1)
                    .memberId("")
                    .topics(List.of(OffsetCommitRequestTopic.builder()
                            .name(partition.topic())
                            .partitions(List.of(OffsetCommitRequestPartition.builder()
                                    .partitionIndex(0)
                                    .committedOffset(17)
                                    .committedMetadata("")
                                    .build()))
                            .build()))
                    .build());
            assertThat(ErrorCode.of(
                            response.topics().getFirst().partitions().getFirst().errorCode()))
                    .isEqualTo(ErrorCode.NONE);

            assertThat(GroupOffsets.fetch(client, group, List.of(partition))).isEqualTo(Map.of(partition, 17L));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void askingForAnUnknownTopicDoesNotCreateIt(String version) throws Exception {
        String typo = RealBroker.unique("typo");
        try (KafkaClient client = clientOf(version)) {
            assertThat(client.clusterWith(List.of(typo)).topics().get(typo).error())
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            client.refreshCluster("look again");
            assertThat(client.allTopics().topics()).doesNotContainKey(typo);
        }
    }

    @Test
    void a09IsRecognizedWithoutBeingTold() throws Exception {
        try (KafkaClient client = clientOf(RealBroker.OLDEST)) {
            int node = client.cluster().brokers().keySet().iterator().next();
            assertThat(client.versions(node).release()).isEqualTo(RealBroker.OLDEST);
            assertThat(client.versions(node).fromBroker()).isFalse();
            assertThat(client.versions(node, ApiKey.FETCH)).isEqualTo(VersionRange.of(0, 1));
            assertThatThrownBy(() -> client.versions(node, ApiKey.CREATE_TOPICS))
                    .isInstanceOf(KafkaException.UnsupportedVersion.class)
                    .hasMessageContaining("0.9.0.1")
                    .hasMessageContaining("CreateTopics");
        }
    }

    @Test
    void aConfiguredVersionThatIsTooOldForTheBrokerFailsWithAnExplanation() {
        ClientConfig config = ClientConfig.builder(
                        RealBroker.of(RealBroker.NEWEST).bootstrap())
                .kafkaVersion(RealBroker.OLDEST)
                .build();
        try (KafkaClient client = KafkaClient.open(config)) {
            assertThatThrownBy(() -> client.callOnce(
                            new Route.AnyBroker(),
                            ListOffsetsRequest.builder().replicaId(-1).build(),
                            CallOptions.DEFAULT))
                    .isInstanceOf(KafkaException.ConnectionBroken.class)
                    .hasMessageContaining("ListOffsets v0")
                    .hasMessageContaining("refuses the request's version");
        }
    }
}
