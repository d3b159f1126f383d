package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FakeCluster;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.DescribeClusterRequest;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MetadataTest {
    private FakeBroker broker;
    private KafkaClient client;

    private void start(String release) throws IOException {
        broker = FakeBroker.startAs(release).topic("orders", 4).topic("bills", 1);
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

    private MetadataRequest last() {
        return (MetadataRequest) broker.received(ApiKey.METADATA).getLast().request();
    }

    private static List<String> names(MetadataRequest request) {
        return request.topics().stream().map(MetadataRequestTopic::name).toList();
    }

    @Test
    void onlyTopicsThatWereAskedForAreRequested() throws Exception {
        start("4.3.1");
        assertThat(client.cluster().topics()).isEmpty();
        assertThat(names(last())).isEmpty();

        Cluster cluster = client.clusterWith(List.of("orders"));
        assertThat(cluster.topics()).containsOnlyKeys("orders");
        assertThat(cluster.leader(new TopicPartition("orders", 3)).orElseThrow().nodeId())
                .isEqualTo(FakeBroker.NODE_ID);
        assertThat(cluster.partition(new TopicPartition("orders", 4))).isEmpty();
        assertThat(cluster.partition(new TopicPartition("orders", -1))).isEmpty();
        assertThat(cluster.topicName(Uuid.ZERO))
                .as("the name of what has no id")
                .isEmpty();

        assertThat(client.refreshCluster("test").topics()).containsOnlyKeys("orders");
        assertThat(names(last())).containsExactly("orders");
        assertThat(client.allTopics().topics()).containsOnlyKeys("bills", "orders");
        assertThat(client.cluster().topics()).containsOnlyKeys("orders");
    }

    @Test
    void aPartitionThatTheTopicDoesNotHaveIsNotAnElection() throws Exception {
        start("4.3.1");
        broker.cluster().lead("orders", 3, FakeCluster.NOBODY);
        for (int number : new int[] {-1, 4}) {
            assertThatThrownBy(() -> client.callOnce(
                            new Route.Leader(new TopicPartition("orders", number)),
                            DescribeClusterRequest.builder().build(),
                            CallOptions.DEFAULT))
                    .hasMessageContaining("orders-" + number)
                    .hasMessageContaining("UNKNOWN_TOPIC_OR_PARTITION");
        }
        assertThatThrownBy(() -> client.callOnce(
                        new Route.Leader(new TopicPartition("orders", 3)),
                        DescribeClusterRequest.builder().build(),
                        CallOptions.DEFAULT))
                .hasMessageContaining("LEADER_NOT_AVAILABLE");
    }

    @Test
    void aTopicThatIsCoveredIsNotLoadedAgain() throws Exception {
        start("4.3.1");
        client.clusterWith(List.of("orders"));
        int loads = broker.received(ApiKey.METADATA).size();
        client.clusterWith(List.of("orders"));
        client.cluster();
        assertThat(broker.received(ApiKey.METADATA)).hasSize(loads);
    }

    @Test
    void anUnknownTopicIsReportedNotCreatedAndNotAskedForAgain() throws Exception {
        start("4.3.1");
        Cluster cluster = client.clusterWith(List.of("orders", "typo"));
        assertThat(cluster.topics().get("typo").error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(last().allowAutoTopicCreation()).isFalse();
        client.refreshCluster("test");
        assertThat(names(last())).containsExactly("orders");

        broker.topic("typo", 1);
        assertThat(client.clusterWith(List.of("typo")).topics().get("typo").partitions())
                .hasSize(1);
    }

    @Test
    void aBrokerThatCreatesWhatIsNamedIsAskedForTheWholeListUntilTheTopicIsKnown() throws Exception {
        start("0.9.0.1");
        Cluster cluster = client.clusterWith(List.of("orders", "typo"));
        assertThat(cluster.topics().get("typo").error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(cluster.topics()).containsOnlyKeys("orders", "typo");
        assertThat(names(last())).isEmpty();
        client.refreshCluster("test");
        assertThat(names(last())).containsExactly("orders");
    }

    @Test
    void refreshesAtTheSameTimeShareOneLoad() throws Exception {
        start("4.3.1");
        long generation = client.cluster().generation();
        broker.delay(ApiKey.METADATA, Duration.ofMillis(200));
        CountDownLatch done = new CountDownLatch(10);
        try (Scope scope = Scope.open("callers")) {
            for (int i = 0; i < 10; i++) {
                scope.go("refresher-" + i, () -> {
                    client.refreshCluster("test");
                    done.countDown();
                });
            }
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(client.cluster().generation()).isLessThanOrEqualTo(generation + 2);
    }

    @Test
    void anOldSnapshotIsLoadedAgainAndKeptWhenThatFails() throws Exception {
        start("4.3.1");
        client.close();
        client = KafkaClient.open(ClientConfig.builder(broker.bootstrap())
                .metadataMaxAge(Duration.ofMillis(1))
                .requestTimeout(Duration.ofMillis(200))
                .apiTimeout(Duration.ofMillis(600))
                .retryBackoff(Duration.ofMillis(10))
                .retryBackoffMax(Duration.ofMillis(50))
                .build());
        long first = client.clusterWith(List.of("orders")).generation();
        long second = client.cluster().generation();
        assertThat(second).isGreaterThanOrEqualTo(first);
        broker.drop(ApiKey.METADATA);
        assertThat(client.cluster().topics()).containsOnlyKeys("orders");
    }

    @Test
    void aSecondCallThatFindsNobodyEitherSaysWhyTheFirstDidNot() throws Exception {
        start("4.3.1");
        broker.close();
        KafkaClient lost = KafkaClient.open(ClientConfig.builder(broker.bootstrap())
                .bootstrapTimeout(Duration.ofMillis(300))
                .build());
        try (lost) {
            String refused = "127.0.0.1:" + broker.port() + ": Connection refused";
            assertThatThrownBy(lost::cluster).hasMessageContaining(refused);
            assertThatThrownBy(() -> lost.call(
                            new Route.AnyBroker(),
                            MetadataRequest.builder().build(),
                            CallOptions.DEFAULT.timeout(Duration.ofMillis(1))))
                    .hasMessageContaining(refused);
        }
    }

    @Test
    void callersInAHurryDoNotKeepEachOtherFromMetadata() throws Exception {
        start("4.3.1");
        broker.delay(ApiKey.METADATA, Duration.ofMillis(400));
        CallOptions hurry = CallOptions.DEFAULT.timeout(Duration.ofMillis(100));
        Awaitility.await()
                .ignoreExceptionsInstanceOf(KafkaException.class)
                .untilAsserted(() -> client.call(
                        new Route.AnyBroker(), DescribeClusterRequest.builder().build(), hurry));
    }

    @Test
    void whoHasNoTimeToWaitForMetadataIsToldWhomItWasAskedOf() throws Exception {
        start("4.3.1");
        broker.freeze();
        assertThatThrownBy(() -> client.call(
                        new Route.AnyBroker(),
                        MetadataRequest.builder().build(),
                        CallOptions.DEFAULT.timeout(Duration.ofMillis(200))))
                .isInstanceOf(KafkaException.RequestTimedOut.class)
                .hasMessageContaining("metadata of the cluster, which is needed first (127.0.0.1:" + broker.port()
                        + " is being asked): no answer within ");
        broker.thaw();
    }
}
