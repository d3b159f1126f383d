package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.message.AlterConfigsRequest;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.DescribeConfigsRequest;
import dev.kafkaloom.message.DescribeConfigsRequest.DescribeConfigsResource;
import dev.kafkaloom.message.DescribeLogDirsRequest;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.IncrementalAlterConfigsRequest;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListTransactionsRequest;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ProduceRequest.PartitionProduceData;
import dev.kafkaloom.message.ProduceRequest.TopicProduceData;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.BatchBuilder;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each request that may span brokers, once to a real one. */
@ExtendWith(Evidence.class)
@Timeout(90)
class SpansIT {
    private static final int PARTITIONS = 3;

    private static KafkaClient clientOf(String version) {
        return KafkaClient.open(ClientConfig.of(RealBroker.of(version).bootstrap()));
    }

    private static List<String> items(String topic) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(each -> topic + "-" + each)
                .toList();
    }

    /** One record into each partition. */
    private static void fill(KafkaClient client, String topic) throws InterruptedException {
        boolean old = !client.versions().supports(ApiKey.DELETE_RECORDS); // message sets v0, as 0.9 wants them
        List<PartitionProduceData> data = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            BatchBuilder batch = BatchBuilder.of((byte) (old ? 0 : 2), Compression.NONE, 10_000);
            batch.append(1_700_000_000_000L, null, "one".getBytes(StandardCharsets.UTF_8), List.of());
            data.add(PartitionProduceData.builder()
                    .index(partition)
                    .records(batch.build())
                    .build());
        }
        Response response = client.call(ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMs(10_000)
                .topicData(List.of(TopicProduceData.builder()
                        .name(topic)
                        .partitionData(data)
                        .build()))
                .build());
        assertThat(PartitionSpanFamilies.produce().read().apply(response))
                .containsOnlyKeys(items(topic))
                .containsOnly(entries(items(topic)));
    }

    @SuppressWarnings("unchecked")
    private static Map.Entry<String, Short>[] entries(List<String> items) {
        return items.stream().map(each -> Map.entry(each, (short) 0)).toArray(Map.Entry[]::new);
    }

    private static Map<String, Short> asked(KafkaClient client, SpanFamily family, List<String> items)
            throws InterruptedException {
        Response response = client.call(family.ask().apply(items));
        return family.read().apply(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void partitionsAreWrittenReadAndListed(String version) throws Exception {
        String topic = RealBroker.of(version).topic("spans", PARTITIONS);
        try (KafkaClient client = clientOf(version)) {
            fill(client, topic);
            FetchRequest request =
                    (FetchRequest) PartitionSpanFamilies.fetch().ask().apply(items(topic));
            FetchResponse fetched = client.call(request.toBuilder()
                    .replicaId(-1)
                    .maxWaitMs(500)
                    .minBytes(1)
                    .topics(request.topics().stream()
                            .map(each -> each.toBuilder()
                                    .partitions(each.partitions().stream()
                                            .map(partition -> partition.toBuilder()
                                                    .partitionMaxBytes(1 << 20)
                                                    .build())
                                            .toList())
                                    .build())
                            .toList())
                    .build());
            assertThat(fetched.responses().getFirst().partitions())
                    .hasSize(PARTITIONS)
                    .allSatisfy(each -> assertThat(each.highWatermark()).isEqualTo(1))
                    .extracting(each -> each.records())
                    .allMatch(ByteBuffer::hasRemaining);
            assertThat(asked(client, PartitionSpanFamilies.listOffsets(), items(topic)))
                    .containsOnly(entries(items(topic)));
        }
    }

    @Test
    void partitionsAreCutAndDescribed() throws Exception {
        String topic = RealBroker.of(RealBroker.NEWEST).topic("spans", PARTITIONS);
        try (KafkaClient client = clientOf(RealBroker.NEWEST)) {
            fill(client, topic);
            for (SpanFamily family :
                    List.of(PartitionSpanFamilies.offsetForLeaderEpoch(), PartitionSpanFamilies.describeProducers())) {
                assertThat(asked(client, family, items(topic)))
                        .as(family.toString())
                        .containsOnly(entries(items(topic)));
            }
            // there is one record, and the request says 5
            assertThat(asked(client, PartitionSpanFamilies.deleteRecords(), items(topic))
                            .values())
                    .containsOnly(ErrorCode.OFFSET_OUT_OF_RANGE.code());
        }
    }

    private static void commit(KafkaClient client, String group, TopicPartition partition) throws InterruptedException {
        client.call(OffsetCommitRequest.builder()
                .groupId(group)
                .generationIdOrMemberEpoch(-1)
                .memberId("")
                .topics(List.of(OffsetCommitRequestTopic.builder()
                        .name(partition.topic())
                        .partitions(List.of(OffsetCommitRequestPartition.builder()
                                .partitionIndex(partition.partition())
                                .committedOffset(17)
                                .committedMetadata("")
                                .build()))
                        .build()))
                .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void groupsAreFoundAndRead(String version) throws Exception {
        TopicPartition partition = new TopicPartition(RealBroker.of(version).topic("spans", 1), 0);
        List<String> groups = List.of(RealBroker.unique("span"), RealBroker.unique("span"));
        try (KafkaClient client = clientOf(version)) {
            for (String group : groups) {
                commit(client, group, partition);
            }
            for (SpanFamily family : List.of(GroupSpanFamilies.describeGroups(), GroupSpanFamilies.offsetFetch())) {
                assertThat(asked(client, family, groups)).as(family.toString()).containsOnly(entries(groups));
            }
            assertThat(GroupOffsets.fetch(client, groups.getLast(), List.of(partition)))
                    .isEqualTo(Map.of(partition, 17L));
            assertThat(client.call(FindCoordinatorRequest.builder()
                                    .coordinatorKeys(groups)
                                    .build())
                            .coordinators())
                    .extracting(each -> each.key())
                    .containsExactlyElementsOf(groups);
            assertThat(client.call(ListGroupsRequest.builder().build()).errorCode())
                    .isZero();
        }
    }

    @Test
    void groupsAndTransactionsOfAllKindsAreDescribedAndGroupsDeleted() throws Exception {
        TopicPartition partition =
                new TopicPartition(RealBroker.of(RealBroker.NEWEST).topic("spans", 1), 0);
        List<String> groups = List.of(RealBroker.unique("span"), RealBroker.unique("span"));
        try (KafkaClient client = clientOf(RealBroker.NEWEST)) {
            for (String group : groups) {
                commit(client, group, partition);
            }
            for (SpanFamily family : GroupSpanFamilies.all()) {
                assertThat(asked(client, family, groups)).as(family.toString()).containsOnlyKeys(groups);
            }
            assertThat(asked(client, GroupSpanFamilies.describeTransactions(), groups)
                            .values())
                    .containsOnly(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code());
            // the loop above has deleted them
            assertThat(asked(client, GroupSpanFamilies.deleteGroups(), groups).values())
                    .containsOnly(ErrorCode.GROUP_ID_NOT_FOUND.code());
        }
    }

    @Test
    void everyBrokerTellsOfItselfAndItsSettings() throws Exception {
        String topic = RealBroker.of(RealBroker.NEWEST).topic("spans", 1);
        try (KafkaClient client = clientOf(RealBroker.NEWEST)) {
            String node = Integer.toString(
                    client.cluster().brokers().keySet().iterator().next());
            assertThat(client.call(ListTransactionsRequest.builder().build()).errorCode())
                    .isZero();
            assertThat(client.call(DescribeLogDirsRequest.builder().topics(null).build())
                            .results())
                    .isNotEmpty();
            assertThat(client.call(DescribeConfigsRequest.builder()
                                    .resources(List.of(settings(4, node), settings(2, topic), settings(8, node)))
                                    .build())
                            .results())
                    .hasSize(3)
                    .allSatisfy(each -> assertThat(each.configs()).isNotEmpty());
            assertThat(client.call(IncrementalAlterConfigsRequest.builder()
                                    .validateOnly(true)
                                    .resources(List.of(
                                            IncrementalAlterConfigsRequest.AlterConfigsResource.builder()
                                                    .resourceType(4)
                                                    .resourceName(node)
                                                    .build(),
                                            IncrementalAlterConfigsRequest.AlterConfigsResource.builder()
                                                    .resourceType(2)
                                                    .resourceName(topic)
                                                    .build()))
                                    .build())
                            .responses())
                    .extracting(each -> each.resourceName() + ":" + each.errorCode())
                    .containsExactly(node + ":0", topic + ":0");
            assertThat(client.call(AlterConfigsRequest.builder()
                                    .validateOnly(true)
                                    .resources(List.of(AlterConfigsRequest.AlterConfigsResource.builder()
                                            .resourceType(2)
                                            .resourceName(topic)
                                            .build()))
                                    .build())
                            .responses())
                    .singleElement()
                    .satisfies(each -> assertThat(each.errorCode()).isZero());
        }
    }

    private static DescribeConfigsResource settings(int type, String name) {
        return DescribeConfigsResource.builder()
                .resourceType(type)
                .resourceName(name)
                .configurationKeys(null)
                .build();
    }
}
