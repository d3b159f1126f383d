package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FakeCluster;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchRequest.FetchPartition;
import dev.kafkaloom.message.FetchRequest.FetchTopic;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.message.FetchResponse.FetchableTopicResponse;
import dev.kafkaloom.message.FetchResponse.PartitionData;
import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.message.MetadataResponse.MetadataResponseBroker;
import dev.kafkaloom.message.MetadataResponse.MetadataResponsePartition;
import dev.kafkaloom.message.MetadataResponse.MetadataResponseTopic;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.Uuid;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Topics that a request names by id, which metadata translates. */
@Timeout(60)
class SpanTopicIdsTest {
    private static final Uuid ID = new Uuid(1, 2);

    private FakeCluster cluster;
    private KafkaClient client;

    private void start(String release) throws IOException {
        cluster = FakeCluster.startAs(release, 3).topic("t", 3);
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

    /** Metadata with a topic id, of which the fake brokers know nothing. */
    private void metadataWithId() {
        cluster.on(
                ApiKey.METADATA,
                _ -> MetadataResponse.builder()
                        .clusterId("fake")
                        .controllerId(1)
                        .brokers(cluster.nodes().stream()
                                .map(node -> MetadataResponseBroker.builder()
                                        .nodeId(node.nodeId())
                                        .host("127.0.0.1")
                                        .port(node.port())
                                        .build())
                                .toList())
                        .topics(List.of(MetadataResponseTopic.builder()
                                .name("t")
                                .topicId(ID)
                                .partitions(IntStream.range(0, 3)
                                        .mapToObj(number -> MetadataResponsePartition.builder()
                                                .partitionIndex(number)
                                                .leaderId(cluster.leader("t", number))
                                                .leaderEpoch(0)
                                                .replicaNodes(List.of(1, 2, 3))
                                                .isrNodes(List.of(1, 2, 3))
                                                .build())
                                        .toList())
                                .build()))
                        .build());
    }

    private static FetchRequest fetch(String name, Uuid id) {
        return FetchRequest.builder()
                .maxBytes(1 << 20)
                .topics(List.of(FetchTopic.builder()
                        .topic(name)
                        .topicId(id)
                        .partitions(IntStream.of(2, 0, 1)
                                .mapToObj(number -> FetchPartition.builder()
                                        .partition(number)
                                        .build())
                                .toList())
                        .build()))
                .build();
    }

    /** By name or by id, as the version has it; the high watermark is the node's id. */
    private static Response fetched(Request<?> request, boolean byId, int node) {
        return FetchResponse.builder()
                .responses(((FetchRequest) request)
                        .topics().stream()
                                .map(topic -> FetchableTopicResponse.builder()
                                        .topic(byId ? "" : topic.topic())
                                        .topicId(byId ? topic.topicId() : Uuid.ZERO)
                                        .partitions(topic.partitions().stream()
                                                .map(each -> PartitionData.builder()
                                                        .partitionIndex(each.partition())
                                                        .highWatermark(node)
                                                        .build())
                                                .toList())
                                        .build())
                                .toList())
                .build();
    }

    @ParameterizedTest
    @CsvSource({"t,false,12", "'',true,17", "t,true,17"})
    void topicsAreFetchedByNameOrById(String name, boolean byId, int version) throws Exception {
        start("4.0.1");
        metadataWithId();
        for (FakeBroker node : cluster.nodes()) {
            node.on(ApiKey.FETCH, request -> fetched(request, byId, node.nodeId()));
        }
        FetchResponse response = client.call(fetch(name, byId ? ID : Uuid.ZERO));
        assertThat(response.responses()).singleElement().satisfies(topic -> {
            assertThat(topic.topic()).isEqualTo(byId ? "" : "t");
            assertThat(topic.topicId()).isEqualTo(byId ? ID : Uuid.ZERO);
            assertThat(topic.partitions())
                    .extracting(each -> each.partitionIndex() + ":" + each.highWatermark())
                    .containsExactly("2:3", "0:1", "1:2");
        });
        assertThat(versions(2, ApiKey.FETCH)).containsExactly(version);
    }

    @Test
    void aTopicIdThatNobodyKnowsIsAnErrorSoon() throws Exception {
        start("4.0.1");
        metadataWithId();
        cluster.on(ApiKey.FETCH, request -> fetched(request, true, 1));
        Uuid unknown = new Uuid(7, 7);
        assertThatThrownBy(() -> client.call(fetch("", unknown))).hasMessageContaining("UNKNOWN_TOPIC_ID");
        assertThat(sentOf(ApiKey.FETCH)).isZero();
    }
}
