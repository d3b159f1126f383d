package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.CoroutineRegistry;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.Fault;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.HeartbeatRequest;
import dev.kafkaloom.message.HeartbeatResponse;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.network.VersionRange;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KafkaClientTest {
    private static final ListGroupsRequest LIST_GROUPS =
            ListGroupsRequest.builder().build();
    private static final HeartbeatRequest HEARTBEAT = HeartbeatRequest.builder()
            .groupId("g")
            .generationId(3)
            .memberId("m")
            .build();
    private static final Route HERE = new Route.Broker(FakeBroker.NODE_ID);

    private FakeBroker broker;
    private KafkaClient client;

    @BeforeEach
    void start() throws IOException {
        broker = FakeBroker.start();
        broker.on(ApiKey.LIST_GROUPS, _ -> ListGroupsResponse.builder().build());
        broker.on(ApiKey.HEARTBEAT, _ -> HeartbeatResponse.builder().build());
        client = KafkaClient.open(config());
    }

    private ClientConfig config() {
        return ClientConfig.builder(broker.bootstrap())
                .retryBackoff(Duration.ofMillis(10))
                .retryBackoffMax(Duration.ofMillis(50))
                .apiTimeout(Duration.ofSeconds(10))
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        broker.close();
    }

    /** Answers Heartbeat with these codes, one after the other, the last one for ever. */
    private void heartbeats(ErrorCode... codes) {
        Deque<ErrorCode> left = new ArrayDeque<>(List.of(codes));
        // the probe for 0.9 comes with an empty group
        broker.on(
                ApiKey.HEARTBEAT,
                request -> ((HeartbeatRequest) request).groupId().isEmpty()
                        ? HeartbeatResponse.builder().build()
                        : heartbeat(left.size() > 1 ? left.remove() : left.element()));
    }

    private static Response heartbeat(ErrorCode code) {
        return HeartbeatResponse.builder().errorCode(code.code()).build();
    }

    private long groupHeartbeats() {
        return broker.received(ApiKey.HEARTBEAT).stream()
                .filter(each -> !((HeartbeatRequest) each.request()).groupId().isEmpty())
                .count();
    }

    @Test
    void anErrorThatPassesIsRetriedUntilItHasPassed() throws Exception {
        heartbeats(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, ErrorCode.NONE);
        assertThat(client.call(HEARTBEAT).errorCode()).isZero();
        assertThat(groupHeartbeats()).isEqualTo(3);
    }

    @Test
    void aCoordinatorThatMovedIsLookedUpAgainAndOtherwiseNot() throws Exception {
        heartbeats(ErrorCode.NONE, ErrorCode.NOT_COORDINATOR, ErrorCode.NONE);
        client.call(HEARTBEAT);
        assertThat(broker.received(ApiKey.FIND_COORDINATOR)).hasSize(1);
        client.call(HEARTBEAT);
        assertThat(broker.received(ApiKey.FIND_COORDINATOR)).hasSize(2);
        client.call(HEARTBEAT);
        assertThat(broker.received(ApiKey.FIND_COORDINATOR)).hasSize(2);
        client.coordinatorMoved("g", "a test says so");
        client.call(HEARTBEAT);
        assertThat(broker.received(ApiKey.FIND_COORDINATOR)).hasSize(3);
    }

    @Test
    void anErrorThatDoesNotPassIsThrownAtOnceWithItsContext() {
        heartbeats(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThatThrownBy(() -> client.call(HEARTBEAT))
                .isInstanceOf(KafkaException.BrokerError.class)
                .hasMessageStartingWith(
                        "Heartbeat at broker 1 (127.0.0.1:" + broker.port() + "): GROUP_AUTHORIZATION_FAILED (");
        assertThat(groupHeartbeats()).isEqualTo(1);
    }

    @Test
    void anExchangeGivesTheAnswerWithItsVersionAndItsBroker() throws Exception {
        heartbeats(ErrorCode.UNKNOWN_MEMBER_ID);
        Route coordinator = new Route.GroupCoordinator("g");
        Exchange<HeartbeatResponse> highest = client.exchange(coordinator, HEARTBEAT, CallOptions.DEFAULT);
        assertThat(highest.response().errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
        assertThat(highest.version()).isEqualTo((short) 4);
        assertThat(highest.broker().nodeId()).isEqualTo(FakeBroker.NODE_ID);
        Exchange<HeartbeatResponse> pinned =
                client.exchange(coordinator, HEARTBEAT, CallOptions.DEFAULT.version((short) 1));
        assertThat(pinned.version()).isEqualTo((short) 1);
        assertThat(groupHeartbeats()).isEqualTo(2);
    }

    @Test
    void anExchangeIsRepeatedOnlyWhereTheBrokerSentItElsewhere() throws Exception {
        heartbeats(ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, ErrorCode.NONE);
        assertThat(client.exchange(new Route.GroupCoordinator("g"), HEARTBEAT, CallOptions.DEFAULT)
                        .response()
                        .errorCode())
                .isZero();
        heartbeats(ErrorCode.NOT_COORDINATOR);
        assertThat(client.exchange(HERE, HEARTBEAT, CallOptions.DEFAULT)
                        .response()
                        .errorCode())
                .isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(groupHeartbeats()).isEqualTo(4);
    }

    @Test
    void aPinnedVersionThatTheBrokerLacksIsRefusedWithBothRanges() {
        broker.release("2.3.1");
        assertThatThrownBy(() -> client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT.version((short) 3)))
                .isInstanceOf(KafkaException.UnsupportedVersion.class)
                .hasMessage(
                        "ListGroups v3 is not possible: the broker (Kafka 2.3) knows ListGroups v0-v2, this client v0-v5");
        assertThat(broker.received(ApiKey.LIST_GROUPS)).isEmpty();
    }

    @Test
    void callOnceReturnsTheErrorAndDoesNotRetry() throws Exception {
        heartbeats(ErrorCode.NOT_COORDINATOR);
        assertThat(client.callOnce(new Route.GroupCoordinator("g"), HEARTBEAT, CallOptions.DEFAULT)
                        .errorCode())
                .isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(groupHeartbeats()).isEqualTo(1);
    }

    @Test
    void retriesEndAtTheDeadlineWithTheLastError() {
        heartbeats(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        long begun = System.nanoTime();
        assertThatThrownBy(() -> client.call(
                        Route.of(HEARTBEAT), HEARTBEAT, CallOptions.DEFAULT.timeout(Duration.ofMillis(400))))
                .isInstanceOf(KafkaException.BrokerError.class)
                .hasMessageContaining("COORDINATOR_LOAD_IN_PROGRESS");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aBrokenConnectionIsReplacedAndTheCallRepeated() throws Exception {
        client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT);
        broker.closeConnections();
        client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT);
        assertThat(client.connections()).anySatisfy(each -> {
            assertThat(each.name()).isEqualTo("broker-1/control");
            assertThat(each.state()).isEqualTo("open");
        });
    }

    @Test
    void aBrokerThatClosesOnARequestEachTimeIsBelievedToRefuseIt() throws Exception {
        broker.hangUp(ApiKey.LIST_GROUPS);
        assertThatThrownBy(() -> client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT.timeout(Duration.ofMinutes(5))))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessageStartingWith("broker 1 (127.0.0.1:" + broker.port()
                        + "): it closed the connection 4 times in a row instead of answering ListGroups v5")
                .hasMessageContaining("set kafka.version to the broker's release");
        assertThat(broker.received(ApiKey.LIST_GROUPS)).hasSize(4);
    }

    @Test
    void aBrokerThatClosesOnARequestOnceIsAskedAgain() throws Exception {
        broker.faultNext(ApiKey.LIST_GROUPS, new Fault.HangUp(), 3);
        assertThat(client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT).errorCode())
                .isZero();
    }

    @Test
    void aCallersTimeoutDoesNotBreakTheConnectionForOthers() throws Exception {
        client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT);
        broker.delay(ApiKey.LIST_GROUPS, Duration.ofMillis(500));
        assertThatThrownBy(() -> client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT.timeout(Duration.ofMillis(100))))
                .isInstanceOf(KafkaException.RequestTimedOut.class);
        broker.heal(ApiKey.LIST_GROUPS);
        int before = broker.accepted();
        client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT);
        assertThat(broker.accepted()).isEqualTo(before);
    }

    @Test
    void whatTheBrokerHoldsByContractIsAddedToTheDeadline() throws Exception {
        broker.delay(ApiKey.LIST_GROUPS, Duration.ofMillis(400));
        client.close();
        client = KafkaClient.open(
                config().toBuilder().requestTimeout(Duration.ofMillis(200)).build());
        CallOptions options =
                CallOptions.DEFAULT.timeout(Duration.ofMillis(250)).hold(Duration.ofSeconds(5));
        assertThat(client.callOnce(HERE, LIST_GROUPS, options).errorCode()).isZero();
    }

    @Test
    void eachOwnerAndLaneHasItsOwnConnection() throws Exception {
        client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT.lane(Lane.GROUP).owner("member-0"));
        client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT.lane(Lane.GROUP).owner("member-1"));
        client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT.lane(Lane.GROUP).owner("member-1"));
        client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT);
        assertThat(client.connections())
                .extracting(ConnectionInfo::name)
                .contains("broker-1/group/member-0", "broker-1/group/member-1", "broker-1/control")
                .doesNotHaveDuplicates();
        client.release("member-0");
        assertThat(client.connections())
                .extracting(ConnectionInfo::owner)
                .doesNotContain("member-0")
                .contains("member-1");
    }

    @Test
    void callersThatComeTogetherShareOneConnection() throws Exception {
        client.cluster();
        int before = broker.accepted();
        CountDownLatch done = new CountDownLatch(20);
        try (Scope scope = Scope.open("callers")) {
            for (int i = 0; i < 20; i++) {
                scope.go("caller-" + i, () -> {
                    client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT);
                    done.countDown();
                });
            }
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(broker.accepted()).isEqualTo(before + 1);
    }

    @Test
    void closingEndsWaitingCallsAndAllThreads() throws Exception {
        client.cluster();
        broker.drop(ApiKey.LIST_GROUPS);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (Scope scope = Scope.open("callers")) {
            var caller = scope.go("caller", () -> {
                try {
                    client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT);
                } catch (KafkaException e) {
                    thrown.set(e);
                }
            });
            Awaitility.await().until(() -> !broker.received(ApiKey.LIST_GROUPS).isEmpty());
            client.close();
            assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(thrown.get()).isInstanceOf(KafkaException.Closed.class);
        assertThatThrownBy(() -> client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT))
                .isInstanceOf(KafkaException.Closed.class);
        assertThat(CoroutineRegistry.snapshot())
                .noneMatch(each ->
                        each.name().startsWith("broker-1") || each.name().startsWith("bootstrap"));
    }

    @Test
    void whenNoBrokerAnswersEveryAddressIsNamedWithItsReason() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        ClientConfig nobody = ClientConfig.builder("127.0.0.1:" + free + ",no-such-host.invalid:9092")
                .bootstrapTimeout(Duration.ofSeconds(2))
                .build();
        try (KafkaClient lost = KafkaClient.open(nobody)) {
            assertThatThrownBy(() -> lost.call(MetadataRequest.builder().build()))
                    .isInstanceOf(KafkaException.ConnectionBroken.class)
                    .hasMessageContaining("127.0.0.1:" + free + ": Connection refused")
                    .hasMessageContaining("no-such-host.invalid:9092: the host name cannot be resolved");
        }
    }

    @Test
    void aBrokerThatWentAwayIsReportedBySingleTriesWithoutWaitingForItsReturn() throws Exception {
        client.close();
        client = KafkaClient.open(config().toBuilder()
                .reconnectBackoffMax(Duration.ofMillis(100)) // by default each try waits up to a second for it
                .build());
        client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT);
        broker.close();
        long begun = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> client.callOnce(HERE, LIST_GROUPS, CallOptions.DEFAULT))
                    .isInstanceOf(KafkaException.ConnectionBroken.class)
                    .hasMessageContaining("broker 1 (127.0.0.1:" + broker.port() + ")");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void oneDeadBootstrapAddressDoesNotMatter() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (KafkaClient second = KafkaClient.open(ClientConfig.of("127.0.0.1:" + free + "," + broker.bootstrap()))) {
            assertThat(second.cluster().brokers()).containsOnlyKeys(FakeBroker.NODE_ID);
        }
    }

    @Test
    void aBootstrapBrokerThatAcceptsAndStaysSilentDoesNotUseUpTheTimeOfTheOthers() throws Exception {
        try (FakeBroker silent = FakeBroker.start().drop(ApiKey.API_VERSIONS).drop(ApiKey.HEARTBEAT)) {
            ClientConfig config = ClientConfig.builder(silent.bootstrap() + "," + broker.bootstrap())
                    .bootstrapTimeout(Duration.ofSeconds(2))
                    .build();
            try (KafkaClient second = KafkaClient.open(config)) {
                assertThat(second.cluster().brokers()).containsOnlyKeys(FakeBroker.NODE_ID);
            }
        }
    }

    @Test
    void aRequestThatOnlyItsCallerCanAddressSaysWhy() {
        FetchRequest request =
                FetchRequest.builder().sessionId(7).sessionEpoch(1).build();
        assertThatThrownBy(() -> client.call(request))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("a fetch session belongs to the broker that opened it")
                .hasMessageContaining("Route.Broker");
    }

    @Test
    void anUnknownBrokerIsAnErrorAfterALookIntoFreshMetadata() {
        assertThatThrownBy(() -> client.callOnce(new Route.Broker(99), LIST_GROUPS, CallOptions.DEFAULT))
                .isInstanceOf(KafkaException.BrokerError.class)
                .hasMessageContaining("broker 99");
        assertThat(broker.received(ApiKey.METADATA)).hasSize(2);
    }

    @Test
    void negotiatedVersionsCanBeAskedFor() throws Exception {
        assertThat(client.versions(FakeBroker.NODE_ID, ApiKey.FETCH)).isEqualTo(VersionRange.of(4, 18));
    }
}
