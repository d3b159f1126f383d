package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.embedded.EmbeddedCluster;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.DescribeConfigsRequest;
import dev.kafkaloom.message.DescribeConfigsRequest.DescribeConfigsResource;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.Evidence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests that span three real brokers. */
@ExtendWith(Evidence.class)
@Tag("chaos") // three brokers take a while to start: mvn verify -Pchaos
@Timeout(180)
class SpansClusterIT {
    private static final int NODES = 3;
    private static final List<String> GROUPS =
            IntStream.range(0, 12).mapToObj(number -> "span-" + number).toList();

    private static EmbeddedCluster cluster;

    @BeforeAll
    @Timeout(600) // with the first download of its jars
    static void start() throws Exception {
        cluster = EmbeddedCluster.start(
                "4.3.1",
                NODES,
                Options.defaults()
                        .withStartDeadline(Duration.ofMinutes(2))
                        .withLogFolder(Path.of("target", "brokers"))
                        .withProgress(_ -> {}));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static void commit(KafkaClient client, String group, String topic) throws InterruptedException {
        client.call(OffsetCommitRequest.builder()
                .groupId(group)
                .generationIdOrMemberEpoch(-1)
                .memberId("")
                .topics(List.of(OffsetCommitRequestTopic.builder()
                        .name(topic)
                        .partitions(List.of(OffsetCommitRequestPartition.builder()
                                .committedOffset(17)
                                .committedMetadata("")
                                .build()))
                        .build()))
                .build());
    }

    private static Set<Integer> coordinators(KafkaClient client) throws InterruptedException {
        Set<Integer> nodes = new TreeSet<>();
        for (String group : GROUPS) {
            nodes.add(client.coordinator(group).nodeId());
        }
        return nodes;
    }

    @Test
    void aQuestionToThreeBrokersIsAnsweredInOneResponseAlsoWhenOneOfThemDies() throws Exception {
        try (KafkaClient client = KafkaClient.open(ClientConfig.of(cluster.bootstrap()))) {
            Topics.create(client, "t", 9, NODES);
            for (String group : GROUPS) {
                commit(client, group, "t");
            }
            assertThat(coordinators(client)).hasSizeGreaterThan(1);
            OffsetFetchResponse offsets = client.call(request(GroupSpanFamilies.offsetFetch(), GROUPS));
            assertThat(offsets.groups())
                    .allSatisfy(group -> assertThat(group.topics()
                                    .getFirst()
                                    .partitions()
                                    .getFirst()
                                    .committedOffset())
                            .isEqualTo(17))
                    .extracting(group -> group.groupId())
                    .containsExactlyElementsOf(GROUPS);
            ListGroupsResponse groups = client.call(ListGroupsRequest.builder().build());
            assertThat(groups.groups()).extracting(each -> each.groupId()).containsAll(GROUPS);
            assertThat(client.call(brokerSettings()).results())
                    .extracting(each -> each.resourceName() + ":" + each.errorCode() + ":"
                            + each.configs().isEmpty())
                    .containsExactly("3:0:false", "1:0:false", "2:0:false");

            Set<TopicPartition> partitions = IntStream.range(0, 9)
                    .mapToObj(number -> new TopicPartition("t", number))
                    .collect(Collectors.toSet());
            assertThat(OffsetLookup.ends(client, partitions, (byte) 0)).hasSize(9);
            int victim = client.coordinator(GROUPS.getFirst()).nodeId();
            cluster.node(victim).kill();
            assertThat(OffsetLookup.ends(client, partitions, (byte) 0)).hasSize(9);
            OffsetFetchResponse again = client.call(request(GroupSpanFamilies.offsetFetch(), GROUPS));
            assertThat(again.groups()).isEqualTo(offsets.groups());
        }
    }

    @SuppressWarnings("unchecked")
    private static Request<OffsetFetchResponse> request(SpanFamily family, List<String> items) {
        assertThat(family.api()).isEqualTo(ApiKey.OFFSET_FETCH);
        return (Request<OffsetFetchResponse>) family.ask().apply(items);
    }

    private static DescribeConfigsRequest brokerSettings() {
        return DescribeConfigsRequest.builder()
                .resources(IntStream.of(3, 1, 2)
                        .mapToObj(node -> DescribeConfigsResource.builder()
                                .resourceType(4)
                                .resourceName(Integer.toString(node))
                                .configurationKeys(null)
                                .build())
                        .toList())
                .build();
    }
}
