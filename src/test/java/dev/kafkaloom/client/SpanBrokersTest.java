package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FakeCluster;
import dev.kafkaloom.message.AlterConfigsRequest;
import dev.kafkaloom.message.AlterConfigsResponse;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.DescribeConfigsRequest;
import dev.kafkaloom.message.DescribeConfigsRequest.DescribeConfigsResource;
import dev.kafkaloom.message.DescribeConfigsResponse;
import dev.kafkaloom.message.DescribeConfigsResponse.DescribeConfigsResult;
import dev.kafkaloom.message.DescribeLogDirsRequest;
import dev.kafkaloom.message.DescribeLogDirsResponse;
import dev.kafkaloom.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import dev.kafkaloom.message.IncrementalAlterConfigsRequest;
import dev.kafkaloom.message.IncrementalAlterConfigsResponse;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.ListGroupsResponse.ListedGroup;
import dev.kafkaloom.message.ListTransactionsRequest;
import dev.kafkaloom.message.ListTransactionsResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that every broker has a part of the answer to, and those about the settings of single brokers. */
@Timeout(60)
class SpanBrokersTest {
    private static final int TOPIC = 2;
    private static final int BROKER = 4;
    private static final int LOGGERS = 8;
    private static final Route ALL = new Route.SeveralBrokers();
    private static final ListGroupsRequest LIST_GROUPS =
            ListGroupsRequest.builder().build();

    private FakeCluster cluster;
    private KafkaClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = FakeCluster.start(3);
        for (FakeBroker node : cluster.nodes()) {
            node.on(ApiKey.LIST_GROUPS, _ -> groups("group-" + node.nodeId(), "everywhere"));
        }
        client = KafkaClient.open(ClientConfig.builder(cluster.bootstrap())
                .retryBackoff(Duration.ofMillis(10))
                .retryBackoffMax(Duration.ofMillis(50))
                .build());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        cluster.close();
    }

    private static ListGroupsResponse groups(String... names) {
        return ListGroupsResponse.builder()
                .throttleTimeMs(0)
                .groups(List.of(names).stream()
                        .map(name -> ListedGroup.builder().groupId(name).build())
                        .toList())
                .build();
    }

    private List<String> listed() throws InterruptedException {
        return client.call(LIST_GROUPS).groups().stream()
                .map(ListedGroup::groupId)
                .toList();
    }

    @Test
    void theGroupsOfAllBrokersAreListedEachOnce() throws Exception {
        assertThat(listed()).containsExactly("group-1", "everywhere", "group-2", "group-3");
    }

    @Test
    void aBrokerThatIsNotYetReadyIsAskedAgainAndTheOthersAreNot() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        cluster.node(2)
                .on(
                        ApiKey.LIST_GROUPS,
                        _ -> tries.incrementAndGet() < 3
                                ? ListGroupsResponse.builder()
                                        .errorCode(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code())
                                        .build()
                                : groups("late"));
        assertThat(listed()).containsExactly("group-1", "everywhere", "late", "group-3");
        assertThat(cluster.node(1).received(ApiKey.LIST_GROUPS)).hasSize(1);
    }

    @Test
    void aBrokerThatRefusesFailsTheCallAndIsNamed() {
        cluster.node(3)
                .on(
                        ApiKey.LIST_GROUPS,
                        _ -> ListGroupsResponse.builder()
                                .errorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code())
                                .build());
        assertThatThrownBy(() -> client.call(LIST_GROUPS))
                .isInstanceOf(KafkaException.BrokerError.class)
                .hasMessageContaining("ListGroups at broker 3")
                .hasMessageContaining("CLUSTER_AUTHORIZATION_FAILED");
    }

    @Test
    void whoWantsTheAnswersAsTheyAreGetsTheOthersBesideTheRefusal() throws Exception {
        cluster.node(3)
                .on(
                        ApiKey.LIST_GROUPS,
                        _ -> ListGroupsResponse.builder()
                                .errorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code())
                                .build());
        Exchange<ListGroupsResponse> exchange = client.exchange(ALL, LIST_GROUPS, CallOptions.DEFAULT);
        assertThat(exchange.response().errorCode()).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
        assertThat(exchange.broker().nodeId()).isEqualTo(3);
        assertThat(exchange.response().groups()).hasSize(3);
    }

    @Test
    void aListWithoutOneOfTheBrokersIsNoAnswer() throws Exception {
        client.call(LIST_GROUPS);
        cluster.node(2).goDown();
        assertThatThrownBy(() -> client.callOnce(ALL, LIST_GROUPS, CallOptions.DEFAULT))
                .isInstanceOf(KafkaException.ConnectionBroken.class)
                .hasMessageContaining("broker 2");
    }

    @Test
    void aBrokerThatHasLeftTheClusterIsNotMissed() throws Exception {
        client.call(LIST_GROUPS);
        cluster.node(2).goDown();
        cluster.node(1).on(ApiKey.LIST_GROUPS, _ -> {
            cluster.list(2, false); // after this call has begun
            return groups("group-1");
        });
        assertThat(listed()).containsExactly("group-1", "group-3", "everywhere");
    }

    @Test
    void aBrokerThatHasJoinedSinceIsAskedToo() throws Exception {
        cluster.list(3, false);
        client.call(LIST_GROUPS);
        cluster.list(3, true);
        // a snapshot that is younger than the back-off is not loaded again
        await().pollInterval(Duration.ofMillis(5)).until(() -> listed().contains("group-3"));
    }

    @Test
    void transactionsAndLogDirectoriesOfAllBrokersAreListed() throws Exception {
        for (FakeBroker node : cluster.nodes()) {
            node.on(
                    ApiKey.LIST_TRANSACTIONS,
                    _ -> ListTransactionsResponse.builder()
                            .unknownStateFilters(List.of("Nonsense"))
                            .transactionStates(List.of(ListTransactionsResponse.TransactionState.builder()
                                    .transactionalId("txn-" + node.nodeId())
                                    .build()))
                            .build());
            node.on(
                    ApiKey.DESCRIBE_LOG_DIRS,
                    _ -> DescribeLogDirsResponse.builder()
                            .results(List.of(DescribeLogDirsResult.builder()
                                    .logDir("/data/" + node.nodeId())
                                    .build()))
                            .build());
        }
        ListTransactionsResponse transactions =
                client.call(ListTransactionsRequest.builder().build());
        assertThat(transactions.transactionStates())
                .extracting(each -> each.transactionalId())
                .containsExactly("txn-1", "txn-2", "txn-3");
        assertThat(transactions.unknownStateFilters()).containsExactly("Nonsense");
        assertThat(client.call(DescribeLogDirsRequest.builder().build()).results())
                .extracting(each -> each.logDir())
                .containsExactly("/data/1", "/data/2", "/data/3");
    }

    // ---- settings

    /** The message of each answer is the node that gave it. */
    private void answerConfigs() {
        for (FakeBroker node : cluster.nodes()) {
            String self = "node " + node.nodeId();
            node.on(
                    ApiKey.DESCRIBE_CONFIGS,
                    request -> DescribeConfigsResponse.builder()
                            .results(((DescribeConfigsRequest) request)
                                    .resources().stream()
                                            .map(each -> DescribeConfigsResult.builder()
                                                    .resourceType(each.resourceType())
                                                    .resourceName(each.resourceName())
                                                    .errorMessage(self)
                                                    .build())
                                            .toList())
                            .build());
            node.on(
                    ApiKey.ALTER_CONFIGS,
                    request -> AlterConfigsResponse.builder()
                            .responses(((AlterConfigsRequest) request)
                                    .resources().stream()
                                            .map(each -> AlterConfigsResponse.AlterConfigsResourceResponse.builder()
                                                    .resourceType(each.resourceType())
                                                    .resourceName(each.resourceName())
                                                    .errorMessage(self)
                                                    .build())
                                            .toList())
                            .build());
            node.on(
                    ApiKey.INCREMENTAL_ALTER_CONFIGS,
                    request -> IncrementalAlterConfigsResponse.builder()
                            .responses(((IncrementalAlterConfigsRequest) request)
                                    .resources().stream()
                                            .map(each ->
                                                    IncrementalAlterConfigsResponse.AlterConfigsResourceResponse
                                                            .builder()
                                                            .resourceType(each.resourceType())
                                                            .resourceName(each.resourceName())
                                                            .errorMessage(self)
                                                            .build())
                                            .toList())
                            .build());
        }
    }

    private static DescribeConfigsResource resource(int type, String name) {
        return DescribeConfigsResource.builder()
                .resourceType(type)
                .resourceName(name)
                .build();
    }

    @Test
    void eachBrokerTellsOfItsOwnSettingsAndAnyOfTheOthers() throws Exception {
        answerConfigs();
        DescribeConfigsResponse response = client.call(DescribeConfigsRequest.builder()
                .resources(List.of(
                        resource(BROKER, "3"), resource(TOPIC, "1"), resource(LOGGERS, "2"), resource(BROKER, "")))
                .build());
        assertThat(response.results())
                .extracting(each -> each.resourceType() + ":" + each.resourceName())
                .containsExactly("4:3", "2:1", "8:2", "4:");
        assertThat(response.results().get(0).errorMessage()).isEqualTo("node 3");
        assertThat(response.results().get(2).errorMessage()).isEqualTo("node 2");
    }

    @Test
    void theSettingsOfABrokerThatDoesNotExistAreAnErrorAtOnce() throws Exception {
        answerConfigs();
        long begun = System.nanoTime();
        DescribeConfigsResponse response = client.call(DescribeConfigsRequest.builder()
                .resources(List.of(resource(BROKER, "9"), resource(TOPIC, "t")))
                .build());
        assertThat(response.results())
                .extracting(each -> ErrorCode.of(each.errorCode()))
                .containsExactly(ErrorCode.BROKER_NOT_AVAILABLE, ErrorCode.NONE);
        assertThat(response.results().getFirst().errorMessage()).contains("broker 9 is not in the cluster's metadata");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void settingsAreAlteredWhereTheyAre() throws Exception {
        answerConfigs();
        AlterConfigsResponse altered = client.call(AlterConfigsRequest.builder()
                .resources(List.of(
                        AlterConfigsRequest.AlterConfigsResource.builder()
                                .resourceType(BROKER)
                                .resourceName("2")
                                .build(),
                        AlterConfigsRequest.AlterConfigsResource.builder()
                                .resourceType(BROKER)
                                .resourceName("1")
                                .build()))
                .build());
        assertThat(altered.responses()).extracting(each -> each.errorMessage()).containsExactly("node 2", "node 1");
        IncrementalAlterConfigsResponse increments = client.call(IncrementalAlterConfigsRequest.builder()
                .resources(List.of(
                        IncrementalAlterConfigsRequest.AlterConfigsResource.builder()
                                .resourceType(LOGGERS)
                                .resourceName("3")
                                .build(),
                        IncrementalAlterConfigsRequest.AlterConfigsResource.builder()
                                .resourceType(BROKER)
                                .resourceName("1")
                                .build()))
                .build());
        assertThat(increments.responses())
                .extracting(each -> each.errorMessage())
                .containsExactly("node 3", "node 1");
    }
}
