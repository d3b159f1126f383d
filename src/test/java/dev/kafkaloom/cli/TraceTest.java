package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.IncrementalAlterConfigsResponse;
import dev.kafkaloom.message.ListGroupsResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --trace}, {@code -v} and {@code --resolve} against a broker that does what the test wants. */
@Timeout(60)
class TraceTest {
    private static final String TIME = "\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ";

    @TempDir
    Path home;

    private FakeBroker broker;

    @BeforeEach
    void start() throws IOException {
        broker = FakeBroker.start();
        broker.topic("orders", 2);
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private Run run(String command, String... words) {
        List<String> line = new ArrayList<>(List.of(command, "-b", broker.bootstrap()));
        line.addAll(List.of(words));
        return Run.in(home, line.toArray(String[]::new));
    }

    @Test
    void eachFrameIsShownOnStandardErrorDecodedAndInHex() {
        Run run = run("topics", "--trace");
        assertThat(run.code()).isZero();
        assertThat(run.err().lines())
                .anyMatch(line -> line.matches(TIME + "\\S+/control > ApiVersions v\\d+ #0 \\d+ bytes"))
                .anyMatch(line -> line.matches(TIME + "\\S+/control < ApiVersions v\\d+ #0 \\d+ bytes"))
                .anyMatch(line -> line.matches(TIME + "\\S+/control > Metadata v\\d+ #\\d+ \\d+ bytes"))
                .anyMatch(line -> line.startsWith("  {") && line.contains("\"name\":\"orders\""))
                .anyMatch(line -> line.matches("  0000  00 03 00 0d 00 00 00 0.  00 .*"));
    }

    @Test
    void resultsStayWhatTheyAreWithoutIt() {
        assertThat(run("topics", "--trace").out())
                .isEqualTo(run("topics").out())
                .contains("| orders ");
        assertThat(run("topics").err()).isEmpty();
    }

    @Test
    void secretsAreNotShown() {
        broker.on(
                ApiKey.INCREMENTAL_ALTER_CONFIGS,
                _ -> IncrementalAlterConfigsResponse.builder()
                        .responses(List.of())
                        .build());
        Run run = run(
                "request",
                "--trace",
                "IncrementalAlterConfigs",
                "--json",
                "{\"resources\":[{\"resourceType\":2,\"resourceName\":\"orders\",\"configs\":"
                        + "[{\"name\":\"ssl.key.password\",\"configOperation\":0,\"value\":\"hunter2\"}]}]}");
        assertThat(run.code()).isZero();
        assertThat(run.err())
                .contains("> IncrementalAlterConfigs v1 ")
                .contains("\"value\":\"<redacted>\"")
                .doesNotContain("hunter2")
                .doesNotContain("68 75 6e 74 65 72 32");
    }

    @Test
    void aFailureShowsTheFramesOfTheConnectionThatItEndedWhenAskedToBeVerbose() {
        broker.hangUp(ApiKey.LIST_GROUPS);
        Run run = run("request", "-v", "ListGroups");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("\tat dev.kafkaloom.");
        String frames = run.err().substring(run.err().lastIndexOf("\tat "));
        assertThat(frames)
                .containsPattern(
                        "connection broker-1/control to broker 1 \\(\\S+\\), over: .*ListGroups.*; \\d+ frames")
                .containsPattern(TIME + "broker-1/control > ListGroups v5 #\\d+ \\d+ bytes")
                .contains("  {\"statesFilter\":[],\"typesFilter\":[]}")
                .contains("  0000  00 10 00 05 ")
                .doesNotContain("over: closed");
    }

    @Test
    void aFailureWithoutVerboseIsOneLine() {
        broker.hangUp(ApiKey.LIST_GROUPS);
        Run run = run("request", "ListGroups");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().strip().lines()).hasSize(1);
    }

    @Test
    void whatWasTracedIsNotToldAgain() {
        broker.hangUp(ApiKey.LIST_GROUPS);
        Run run = run("request", "-v", "--trace", "ListGroups");
        assertThat(run.err()).contains("> ListGroups v5").doesNotContain("connection broker-1/control to");
    }

    @Test
    void anErrorOfTheBrokerShowsWhatWasAsked() {
        broker.on(
                ApiKey.LIST_GROUPS,
                _ -> ListGroupsResponse.builder().errorCode((short) 31).build());
        Run run = run("groups", "-v");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .containsPattern("broker-1/control > ListGroups v5 ")
                .contains("{\"throttleTimeMs\":0,\"errorCode\":31,\"groups\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rpc topics --trace", "rpc --trace topics", "attach --trace"})
    void theDaemonsFramesAreNotThisProcesss(String line) {
        Run run = Run.in(home, line.split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().strip().lines())
                .singleElement()
                .asString()
                .contains("--trace is about this process's connections")
                .contains("start --daemon, or look at rpc frames");
    }

    @Test
    void theDaemonsAddressesAreNotThisProcesss() {
        Run run = Run.in(home, "rpc", "topics", "--resolve", "a:1=b:2");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("--resolve is about this process's connections")
                .doesNotContain("frames");
    }

    @Test
    void anAddressRuleThatIsNoneIsOneLine() {
        Run run = run("topics", "--resolve", "kafka:9092");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().strip().lines())
                .singleElement()
                .asString()
                .contains("--resolve: address rule 'kafka:9092': expected from=to");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aBrokerIsReachedWhereResolveSaysItIs() {
        Run run = Run.in(
                home,
                "topics",
                "-b",
                "kafka.invalid:9092",
                "--resolve",
                "other.invalid=127.0.0.1",
                "--resolve",
                "kafka.invalid:9092=" + broker.bootstrap());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("| orders ");
        assertThat(run.code()).isZero();
    }

    @Test
    void aCommandOfItsOwnHasNoConnectionsToShow() {
        for (String command : List.of("frames", "connections")) {
            Run run = run(command);
            assertThat(run.code()).isZero();
            assertThat(run.err()).contains("this process has no connections").contains("use rpc " + command);
        }
    }
}
