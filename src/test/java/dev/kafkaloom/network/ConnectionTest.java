package dev.kafkaloom.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kafkaloom.coroutine.CoroutineRegistry;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.HeartbeatRequest;
import dev.kafkaloom.message.HeartbeatResponse;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
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
class ConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final MetadataRequest METADATA =
            MetadataRequest.builder().topics(null).build();

    private FakeBroker broker;
    private Connector connector;

    @BeforeEach
    void start() throws IOException {
        broker = FakeBroker.start();
        broker.on(
                ApiKey.HEARTBEAT,
                request -> HeartbeatResponse.builder()
                        .errorCode((short) ((HeartbeatRequest) request).generationId())
                        .build());
        broker.on(ApiKey.LIST_GROUPS, _ -> ListGroupsResponse.builder().build());
        connector = Connector.open(new ConnectionConfig("test-client", "auto", Duration.ofSeconds(5)));
    }

    @AfterEach
    void stop() throws IOException {
        connector.close();
        broker.close();
    }

    private Connection open() throws InterruptedException {
        return open(broker.port());
    }

    private Connection open(int port) throws InterruptedException {
        Connection connection = connector.connect(new BrokerAddress(7, "127.0.0.1", port), Lane.CONTROL, "");
        connection.awaitOpen(LONG);
        return connection;
    }

    private static HeartbeatRequest heartbeat(int generation) {
        return HeartbeatRequest.builder()
                .groupId("g")
                .generationId(generation)
                .memberId("m")
                .build();
    }

    @Test
    void eachOfManyPipelinedRequestsGetsItsOwnResponse() throws Exception {
        Connection connection = open();
        List<Pending<HeartbeatResponse>> pending = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            pending.add(connection.send(heartbeat(i), LONG));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(pending.get(i).await(LONG).errorCode()).isEqualTo((short) i);
        }
        assertThat(connection.state()).isInstanceOf(Connection.State.Open.class);
        assertThat(broker.received(ApiKey.HEARTBEAT))
                .allMatch(each -> each.clientId().equals("test-client"));
    }

    @Test
    void theLateResponseOfACallerThatGaveUpIsDropped() throws Exception {
        Connection connection = open();
        broker.delay(ApiKey.METADATA, Duration.ofMillis(400));
        Pending<MetadataResponse> late = connection.send(METADATA, LONG);
        assertThatThrownBy(() -> late.await(SHORT))
                .isInstanceOf(KafkaException.RequestTimedOut.class)
                .hasMessageContaining("Metadata")
                .hasMessageContaining("broker 7 (127.0.0.1:" + broker.port() + ")");

        assertThat(connection.send(heartbeat(42), LONG).await(LONG).errorCode()).isEqualTo((short) 42);
        assertThat(connection.state()).isEqualTo(new Connection.State.Open(0));
    }

    @Test
    void aCallerThatWaitsForMoreThanASecondGivesUpInTimeToo() throws Exception {
        Connection connection = open();
        broker.drop(ApiKey.METADATA);
        Pending<MetadataResponse> unanswered = connection.send(METADATA, LONG);
        assertThatThrownBy(() -> unanswered.await(Duration.ofMillis(1300)))
                .isInstanceOf(KafkaException.RequestTimedOut.class)
                .hasMessageContaining("no answer within 1300 ms");
        assertThat(connection.isOver()).isFalse();
    }

    @Test
    void oneOfTwoWhoWaitMayGiveUp() throws Exception {
        Connection connection = open();
        broker.delay(ApiKey.METADATA, Duration.ofMillis(400));
        Pending<MetadataResponse> both = connection.send(METADATA, LONG);
        try (Scope scope = Scope.open("callers")) {
            AtomicReference<MetadataResponse> seen = new AtomicReference<>();
            scope.go("patient", () -> seen.set(both.await(LONG)));
            assertThatThrownBy(() -> both.await(Duration.ofMillis(100)))
                    .isInstanceOf(KafkaException.RequestTimedOut.class);
            scope.join();
            assertThat(seen.get()).isNotNull();
        }
    }

    @Test
    void anInterruptedCallerLeavesTheConnectionToTheOthers() throws Exception {
        Connection connection = open();
        broker.delay(ApiKey.METADATA, Duration.ofMillis(300));
        CountDownLatch sent = new CountDownLatch(1);
        try (Scope scope = Scope.open("callers")) {
            AtomicReference<Throwable> outcome = new AtomicReference<>();
            var impatient = scope.go("impatient", () -> {
                try {
                    Pending<MetadataResponse> pending = connection.send(METADATA, LONG);
                    sent.countDown();
                    pending.await(LONG);
                } catch (InterruptedException e) {
                    outcome.set(e);
                }
            });
            assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
            impatient.interrupt();
            assertThat(impatient.join(LONG)).isTrue();
            assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        }
        assertThat(connection.send(heartbeat(1), LONG).await(LONG).errorCode()).isEqualTo((short) 1);
    }

    @Test
    void aBrokerThatDoesNotAnswerInTimeBreaksTheConnectionWithOneCauseForAll() throws Exception {
        Connection connection = open();
        broker.drop(ApiKey.LIST_GROUPS).drop(ApiKey.METADATA);
        Pending<?> overdue = connection.send(ListGroupsRequest.builder().build(), SHORT);
        Pending<?> patient = connection.send(METADATA, LONG);

        KafkaException first = catchThrowableOfType(KafkaException.class, () -> overdue.await(LONG));
        KafkaException second = catchThrowableOfType(KafkaException.class, () -> patient.await(LONG));
        assertThat(first)
                .isInstanceOf(KafkaException.RequestTimedOut.class)
                .hasMessageContaining("ListGroups")
                .isSameAs(second);
        assertThat(connection.state()).isEqualTo(new Connection.State.Broken(first));
        assertThatThrownBy(() -> connection.send(METADATA, LONG)).isSameAs(first);
    }

    @Test
    void closingFailsTheWaitersAndEndsTheThreads() throws Exception {
        Connection connection = open();
        broker.drop(ApiKey.METADATA);
        Pending<?> pending = connection.send(METADATA, LONG);
        connection.close();
        assertThatThrownBy(() -> pending.await(LONG)).isInstanceOf(KafkaException.Closed.class);
        assertThat(connection.state()).isInstanceOf(Connection.State.Closed.class);
        Awaitility.await()
                .atMost(LONG)
                .until(() -> CoroutineRegistry.snapshot().stream()
                        .noneMatch(each -> each.name().startsWith(connection.name())));
    }

    @Test
    void aResponseToNoRequestBreaksTheConnection() throws Exception {
        Connection connection = open();
        broker.wrongCorrelationId(ApiKey.METADATA);
        Pending<?> pending = connection.send(METADATA, LONG);
        assertThatThrownBy(() -> pending.await(LONG))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessageContaining("is not the one that is due");
    }

    @Test
    void aBodyThatIsNoValidMessageFailsThatCallOnly() throws Exception {
        Connection connection = open();
        broker.body(ApiKey.METADATA, new byte[] {1, 2, 3});
        Pending<?> pending = connection.send(METADATA, LONG);
        assertThatThrownBy(() -> pending.await(LONG))
                .isInstanceOf(KafkaException.MalformedMessage.class)
                .hasMessageContaining("MetadataResponse v");
        assertThat(connection.send(heartbeat(5), LONG).await(LONG).errorCode()).isEqualTo((short) 5);
    }

    @Test
    void aResponseOverTheLimitIsRefusedByItsLengthAlone() throws Exception {
        Connection connection = open();
        broker.announce(ApiKey.METADATA, Integer.MAX_VALUE);
        Pending<?> pending = connection.send(METADATA, LONG);
        assertThatThrownBy(() -> pending.await(LONG))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessageContaining("2147483647 bytes")
                .hasMessageContaining("limit is " + (100 << 20));
    }

    @Test
    void aResponseCutShortSaysHowMuchHadCome() throws Exception {
        Connection connection = open();
        broker.truncate(ApiKey.METADATA);
        Pending<?> pending = connection.send(METADATA, LONG);
        assertThatThrownBy(() -> pending.await(LONG))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessageContaining("of the")
                .hasMessageContaining("bytes of a response");
    }

    @Test
    void aCloseInsteadOfAnAnswerNamesTheRequest() throws Exception {
        Connection connection = open();
        broker.hangUp(ApiKey.METADATA);
        Pending<?> pending = connection.send(METADATA, LONG);
        assertThatThrownBy(() -> pending.await(LONG))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessageContaining("closed the connection instead of answering Metadata v");
    }

    @Test
    void aRequestThatIsNotAnsweredByDesignIsDoneWhenItIsWritten() throws Exception {
        broker.on(ApiKey.PRODUCE, _ -> null);
        Connection connection = open();
        connection
                .send(ProduceRequest.builder().acks((short) 0).timeoutMs(1000).build(), LONG)
                .await(LONG);
        assertThat(connection.send(heartbeat(9), LONG).await(LONG).errorCode()).isEqualTo((short) 9);
        assertThat(broker.received(ApiKey.PRODUCE)).hasSize(1);
    }

    @Test
    void refusedConnectionsNameHostAndPort() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThatThrownBy(() -> open(free))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessageContaining("127.0.0.1:" + free)
                .hasMessageContaining("Connection refused");
    }

    @Test
    void anUnknownHostIsSaidToBeOne() {
        Connection connection =
                connector.connect(new BrokerAddress(-1, "no-such-host.invalid", 9092), Lane.CONTROL, "");
        assertThatThrownBy(() -> connection.awaitOpen(LONG))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessage("broker no-such-host.invalid:9092: the host name cannot be resolved");
    }

    @Test
    void aClosedConnectorOpensNothing() {
        connector.close();
        Connection connection = connector.connect(new BrokerAddress(7, "127.0.0.1", broker.port()), Lane.CONTROL, "");
        assertThatThrownBy(() -> connection.awaitOpen(LONG)).isInstanceOf(KafkaException.Closed.class);
    }
}
