package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FakeCluster;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.DescribeClusterRequest;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that accepts connections and answers nothing, as a stopped process does. */
@Timeout(60)
class SilentBrokerTest {
    private static final ListGroupsRequest LIST_GROUPS =
            ListGroupsRequest.builder().build();
    private static final DescribeClusterRequest DESCRIBE_CLUSTER =
            DescribeClusterRequest.builder().build();
    private static final int SILENT = 3;
    /** Far above what a slow machine needs, far below the 10 s and more that waiting for the silent one costs. */
    private static final Duration SOON = Duration.ofSeconds(6);

    private FakeCluster cluster;
    private KafkaClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = FakeCluster.start(3).topic("orders", 3).coordinate("g", 2);
        client = KafkaClient.open(ClientConfig.of(cluster.bootstrap()));
    }

    @AfterEach
    void stop() throws IOException {
        cluster.nodes().forEach(FakeBroker::thaw);
        client.close();
        cluster.close();
    }

    private void silence() throws Exception {
        for (int node = 1; node <= 3; node++) {
            client.callOnce(new Route.Broker(node), LIST_GROUPS, CallOptions.DEFAULT);
        }
        cluster.node(SILENT).freeze();
        assertThatThrownBy(() -> client.callOnce(
                        new Route.Broker(SILENT), LIST_GROUPS, CallOptions.DEFAULT.timeout(Duration.ofMillis(300))))
                .isInstanceOf(KafkaException.RequestTimedOut.class);
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void assertSoon(String what, Call call) throws Exception {
        long begun = System.nanoTime();
        call.run();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).as(what).isLessThan(SOON);
    }

    @Test
    void callsToTheOthersAreNotHeldUp() throws Exception {
        silence();
        for (int i = 0; i < 4; i++) {
            assertSoon("call to 1", () -> client.callOnce(new Route.Broker(1), LIST_GROUPS, CallOptions.DEFAULT));
            assertSoon("call to 2", () -> client.call(new Route.Broker(2), LIST_GROUPS, CallOptions.DEFAULT));
            assertSoon("any broker", () -> client.call(DESCRIBE_CLUSTER));
            assertSoon("versions of any broker", () -> client.versions());
        }
    }

    @Test
    void metadataAndCoordinatorsAreHadFromTheOthers() throws Exception {
        silence();
        for (int i = 0; i < 4; i++) {
            assertSoon("refresh", () -> client.refreshCluster("a test"));
            assertSoon("all topics", () -> client.allTopics());
            assertSoon("a new topic", () -> client.clusterWith(List.of("orders")));
            client.coordinatorMoved("g", "a test says so");
            assertSoon("coordinator", () -> client.coordinator("g"));
        }
    }

    @Test
    void aBrokerThatIsSilentFromTheFirstContactOnIsNotWaitedForEither() throws Exception {
        cluster.node(SILENT).freeze();
        String silentFirst = cluster.node(SILENT).bootstrap() + ","
                + cluster.node(1).bootstrap() + "," + cluster.node(2).bootstrap();
        try (KafkaClient late = KafkaClient.open(ClientConfig.of(silentFirst))) {
            for (int i = 0; i < 4; i++) {
                assertSoon("metadata", () -> late.refreshCluster("a test"));
                assertSoon("any broker", () -> late.call(DESCRIBE_CLUSTER));
                assertSoon("coordinator", () -> late.coordinator("g"));
                late.coordinatorMoved("g", "a test says so");
            }
        }
    }

    /** Two of three, so that asking one of them first is nearly certain in a few tries. */
    private void silenceThatNobodyHasNoticed() throws Exception {
        for (int node = 1; node <= 3; node++) {
            client.versions(node);
        }
        cluster.node(2).freeze();
        cluster.node(SILENT).freeze();
    }

    @Test
    void whoeverRunsIntoTheSilenceFirstIsServedByAnother() throws Exception {
        silenceThatNobodyHasNoticed();
        for (int i = 0; i < 6; i++) {
            assertSoon("any broker", () -> client.call(DESCRIBE_CLUSTER));
        }
    }

    @Test
    void whoeverLooksForACoordinatorFirstIsServedByAnother() throws Exception {
        silenceThatNobodyHasNoticed();
        for (int i = 0; i < 6; i++) {
            client.coordinatorMoved("g", "a test says so");
            assertSoon("coordinator", () -> client.coordinator("g"));
        }
    }

    @Test
    void aBrokerThatAnswersAgainIsUsedAgain() throws Exception {
        silence();
        cluster.node(SILENT).thaw();
        assertSoon("call to 3", () -> client.callOnce(new Route.Broker(SILENT), LIST_GROUPS, CallOptions.DEFAULT));
    }

    @Test
    void whoeverWaitsForAnothersLoadKeepsHisOwnDeadline() throws Exception {
        cluster.nodes().forEach(node -> node.freeze());
        ConcurrentLinkedQueue<Duration> overruns = new ConcurrentLinkedQueue<>();
        List<Coroutine> callers = new ArrayList<>();
        try (Scope scope = Scope.open("callers")) {
            for (int i = 0; i < 20; i++) {
                Duration timeout = Duration.ofMillis(i == 0 ? 8000 : 200 + 50 * i);
                callers.add(scope.go("caller-" + i, () -> {
                    long begun = System.nanoTime();
                    try {
                        client.call(new Route.Broker(1), LIST_GROUPS, CallOptions.DEFAULT.timeout(timeout));
                    } catch (KafkaException _) {
                        overruns.add(Duration.ofNanos(System.nanoTime() - begun).minus(timeout));
                    }
                }));
            }
            for (Coroutine caller : callers.subList(1, 20)) {
                assertThat(caller.join(Duration.ofSeconds(20))).isTrue();
            }
            assertThat(overruns)
                    .hasSize(19)
                    .allSatisfy(overrun -> assertThat(overrun).isLessThan(Duration.ofSeconds(1)));
        } finally {
            cluster.nodes().forEach(node -> node.thaw());
        }
    }

    @Test
    void anInterruptEndsACallersWaitForMetadataAndNobodyElses() throws Exception {
        cluster.nodes().forEach(node -> node.freeze());
        try (Scope first = Scope.open("first");
                Scope second = Scope.open("second")) {
            first.go("first", () -> client.cluster());
            Coroutine other = second.go("second", () -> client.cluster());
            Awaitility.await().until(() -> !client.connections().isEmpty());
            assertThat(first.close(Duration.ofSeconds(5))).isEmpty();
            cluster.nodes().forEach(node -> node.thaw());
            assertThat(other.join(Duration.ofSeconds(20))).isTrue();
            assertThat(second.failure()).isEmpty();
        }
        assertThat(cluster.nodes())
                .anySatisfy(node -> assertThat(node.received(ApiKey.METADATA)).isNotEmpty());
    }
}
