package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FakeCluster;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ApiVersionsResponse;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** KIP-899 and KIP-1102, and the identity of the cluster. The bootstrap address is a door only: metadata does not list it. */
@Timeout(60)
class RebootstrapTest {
    private static final ListGroupsRequest LIST_GROUPS =
            ListGroupsRequest.builder().build();
    private static final int DOOR = 4;
    private static final Route TO_2 = new Route.Broker(2);

    private FakeCluster cluster;
    private KafkaClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = FakeCluster.start(DOOR).list(DOOR, false);
        client = KafkaClient.open(config().build());
        callAll();
    }

    private ClientConfig.Builder config() {
        return ClientConfig.builder(cluster.node(DOOR).bootstrap())
                .retryBackoff(Duration.ofMillis(10))
                .retryBackoffMax(Duration.ofMillis(50))
                .apiTimeout(Duration.ofSeconds(20));
    }

    private void callAll() throws InterruptedException {
        for (FakeBroker node : listed()) {
            client.callOnce(new Route.Broker(node.nodeId()), LIST_GROUPS, CallOptions.DEFAULT);
        }
    }

    private void reopen(ClientConfig.Builder with) throws InterruptedException {
        client.close();
        client = KafkaClient.open(with.build());
        callAll();
    }

    private List<FakeBroker> listed() {
        return cluster.nodes().stream().filter(node -> node.nodeId() != DOOR).toList();
    }

    @AfterEach
    void stop() throws IOException {
        cluster.nodes().forEach(FakeBroker::thaw);
        client.close();
        cluster.close();
    }

    private int loadsThroughTheDoor() {
        return cluster.node(DOOR).received(ApiKey.METADATA).size();
    }

    private int contacts() {
        return cluster.nodes().stream().mapToInt(FakeBroker::accepted).sum();
    }

    @Test
    void brokersThatAllCameBackOnOtherPortsAreFoundThroughTheBootstrapServers() throws Exception {
        for (FakeBroker node : listed()) {
            node.move();
        }
        client.call(TO_2, LIST_GROUPS, CallOptions.DEFAULT);
        assertThat(client.cluster().brokers().get(2).port())
                .isEqualTo(cluster.node(2).port());
    }

    @Test
    void whoeverNeedsABrokerThatAnotherCallHasLostAsksFirstWhereItIsNow() throws Exception {
        cluster.topic("orders", 1).lead("orders", 0, 2);
        TopicPartition partition = new TopicPartition("orders", 0);
        client.clusterWith(List.of("orders"));
        cluster.node(2).move();
        assertThatThrownBy(() -> client.callOnce(TO_2, LIST_GROUPS, CallOptions.DEFAULT))
                .isInstanceOf(KafkaException.ConnectionBroken.class);
        client.callOnce(new Route.Leader(partition), LIST_GROUPS, CallOptions.DEFAULT);
        assertThat(cluster.node(2).received(ApiKey.LIST_GROUPS)).hasSize(2);
    }

    @Test
    void withoutRecoveryOnlyTheKnownBrokersAreAsked() throws Exception {
        reopen(config().recovery(MetadataRecovery.NONE));
        int loads = loadsThroughTheDoor();
        for (FakeBroker node : listed()) {
            node.move();
        }
        assertThatThrownBy(() -> client.call(TO_2, LIST_GROUPS, CallOptions.DEFAULT.timeout(Duration.ofMillis(500))))
                .isInstanceOf(KafkaException.ConnectionBroken.class);
        assertThat(loadsThroughTheDoor()).isEqualTo(loads);
    }

    @Test
    void anyResponseMayAskForIt() throws Exception {
        AtomicInteger refusals = new AtomicInteger(1);
        cluster.node(2)
                .on(
                        ApiKey.LIST_GROUPS,
                        _ -> ListGroupsResponse.builder()
                                .errorCode(refusals.getAndDecrement() > 0 ? ErrorCode.REBOOTSTRAP_REQUIRED.code() : 0)
                                .build());
        int loads = loadsThroughTheDoor();
        int others = cluster.node(1).accepted();
        assertThat(client.call(TO_2, LIST_GROUPS, CallOptions.DEFAULT).errorCode())
                .isZero();
        assertThat(loadsThroughTheDoor()).isGreaterThan(loads);
        callAll();
        assertThat(cluster.node(1).accepted())
                .as("connections of broker 1, the old one is gone")
                .isGreaterThan(others);
    }

    @Test
    void metadataMayAskForIt() throws Exception {
        listed().forEach(node -> node.on(
                ApiKey.METADATA,
                _ -> MetadataResponse.builder()
                        .errorCode(ErrorCode.REBOOTSTRAP_REQUIRED.code())
                        .build()));
        int others = cluster.node(1).accepted();
        assertThat(client.refreshCluster("a test").brokers()).containsOnlyKeys(1, 2, 3);
        callAll();
        assertThat(cluster.node(1).accepted())
                .as("connections of broker 1, the old one is gone")
                .isGreaterThan(others);
    }

    @Test
    void aBrokerThatAsksForItForEverIsNamedAndNotAskedInAHotLoop() throws Exception {
        cluster.node(2)
                .on(
                        ApiKey.API_VERSIONS,
                        _ -> ApiVersionsResponse.builder()
                                .errorCode(ErrorCode.REBOOTSTRAP_REQUIRED.code())
                                .build());
        cluster.node(2).closeConnections();
        int before = contacts();
        assertThatThrownBy(() -> client.call(TO_2, LIST_GROUPS, CallOptions.DEFAULT.timeout(Duration.ofSeconds(1))))
                .isInstanceOf(KafkaException.BrokerError.class)
                .hasMessageContaining("REBOOTSTRAP_REQUIRED")
                .hasMessageContaining("broker 2");
        assertThat(contacts() - before).as("connections made in a second").isLessThan(150);
    }

    @Test
    void whenNobodyHasGivenMetadataForTooLongTheKnownConnectionsAreGivenUp() throws Exception {
        reopen(config().rebootstrapTrigger(Duration.ofMillis(1)));
        client.callOnce(new Route.Broker(1), LIST_GROUPS, CallOptions.DEFAULT.owner("bystander"));
        cluster.nodes().forEach(node -> node.hangUp(ApiKey.METADATA));
        try (Scope scope = Scope.open("refreshing")) {
            Coroutine refreshing = scope.go("refreshing", () -> client.refreshCluster("a test"));
            Awaitility.await()
                    .until(() -> client.connections().stream()
                            .noneMatch(each -> each.owner().equals("bystander")));
            cluster.nodes().forEach(node -> node.heal(ApiKey.METADATA));
            assertThat(refreshing.join(Duration.ofSeconds(20))).isTrue();
            assertThat(scope.failure()).isEmpty();
        }
        client.call(TO_2, LIST_GROUPS, CallOptions.DEFAULT);
    }

    private static MetadataResponse ofAnother() {
        return MetadataResponse.builder()
                .clusterId("another")
                .brokers(List.of(MetadataResponse.MetadataResponseBroker.builder()
                        .nodeId(7)
                        .host("127.0.0.1")
                        .port(9)
                        .build()))
                .build();
    }

    @Test
    void aBrokerOfAnotherClusterIsNotBelieved() throws Exception {
        cluster.node(1)
                .on(
                        ApiKey.METADATA,
                        _ -> MetadataResponse.builder()
                                .clusterId("another")
                                .brokers(List.of(MetadataResponse.MetadataResponseBroker.builder()
                                        .nodeId(7)
                                        .host("127.0.0.1")
                                        .port(cluster.node(1).port())
                                        .build()))
                                .build());
        for (int i = 0; i < 20; i++) {
            assertThat(client.refreshCluster("a test").brokers()).containsOnlyKeys(1, 2, 3);
        }
        assertThat(cluster.node(1).received(ApiKey.METADATA)).isNotEmpty();
    }

    @Test
    void aClusterThatWasReplacedIsOneClearErrorAndNoHotLoop() throws Exception {
        cluster.clusterId("another");
        int before = contacts();
        long until = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        int calls = 0;
        while (System.nanoTime() < until) {
            calls++;
            assertThatThrownBy(() -> client.refreshCluster("a test"))
                    .isInstanceOf(KafkaException.BrokerError.class)
                    .hasMessageContaining("this client talks to cluster fake")
                    .hasMessageContaining("127.0.0.1:" + cluster.node(DOOR).port() + " is of cluster another")
                    .hasMessageContaining("start the client anew")
                    .hasMessageContaining("INCONSISTENT_CLUSTER_ID");
        }
        assertThat(calls).as("loads in a second, 50 ms apart").isLessThan(60);
        assertThat(contacts() - before).as("connections made in a second").isLessThan(60);
        assertThat(client.cluster().clusterId()).isEqualTo("fake");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.10.2.2", "2.8.2", "4.3.1"})
    void noRequestIsSentToABrokerWhoseAddressBelongsToAnotherClusterNow(String release) throws Exception {
        cluster.nodes().forEach(node -> node.release(release));
        reopen(config());
        cluster.node(2).on(ApiKey.METADATA, _ -> ofAnother());
        cluster.node(2).closeConnections();
        int before = cluster.node(2).received(ApiKey.LIST_GROUPS).size();
        assertThatThrownBy(() -> client.call(TO_2, LIST_GROUPS, CallOptions.DEFAULT.timeout(Duration.ofSeconds(1))))
                .isInstanceOf(KafkaException.BrokerError.class)
                .hasMessageContaining("broker 2")
                .hasMessageContaining("of cluster another now, this client talks to cluster fake");
        assertThat(cluster.node(2).received(ApiKey.LIST_GROUPS)).hasSize(before);
    }

    @Test
    void aClusterThatWasReplacedGetsNoRequest() throws Exception {
        cluster.clusterId("another");
        for (FakeBroker node : cluster.nodes()) {
            node.closeConnections();
        }
        int before = cluster.node(2).received(ApiKey.LIST_GROUPS).size();
        assertThatThrownBy(() -> client.call(TO_2, LIST_GROUPS, CallOptions.DEFAULT))
                .isInstanceOf(KafkaException.BrokerError.class)
                .hasMessageContaining("INCONSISTENT_CLUSTER_ID");
        assertThat(cluster.node(2).received(ApiKey.LIST_GROUPS)).hasSize(before);
    }
}
