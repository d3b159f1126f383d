package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FakeCluster;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ApiVersionsRequest;
import dev.kafkaloom.message.ApiVersionsResponse;
import dev.kafkaloom.message.CreateTopicsRequest;
import dev.kafkaloom.message.CreateTopicsResponse;
import dev.kafkaloom.message.DescribeClusterResponse;
import dev.kafkaloom.message.DescribeGroupsRequest;
import dev.kafkaloom.message.DescribeGroupsResponse;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code request} against a broker that says what the test wants. */
@Timeout(60)
class RequestTest {
    @TempDir
    Path home;

    private FakeBroker broker;

    @BeforeEach
    void start() throws IOException {
        broker = FakeBroker.start();
        broker.on(
                ApiKey.LIST_GROUPS,
                _ -> ListGroupsResponse.builder()
                        .groups(List.of(ListGroupsResponse.ListedGroup.builder()
                                .groupId("orders")
                                .protocolType("consumer")
                                .groupState("Stable")
                                .build()))
                        .build());
        broker.on(
                ApiKey.DESCRIBE_CLUSTER,
                _ -> DescribeClusterResponse.builder()
                        .clusterId("c")
                        .brokers(List.of())
                        .build());
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private Run request(String... words) {
        return fed("", words);
    }

    private Run fed(String stdin, String... words) {
        List<String> line = new ArrayList<>(List.of("request", "-b", broker.bootstrap()));
        line.addAll(List.of(words));
        return Run.in(home, stdin.getBytes(StandardCharsets.UTF_8), line.toArray(String[]::new));
    }

    private void refused(int code, Run run, String... told) {
        assertThat(run.err().strip().lines()).singleElement().asString().contains(told);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(code);
    }

    @Test
    void theAnswerIsJson() {
        Run run = request("listgroups", "--version", "4", "--format", "json");
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualTo("{\"throttleTimeMs\":0,\"errorCode\":0,\"groups\":[{\"groupId\":\"orders\","
                        + "\"protocolType\":\"consumer\",\"groupState\":\"Stable\"}]}\n");
        assertThat(run.code()).isZero();
        assertThat(request("ListGroups").out()).contains("\n    \"groupId\": \"orders\",\n");
    }

    @Test
    void whatABrokerNeverAnswersIsNotMadeUp() {
        refused(0, request("Produce", "--broker", "1", "--json", "{\"acks\":0}"), "brokers send no answer");
    }

    @Test
    void theVersionIsTheHighestOneOrTheOneThatIsAskedFor() {
        request("DescribeCluster");
        request("DescribeCluster", "--version", "0");
        assertThat(broker.received(ApiKey.DESCRIBE_CLUSTER))
                .extracting(each -> (int) each.version())
                .containsExactly(2, 0);
    }

    @Test
    void aVersionThatTheBrokerLacksIsRefusedWithBothRanges() {
        broker.release("2.8.2");
        refused(1, request("ListGroups", "--version", "5"), "ListGroups v5", "v0-v4", "v0-v5");
        refused(2, request("ListGroups", "--version", "6"), "ListGroupsRequest has no version 6, only 0-5");
        assertThat(broker.received(ApiKey.LIST_GROUPS)).isEmpty();
    }

    @Test
    void anApiThatTheBrokerLacksIsRefusedWithTheReleasesThatKnowIt() {
        broker.release("2.7.2");
        refused(1, request("DescribeCluster"), "Kafka 2.7", "does not know DescribeCluster", "2.8+");
        broker.release("4.3.1");
        refused(1, request("Vote"), "does not know Vote", "between brokers and controllers");
    }

    @Test
    void aBrokerBeforeApiVersionsIsToldSinceWhenItExists() throws Exception {
        try (FakeBroker old = FakeBroker.startAs("0.9.0.1")) {
            old.on(
                    ApiKey.LIST_GROUPS,
                    _ -> ListGroupsResponse.builder().groups(List.of()).build());
            refused(
                    1,
                    Run.in(home, "request", "-b", old.bootstrap(), "ApiVersions"),
                    "Kafka 0.9.0.1",
                    "does not know ApiVersions",
                    "0.10.0+");
            Run groups = Run.in(home, "request", "-b", old.bootstrap(), "ListGroups", "--format", "json");
            assertThat(groups.out()).isEqualTo("{\"errorCode\":0,\"groups\":[]}\n");
        }
    }

    @Test
    void apiVersionsNamesThisSoftwareUnlessTheCallerDoes() {
        broker.on(
                ApiKey.API_VERSIONS,
                request -> ApiVersionsResponse.builder()
                        .errorCode((short)
                                (((ApiVersionsRequest) request)
                                                .clientSoftwareName()
                                                .isEmpty()
                                        ? 42
                                        : 0))
                        .apiKeys(List.of(
                                ApiVersionsResponse.ApiVersion.builder()
                                        .apiKey(ApiKey.API_VERSIONS.id())
                                        .maxVersion((short) 4)
                                        .build(),
                                ApiVersionsResponse.ApiVersion.builder()
                                        .apiKey(ApiKey.METADATA.id())
                                        .maxVersion((short) 12)
                                        .build()))
                        .build());
        assertThat(request("ApiVersions").code()).isZero();
        Run own = request("ApiVersions", "--json", "{\"clientSoftwareName\":\"\"}");
        assertThat(own.code()).isEqualTo(1);
        assertThat(own.err()).contains("errorCode 42: INVALID_REQUEST");
    }

    @Test
    void errorCodesAreNamedOnStandardErrorAndMakeTheExitCodeOne() {
        broker.on(
                ApiKey.CREATE_TOPICS,
                _ -> CreateTopicsResponse.builder()
                        .topics(List.of(CreateTopicsResponse.CreatableTopicResult.builder()
                                .name("a")
                                .errorCode((short) 36)
                                .build()))
                        .build());
        Run run = request(
                "CreateTopics",
                "--json",
                "{\"topics\":[{\"name\":\"a\",\"numPartitions\":1,\"replicationFactor\":1}]}");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("topics[0].errorCode 36: TOPIC_ALREADY_EXISTS (");
        assertThat(run.out()).contains("\"errorCode\": 36").doesNotContain("TOPIC_ALREADY_EXISTS");
        assertThat(broker.received(ApiKey.CREATE_TOPICS))
                .singleElement()
                .satisfies(each -> assertThat(((CreateTopicsRequest) each.request()).timeoutMs())
                        .isEqualTo(60_000)); // what was left out has its default
    }

    @Test
    void jsonComesFromAFileOrTheStandardInputAsWell() throws IOException {
        Path file = Files.writeString(home.resolve("request.json"), "{\"statesFilter\":[\"Stable\"]}");
        assertThat(request("ListGroups", "--json", "@" + file).code()).isZero();
        assertThat(fed("{\"statesFilter\":[\"Stable\"]}", "ListGroups", "--json", "-")
                        .code())
                .isZero();
        assertThat(broker.received(ApiKey.LIST_GROUPS))
                .hasSize(2)
                .allSatisfy(each ->
                        assertThat(each.request().toMap((short) 4)).containsEntry("statesFilter", List.of("Stable")));
    }

    @Test
    void everyBrokerIsAskedForItsGroupsUnlessOneIsNamed() throws Exception {
        try (FakeCluster cluster = FakeCluster.start(2)) {
            for (int id : List.of(1, 2)) {
                cluster.node(id).on(ApiKey.LIST_GROUPS, _ -> groups("group-" + id));
            }
            Run all = Run.in(home, "request", "-b", cluster.bootstrap(), "ListGroups", "--format", "json");
            assertThat(all.err()).isEmpty();
            assertThat(all.out()).contains("\"groupId\":\"group-1\"", "\"groupId\":\"group-2\"");
            Run one = Run.in(
                    home, "request", "-b", cluster.bootstrap(), "ListGroups", "--broker", "2", "--format", "json");
            assertThat(one.out()).contains("\"groupId\":\"group-2\"").doesNotContain("group-1");
            refused(
                    1,
                    Run.in(home, "request", "-b", cluster.bootstrap(), "ListGroups", "--broker", "9"),
                    "broker 9 is not in the cluster's metadata, only 1, 2");
        }
    }

    @Test
    void aRequestForOneBrokerNeedsItNamedWhereThereAreSeveral() throws Exception {
        try (FakeCluster cluster = FakeCluster.start(2)) {
            refused(
                    2,
                    Run.in(home, "request", "-b", cluster.bootstrap(), "AlterReplicaLogDirs"),
                    "the log directories of one broker are meant",
                    "--broker (1, 2)");
        }
    }

    @Test
    void aGroupThatOneBrokerCannotDescribeNowIsNotKeptFromTheOthers() throws Exception {
        try (FakeCluster cluster = FakeCluster.start(2)) {
            cluster.coordinate("here", 1).coordinate("there", 2);
            cluster.on(ApiKey.DESCRIBE_GROUPS, RequestTest::described);
            cluster.node(2).hangUp(ApiKey.DESCRIBE_GROUPS);
            Run run = Run.in(
                    home,
                    "request",
                    "-b",
                    cluster.bootstrap(),
                    "DescribeGroups",
                    "--json",
                    "{\"groups\":[\"there\",\"here\"]}",
                    "--format",
                    "json");
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains("groups[0].errorCode 13: NETWORK_EXCEPTION");
            assertThat(run.out()).contains("\"groupId\":\"here\",\"groupState\":\"Stable\"");
        }
    }

    private static Response groups(String name) {
        return ListGroupsResponse.builder()
                .groups(List.of(ListGroupsResponse.ListedGroup.builder()
                        .groupId(name)
                        .protocolType("consumer")
                        .build()))
                .build();
    }

    private static Response described(Request<?> request) {
        return DescribeGroupsResponse.builder()
                .groups(((DescribeGroupsRequest) request)
                        .groups().stream()
                                .map(group -> DescribeGroupsResponse.DescribedGroup.builder()
                                        .groupId(group)
                                        .groupState("Stable")
                                        .build())
                                .toList())
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "2 | ListGroups | --json={\"states\":[]} | has no field states, only [",
                "2 | ListGroups | --json={\"statesFilter\":7} | ListGroupsRequest",
                "2 | ListGroups | --json=[] | --json must be a JSON object",
                "2 | ListGroups | --json={ | --json is not JSON: ",
                "2 | ListGroup | --broker=1 | no API 'ListGroup'; did you mean ListGroups?",
                "1 | ListGroups | --json=@/no/such/file | no such file: /no/such/file",
                "1 | ListGroups | --json={\"statesFilter\":[\"a\"]} --version=1 | statesFilter: is set, but this version has no such field"
            })
    void whatDoesNotFitIsOneLine(int code, String api, String options, String told) {
        List<String> words = new ArrayList<>(List.of(api));
        words.addAll(List.of(options.split(" ")));
        refused(code, request(words.toArray(String[]::new)), told);
    }

    @Test
    void withoutAnApiItSaysHowItIsUsed() {
        refused(2, request(), "request needs the name of an API");
        Run help = Run.in(home, "request", "--help");
        assertThat(help.out()).contains("--broker=ID", "example: request DescribeCluster");
    }
}
