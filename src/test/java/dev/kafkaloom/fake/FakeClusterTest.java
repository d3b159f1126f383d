package dev.kafkaloom.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ApiVersionsRequest;
import dev.kafkaloom.message.DescribeClusterRequest;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.HostAndPort;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FakeClusterTest {
    private static final ListGroupsRequest LIST_GROUPS =
            ListGroupsRequest.builder().build();
    private static final CallOptions SHORT = CallOptions.DEFAULT.timeout(Duration.ofMillis(300));

    private FakeCluster cluster;
    private KafkaClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = FakeCluster.start(3).topic("orders", 6);
        client = KafkaClient.open(ClientConfig.of(cluster.node(1).bootstrap()));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        cluster.close();
    }

    @Test
    void everyBrokerListsAllOfThem() throws Exception {
        Cluster seen = client.clusterWith(List.of("orders"));
        assertThat(seen.clusterId()).isEqualTo("fake");
        assertThat(seen.controllerId()).isEqualTo(1);
        assertThat(seen.brokers().keySet()).containsExactly(1, 2, 3);
        assertThat(seen.brokers().get(3).port()).isEqualTo(cluster.node(3).port());
    }

    @Test
    void thePartitionsAreLedInTurnAndALeaderMayChange() throws Exception {
        assertThat(client.clusterWith(List.of("orders")).topics().get("orders").partitions())
                .extracting(partition -> partition.leaderId())
                .containsExactly(1, 2, 3, 1, 2, 3);
        cluster.lead("orders", 0, 3).lead("orders", 1, FakeCluster.NOBODY);
        Cluster after = client.refreshCluster("the leaders changed");
        assertThat(after.leader(new TopicPartition("orders", 0)).orElseThrow().nodeId())
                .isEqualTo(3);
        assertThat(after.partition(new TopicPartition("orders", 0))
                        .orElseThrow()
                        .leaderEpoch())
                .isEqualTo(1);
        assertThat(after.leader(new TopicPartition("orders", 1))).isEmpty();
    }

    @Test
    void eachKeyHasACoordinatorOfItsOwn() throws Exception {
        cluster.coordinate("g2", 2).coordinate("g3", 3);
        assertThat(client.coordinator("g2").nodeId()).isEqualTo(2);
        assertThat(client.coordinator("g3").nodeId()).isEqualTo(3);
        assertThat(client.coordinator("any").nodeId()).isEqualTo(1);
        cluster.coordinate("g2", FakeCluster.NOBODY);
        FindCoordinatorResponse found = (FindCoordinatorResponse) answerOf(
                3,
                FindCoordinatorRequest.builder()
                        .coordinatorKeys(List.of("g2", "g3"))
                        .build());
        assertThat(found.coordinators())
                .extracting(each -> ErrorCode.of(each.errorCode()))
                .containsExactly(ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.NONE);
    }

    @Test
    void describesItself() throws Exception {
        cluster.controller(2).clusterId("another").list(3, false);
        var described = client.call(DescribeClusterRequest.builder().build());
        assertThat(described.clusterId()).isEqualTo("another");
        assertThat(described.controllerId()).isEqualTo(2);
        assertThat(described.brokers()).extracting(each -> each.brokerId()).containsExactly(1, 2);
    }

    @Test
    void aFrozenBrokerAnswersOnceItIsThawed() throws Exception {
        Route two = new Route.Broker(2);
        client.callOnce(two, LIST_GROUPS, CallOptions.DEFAULT);
        cluster.node(2).freeze();
        assertThatThrownBy(() -> client.callOnce(two, LIST_GROUPS, SHORT))
                .isInstanceOf(KafkaException.RequestTimedOut.class);
        cluster.node(2).thaw();
        assertThat(client.callOnce(two, LIST_GROUPS, CallOptions.DEFAULT).errorCode())
                .isZero();
    }

    @Test
    void aBrokerThatIsDownRefusesAndComesBackWithWhatItWasTold() throws Exception {
        FakeBroker two = cluster.node(2);
        int port = two.port();
        two.on(
                ApiKey.LIST_GROUPS,
                _ -> ListGroupsResponse.builder()
                        .errorCode(ErrorCode.UNKNOWN_SERVER_ERROR.code())
                        .build());
        two.goDown();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
                .isInstanceOf(ConnectException.class);
        two.comeBack();
        assertThat(two.port()).isEqualTo(port);
        assertThat(client.callOnce(new Route.Broker(2), LIST_GROUPS, CallOptions.DEFAULT)
                        .errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR.code());
    }

    @Test
    void aBrokerThatMovesIsListedAtItsNewPort() throws Exception {
        int before = cluster.node(3).port();
        cluster.node(3).move();
        assertThat(client.cluster().brokers().get(3).port())
                .isEqualTo(cluster.node(3).port())
                .isNotEqualTo(before);
        assertThat(client.callOnce(new Route.Broker(3), LIST_GROUPS, CallOptions.DEFAULT)
                        .errorCode())
                .isZero();
    }

    @Test
    void anAddressOfAnotherWorldIsAdvertised() throws Exception {
        cluster.advertise(2, "kafka.internal", 9092);
        assertThat(client.cluster().brokers().get(2).hostAndPort()).isEqualTo(new HostAndPort("kafka.internal", 9092));
    }

    @Test
    void whoeverLooksForAnotherClusterOrNodeIsSentBackToTheBootstrap() {
        var question = ApiVersionsRequest.builder().clusterId("fake").nodeId(2);
        assertThat(answerOfNode2(question.build())).isEqualTo(ErrorCode.NONE);
        assertThat(answerOfNode2(question.nodeId(3).build())).isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED);
        assertThat(answerOfNode2(question.nodeId(-1).clusterId("another").build()))
                .isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED);
    }

    private ErrorCode answerOfNode2(ApiVersionsRequest question) {
        return ErrorCode.of(answerOf(2, question).errorCode());
    }

    private Response answerOf(int nodeId, Request<?> question) {
        return cluster.node(nodeId)
                .respond(new Received(1, question.api(), question.api().highestVersion(), 0, "", question, 0));
    }
}
