package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FakeCluster;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.network.Pending;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionPoolTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final ListGroupsRequest LIST_GROUPS =
            ListGroupsRequest.builder().build();

    private FakeCluster cluster;
    private ConnectionPool pool;

    @BeforeEach
    void start() throws IOException {
        cluster = FakeCluster.start(2);
    }

    @AfterEach
    void stop() throws IOException {
        if (pool != null) {
            pool.close();
        }
        cluster.close();
    }

    private ClientConfig.Builder config() {
        return ClientConfig.builder(cluster.bootstrap());
    }

    private void open(ClientConfig.Builder config) {
        pool = new ConnectionPool(config.build());
    }

    private BrokerAddress node(int nodeId) {
        return new BrokerAddress(nodeId, "127.0.0.1", cluster.node(nodeId).port());
    }

    private Pending<ListGroupsResponse> send(int nodeId, Lane lane, Duration patience) throws InterruptedException {
        return pool.send(node(nodeId), lane, "", _ -> LIST_GROUPS, null, LONG, Deadline.after(patience));
    }

    private void ask(int nodeId, Lane lane) throws InterruptedException {
        send(nodeId, lane, LONG).await(LONG);
    }

    @Test
    void sixteenCallersNeverNoticeThatIdleConnectionsAreClosed() throws Exception {
        open(config().maxIdle(Duration.ofMillis(1)));
        int callers = 16;
        int rounds = 200;
        Queue<Throwable> seen = new ConcurrentLinkedQueue<>();
        // a round begins about when the connection of the one before has been idle for long enough
        CyclicBarrier together = new CyclicBarrier(
                callers, () -> LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(500_000, 3_000_000)));
        try (Scope scope = Scope.open("callers")) {
            for (int i = 0; i < callers; i++) {
                scope.go("caller-" + i, () -> {
                    for (int round = 0; round < rounds; round++) {
                        together.await(30, TimeUnit.SECONDS);
                        try {
                            ask(1, Lane.CONTROL);
                        } catch (KafkaException e) {
                            seen.add(e);
                        }
                    }
                });
            }
            scope.join();
        }
        assertThat(seen).isEmpty();
        assertThat(cluster.node(1).accepted()).isGreaterThan(rounds / 10);
    }

    @Test
    void aConnectionThatBreaksBeforeTheRequestIsHandedOverIsReplaced() throws Exception {
        open(config());
        AtomicInteger made = new AtomicInteger();
        Pending<ListGroupsResponse> answered = pool.send(
                node(1),
                Lane.CONTROL,
                "",
                _ -> {
                    if (made.getAndIncrement() == 0) {
                        closeConnectionsOf(1);
                    }
                    return LIST_GROUPS;
                },
                null,
                LONG,
                Deadline.after(LONG));
        assertThat(answered.await(LONG).errorCode()).isZero();
        assertThat(cluster.node(1).received(ApiKey.LIST_GROUPS)).hasSize(1);
    }

    private void closeConnectionsOf(int nodeId) {
        try {
            cluster.node(nodeId).closeConnections();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await().until(() -> pool.all().isEmpty());
    }

    @Test
    void aConnectionThatTheClientHasClosedMeanwhileIsNotReplaced() throws Exception {
        open(config());
        assertThatThrownBy(() -> pool.send(
                        node(1),
                        Lane.GROUP,
                        "member",
                        _ -> {
                            pool.release("member");
                            return LIST_GROUPS;
                        },
                        null,
                        LONG,
                        Deadline.after(LONG)))
                .isInstanceOf(KafkaException.Closed.class);
        assertThat(pool.all()).isEmpty();
    }

    @Test
    void anAddressRewritingThatFailsIsTheBrokersTrouble() {
        open(config().addressRewrite(_ -> {
            throw new IllegalStateException("no tunnel");
        }));
        assertThatThrownBy(() -> ask(1, Lane.CONTROL))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessage("broker 1 (127.0.0.1:" + cluster.node(1).port() + "): the rewriting of its address failed")
                .hasRootCauseMessage("no tunnel");
    }

    @Test
    void aConnectionThatIsOwedAnAnswerIsNotIdle() throws Exception {
        cluster.node(1).delay(ApiKey.LIST_GROUPS, Duration.ofMillis(300));
        open(config().maxIdle(Duration.ofMillis(1)));
        send(1, Lane.CONTROL, LONG).await(LONG);
        Awaitility.await().until(() -> pool.all().isEmpty());
        assertThat(cluster.node(1).received(ApiKey.LIST_GROUPS)).hasSize(1);
    }

    @Test
    void aHostThatCannotBeReachedIsTriedAtGrowingIntervals() throws Exception {
        Queue<Long> dialled = new ConcurrentLinkedQueue<>();
        cluster.node(1).goDown();
        open(config().reconnectBackoff(Duration.ofMillis(40))
                .reconnectBackoffMax(Duration.ofMillis(160))
                .addressRewrite(address -> {
                    dialled.add(System.nanoTime());
                    return address;
                }));
        Deadline deadline = Deadline.after(LONG);
        while (dialled.size() < 6) {
            assertThatThrownBy(() -> pool.open(node(1), Lane.CONTROL, "", deadline))
                    .isInstanceOf(KafkaException.ConnectionBroken.class)
                    .hasMessageContaining("Connection refused");
        }
        List<Long> times = List.copyOf(dialled);
        long[] atLeast = {32, 64, 128, 128, 128}; // a fifth below what is configured
        for (int i = 0; i < atLeast.length; i++) {
            assertThat(Duration.ofNanos(times.get(i + 1) - times.get(i)))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(atLeast[i]));
        }
    }

    @Test
    void aHostInTroubleIsNotTriedWhenThereIsNoTimeToWaitForItsTurn() throws Exception {
        cluster.node(1).goDown();
        open(config().reconnectBackoff(Duration.ofSeconds(20)));
        assertThatThrownBy(() -> pool.open(node(1), Lane.CONTROL, "", Deadline.after(LONG)))
                .hasMessageContaining("Connection refused");
        assertThatThrownBy(() -> pool.open(node(1), Lane.FETCH, "", Deadline.after(Duration.ofSeconds(1))))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessageContaining("Connection refused");
        assertThat(pool.all()).isEmpty();
    }

    @Test
    void aBrokerThatThrottlesGetsNothingMoreOnThatConnectionForSoLong() throws Exception {
        FakeBroker broker = cluster.node(1);
        open(config());
        broker.throttle(ApiKey.LIST_GROUPS, Duration.ofMillis(400));
        long begun = System.nanoTime();
        ask(1, Lane.CONTROL);
        broker.heal(ApiKey.LIST_GROUPS);
        ask(1, Lane.PRODUCE); // another connection, which nobody has throttled
        ask(1, Lane.CONTROL);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        var times = broker.received(ApiKey.LIST_GROUPS);
        assertThat(times.get(2).nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(400));
    }

    @Test
    void aCallThatHasLessTimeThanTheBrokerThrottlesSaysSo() throws Exception {
        open(config());
        cluster.node(1).throttle(ApiKey.LIST_GROUPS, Duration.ofSeconds(20));
        ask(1, Lane.CONTROL);
        assertThatThrownBy(() -> send(1, Lane.CONTROL, Duration.ofMillis(50)))
                .isInstanceOf(KafkaException.RequestTimedOut.class)
                .hasMessageMatching(
                        "ListGroups held back, because broker 1 \\(127.0.0.1:\\d+\\) throttles this client for "
                                + "\\d+ ms \\(a quota\\): no answer within \\d+ ms");
    }

    @Test
    void aCallThatWaitsForItsTurnOnAFullConnectionEndsAtItsDeadline() throws Exception {
        open(config().maxInFlight(2));
        ask(1, Lane.CONTROL);
        cluster.node(1).freeze();
        send(1, Lane.CONTROL, LONG);
        send(1, Lane.CONTROL, LONG);
        assertThatThrownBy(() -> send(1, Lane.CONTROL, Duration.ofMillis(50)))
                .isInstanceOf(KafkaException.RequestTimedOut.class)
                .hasMessageContaining("ListGroups to broker 1 (127.0.0.1:")
                .hasMessageContaining("which has not answered the 2 requests before it");
    }

    @Test
    void whoAnswersIsAskedBeforeWhoIsNotConnectedAndThatOneBeforeWhoKeepsSilentOrCannotBeReached() throws Exception {
        open(config().reconnectBackoff(Duration.ofSeconds(20)));
        int unknown = pool.rank(node(1));
        ask(1, Lane.CONTROL);
        ask(2, Lane.CONTROL);
        assertThat(pool.rank(node(1))).isLessThan(unknown);

        cluster.node(2).freeze();
        send(2, Lane.CONTROL, LONG);
        Awaitility.await().until(() -> pool.rank(node(2)) > unknown);
        int silent = pool.rank(node(2));
        assertThat(silent).isGreaterThan(unknown);

        BrokerAddress nobody = new BrokerAddress(3, "127.0.0.1", freePort());
        assertThatThrownBy(() -> pool.open(nobody, Lane.CONTROL, "", Deadline.after(LONG)))
                .isInstanceOf(KafkaException.ConnectionBroken.class);
        assertThat(pool.rank(nobody)).isGreaterThan(silent);
    }

    @Test
    void aBrokerThatOwedAnAnswerUntilItsConnectionWasGivenUpRanksAsSilentUntilItAnswersAgain() throws Exception {
        open(config());
        ask(1, Lane.CONTROL);
        int unknown = pool.rank(node(2));
        cluster.node(1).freeze();
        Pending<?> lost = pool.send(
                node(1), Lane.CONTROL, "", _ -> LIST_GROUPS, null, Duration.ofMillis(50), Deadline.after(LONG));
        assertThatThrownBy(() -> lost.await(LONG)).isInstanceOf(KafkaException.RequestTimedOut.class);
        assertThat(pool.rank(node(1))).isGreaterThan(unknown);
        assertThat(pool.all()).isEmpty();
        assertThat(pool.rank(node(1))).isGreaterThan(unknown);

        cluster.node(1).thaw();
        ask(1, Lane.CONTROL);
        assertThat(pool.rank(node(1))).isLessThan(unknown);
    }

    @Test
    void droppedConnectionsFailTheirCallersWithWhatMayBeTriedAgain() throws Exception {
        open(config());
        ask(1, Lane.CONTROL);
        ask(2, Lane.CONTROL);
        cluster.node(1).freeze();
        Pending<?> waiting = send(1, Lane.CONTROL, LONG);
        pool.drop(List.of(node(1)));
        assertThatThrownBy(() -> waiting.await(LONG))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessageContaining("given up, as the client begins again with its bootstrap servers");
        assertThat(pool.all())
                .singleElement()
                .satisfies(left -> assertThat(left.peer()).isEqualTo(node(2)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
