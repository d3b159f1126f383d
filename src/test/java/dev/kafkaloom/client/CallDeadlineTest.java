package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FaultProxy;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.DescribeClusterRequest;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a call waits for, it ends by its deadline and a second, and at once when its thread is interrupted. */
@Timeout(60)
class CallDeadlineTest {
    private static final ListGroupsRequest LIST_GROUPS =
            ListGroupsRequest.builder().build();
    private static final Duration TIMEOUT = Duration.ofMillis(700);
    private static final CallOptions SHORT = CallOptions.DEFAULT.timeout(TIMEOUT);
    private static final Route HERE = new Route.Broker(FakeBroker.NODE_ID);

    private FakeBroker broker;
    private FaultProxy proxy;
    private KafkaClient client;

    @BeforeEach
    void start() throws Exception {
        broker = FakeBroker.start();
        proxy = FaultProxy.start();
        client = KafkaClient.open(ClientConfig.builder(broker.bootstrap())
                .addressRewrite(proxy::via)
                .build());
    }

    @AfterEach
    void stop() throws Exception {
        broker.thaw();
        proxy.thaw();
        client.close();
        proxy.close();
        broker.close();
    }

    private interface Call {
        void run() throws Exception;
    }

    /** The promise is a second; a machine that is busy with other things may take one more. */
    private static void assertEndsInTime(Call call) {
        long begun = System.nanoTime();
        assertThatThrownBy(call::run).isInstanceOf(KafkaException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TIMEOUT.plusSeconds(2));
    }

    private void contact() throws InterruptedException {
        client.callOnce(HERE, LIST_GROUPS, CallOptions.DEFAULT);
    }

    @Test
    void aBrokerThatIsSilentFromTheStart() {
        broker.freeze();
        assertEndsInTime(() -> client.call(HERE, LIST_GROUPS, SHORT));
        assertEndsInTime(() -> client.call(
                new Route.AnyBroker(), DescribeClusterRequest.builder().build(), SHORT));
        assertEndsInTime(() -> client.exchange(new Route.GroupCoordinator("g"), LIST_GROUPS, SHORT));
    }

    @Test
    void aBrokerThatFallsSilent() throws Exception {
        contact();
        broker.freeze();
        assertEndsInTime(() -> client.call(HERE, LIST_GROUPS, SHORT));
        assertEndsInTime(() -> client.callOnce(new Route.GroupCoordinator("g"), LIST_GROUPS, SHORT));
        assertEndsInTime(() -> client.call(new Route.Broker(99), LIST_GROUPS, SHORT));
    }

    @Test
    void aNetworkThatDropsEverything() throws Exception {
        contact();
        proxy.freeze();
        assertEndsInTime(() -> client.call(HERE, LIST_GROUPS, SHORT));
        assertEndsInTime(() -> client.call(HERE, LIST_GROUPS, SHORT.owner("somebody else")));
    }

    @Test
    void aBrokerThatIsNotThere() throws Exception {
        contact();
        broker.goDown();
        proxy.refuse(true);
        assertEndsInTime(() -> client.call(HERE, LIST_GROUPS, SHORT));
        assertEndsInTime(() -> client.call(new Route.GroupCoordinator("g"), LIST_GROUPS, SHORT));
    }

    @Test
    void aBrokerThatSendsTheCallElsewhereForEver() {
        broker.on(
                ApiKey.LIST_GROUPS,
                _ -> ListGroupsResponse.builder()
                        .errorCode(ErrorCode.NOT_COORDINATOR.code())
                        .build());
        assertEndsInTime(() -> client.call(new Route.GroupCoordinator("g"), LIST_GROUPS, SHORT));
    }

    @Test
    void aBrokerThatThrottles() throws Exception {
        contact();
        broker.throttle(ApiKey.LIST_GROUPS, Duration.ofSeconds(20));
        contact();
        assertEndsInTime(() -> client.call(HERE, LIST_GROUPS, SHORT));
    }

    private int requestsUnderWay() {
        return client.connections().stream().mapToInt(ConnectionInfo::inFlight).sum();
    }

    @Test
    void anInterruptEndsEveryWaitAtOnce() throws Exception {
        contact();
        broker.freeze();
        CountDownLatch interrupted = new CountDownLatch(5);
        try (Scope scope = Scope.open("callers")) {
            List<Call> calls = List.of(
                    () -> client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT),
                    () -> client.call(new Route.GroupCoordinator("g"), LIST_GROUPS, CallOptions.DEFAULT),
                    () -> client.refreshCluster("a test"),
                    () -> client.allTopics(),
                    () -> client.call(HERE, LIST_GROUPS, CallOptions.DEFAULT.owner("somebody else")));
            for (Call call : calls) {
                scope.go("caller", () -> {
                    try {
                        call.run();
                    } catch (InterruptedException _) {
                        interrupted.countDown();
                    }
                });
            }
            Awaitility.await()
                    .until(() -> requestsUnderWay() >= 3); // of one the connection is not open, one waits for metadata
            assertThat(scope.close(Duration.ofSeconds(5))).isEmpty();
        }
        assertThat(interrupted.getCount()).isZero();
        broker.thaw();
        contact();
    }
}
