package dev.kafkaloom.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.ListGroupsResponse.ListedGroup;
import dev.kafkaloom.network.HostAndPort;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultProxyTest {
    private static final ApiKey API = ApiKey.LIST_GROUPS;
    private static final int VERSION = 3;
    private static final ListGroupsRequest LIST_GROUPS =
            ListGroupsRequest.builder().build();

    private FakeCluster cluster;
    private FaultProxy proxy;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = FakeCluster.start(3);
        cluster.on(
                API,
                _ -> ListGroupsResponse.builder()
                        .groups(List.of(ListedGroup.builder().groupId("a-group").build()))
                        .build());
        proxy = FaultProxy.start();
        client = new RawClient(front(1).port());
    }

    private HostAndPort front(int nodeId) {
        return proxy.via(HostAndPort.parse(cluster.node(nodeId).bootstrap()));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        proxy.close();
        cluster.close();
    }

    private void ask(int... correlationIds) throws IOException {
        for (int each : correlationIds) {
            client.send(LIST_GROUPS, VERSION, each);
        }
    }

    @Test
    void passesOnRequestsAndResponses() throws IOException {
        ask(1, 2);
        assertThat(client.response(API, VERSION))
                .isEqualTo(cluster.node(1).respond(cluster.node(1).received(API).getFirst()));
        assertThat(client.correlationId()).isEqualTo(2);
    }

    @Test
    void aClientThatRewritesAddressesReachesEveryBrokerThroughIt() throws Exception {
        for (FakeBroker each : cluster.nodes()) {
            cluster.advertise(each.nodeId(), "node.invalid", each.nodeId());
        }
        var config = ClientConfig.builder(cluster.node(1).bootstrap())
                .addressRewrite(told -> told.host().equals("node.invalid") ? front(told.port()) : proxy.via(told))
                .build();
        int before = proxy.accepted();
        try (KafkaClient client = KafkaClient.open(config)) {
            for (FakeBroker each : cluster.nodes()) {
                client.callOnce(new Route.Broker(each.nodeId()), LIST_GROUPS, CallOptions.DEFAULT);
                assertThat(each.received(API)).hasSize(1);
            }
        }
        assertThat(proxy.accepted() - before).isGreaterThanOrEqualTo(3);
    }

    @Test
    void eachBrokerHasOnePortInFrontOfItAndThePortsThemselvesHaveNone() {
        assertThat(front(2)).isEqualTo(front(2)).isNotEqualTo(front(3));
        assertThat(proxy.via(front(2))).isEqualTo(front(2));
    }

    @Test
    void swallowsAResponseAndGoesOn() throws IOException {
        proxy.faultNext(new Fault.Drop(), 1);
        ask(1, 2);
        assertThat(client.correlationId()).isEqualTo(2);
    }

    @Test
    void reordersResponses() throws IOException {
        proxy.faultNext(new Fault.Reorder(), 1);
        ask(1, 2, 3);
        assertThat(List.of(client.correlationId(), client.correlationId(), client.correlationId()))
                .containsExactly(2, 1, 3);
    }

    @Test
    void sendsAResponseTwice() throws IOException {
        proxy.fault(new Fault.Duplicate());
        ask(1);
        assertThat(client.correlationId()).isEqualTo(1);
        assertThat(client.correlationId()).isEqualTo(1);
    }

    @Test
    void turnsOverOneBitBehindTheCorrelationId() throws IOException {
        ask(1);
        byte[] proper = client.frame();
        proxy.fault(new Fault.Garble());
        ask(1);
        byte[] garbled = client.frame();
        assertThat(garbled).hasSameSizeAs(proper).startsWith(0, 0, 0, 1);
        int bits = 0;
        for (int i = 0; i < proper.length; i++) {
            bits += Integer.bitCount((proper[i] ^ garbled[i]) & 0xFF);
        }
        assertThat(bits).isEqualTo(1);
    }

    @Test
    void cutsTheConnectionAfterSoManyBytes() throws IOException {
        ask(1);
        int whole = Integer.BYTES + client.frame().length;
        proxy.fault(new Fault.CutAfter(whole + 5));
        ask(2);
        assertThat(client.in.readAllBytes()).hasSize(5);
    }

    @Test
    void sendsHalfAResponse() throws IOException {
        proxy.fault(new Fault.Truncate());
        ask(1);
        assertThatThrownBy(() -> client.frame()).isInstanceOf(EOFException.class);
    }

    @Test
    void announcesTooMuchAndReallySendsIt() throws IOException {
        int length = 3_000_000;
        proxy.fault(new Fault.Oversize(length));
        ask(1);
        assertThat(client.in.readInt()).isEqualTo(length);
        assertThat(client.in.readAllBytes()).hasSize(length);
    }

    @Test
    void passesOnLengthsThatNoFrameHas() throws IOException {
        cluster.node(1).announce(API, -1);
        ask(1);
        assertThat(client.in.readInt()).isEqualTo(-1);
    }

    @Test
    void passesOnWhatIsLargerThanItsMemory() throws IOException {
        int length = 40_000_000;
        cluster.node(1).oversize(API, length);
        ask(1);
        assertThat(client.in.readInt()).isEqualTo(length);
        client.in.skipNBytes(length);
        assertThat(client.in.read()).isEqualTo(-1);
    }

    @Test
    void sendsAtTheRateItWasTold() throws IOException {
        proxy.fault(new Fault.Rate(100));
        long begun = System.nanoTime();
        ask(1);
        int bytes = Integer.BYTES + client.frame().length;
        // the last of the twenty steps a second has no pause before it
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(10L * (bytes - 5)));
    }

    @Test
    void isABlackHoleFromThereOnAndOnOneConnectionOnly() throws IOException {
        ask(1);
        client.frame();
        proxy.faultNext(new Fault.BlackHole(), 1);
        ask(2);
        await("the hole").until(() -> proxy.faultsDone().containsKey("BlackHole"));
        try (RawClient other = new RawClient(front(1).port())) {
            ask(3);
            client.patience(Duration.ofMillis(50));
            assertThatThrownBy(() -> client.frame()).isInstanceOf(SocketTimeoutException.class);
            other.send(LIST_GROUPS, VERSION, 7);
            assertThat(other.correlationId()).isEqualTo(7);
        }
    }

    @Test
    void doesToOneConnectionWhatIsNotDoneToTheOthers() throws IOException {
        proxy.fault(1, new Fault.WrongCorrelationId());
        ask(1);
        assertThat(client.correlationId()).isNotEqualTo(1);
        try (RawClient other = new RawClient(front(1).port())) {
            other.send(LIST_GROUPS, VERSION, 7);
            assertThat(other.correlationId()).isEqualTo(7);
        }
    }

    @Test
    void resetsConnectionsOnDemandAndLetsNewOnesIn() throws IOException {
        ask(1);
        client.frame();
        proxy.resetConnections();
        assertThatThrownBy(() -> client.frame())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        try (RawClient other = new RawClient(front(1).port())) {
            other.send(LIST_GROUPS, VERSION, 7);
            assertThat(other.correlationId()).isEqualTo(7);
        }
    }

    @Test
    void refusesNewConnectionsUntilItIsHealed() throws IOException {
        proxy.refuse(true);
        try (RawClient refused = new RawClient(front(1).port())) {
            assertThat(refused.in.read()).isEqualTo(-1);
        }
        proxy.heal();
        try (RawClient other = new RawClient(front(1).port())) {
            other.send(LIST_GROUPS, VERSION, 7);
            assertThat(other.correlationId()).isEqualTo(7);
        }
    }

    @Test
    void whatIsFrozenIsPassedOnOnceItIsThawed() throws IOException {
        proxy.freeze();
        ask(1);
        client.patience(Duration.ofMillis(50));
        assertThatThrownBy(() -> client.frame()).isInstanceOf(SocketTimeoutException.class);
        client.patience(Duration.ofSeconds(20));
        proxy.thaw();
        assertThat(client.correlationId()).isEqualTo(1);
    }

    @Test
    void hangsUpWithItsBroker() throws IOException {
        ask(1);
        client.frame();
        cluster.node(1).goDown();
        assertThat(client.in.read()).isEqualTo(-1);
    }
}
