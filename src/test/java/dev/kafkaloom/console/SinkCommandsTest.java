package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.config.ConfigLoader;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.sink.SinkInfo;
import dev.kafkaloom.sink.SinkOption;
import dev.kafkaloom.storage.StorageStats;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SinkCommandsTest {
    @TempDir
    Path home;

    private final RecordedOutput out = new RecordedOutput();
    private Scope scope;
    private Loom loom;
    private boolean paused;
    private long rate;

    @BeforeEach
    void open() {
        scope = Scope.open("test");
        loom = new Loom(ConfigLoader.load(home, Map.of(), Map.of()), scope);
        loom.runs(new Running(
                () -> Snapshots.of(StorageStats.NONE, Snapshots.sink(paused, rate)),
                Optional::empty,
                _ -> 0,
                _ -> 0,
                () -> paused = true,
                () -> paused = false,
                perSecond -> rate = perSecond));
    }

    @AfterEach
    void close() {
        loom.close();
        scope.close();
    }

    private String run(String... words) throws Exception {
        assertThat(StandardCommands.create().run(new Session(loom, out, null), List.of(words)))
                .isZero();
        return Format.TABLE.render(out.answers.getLast());
    }

    @Test
    void sinkersArePausedAndResumedLive() throws Exception {
        assertThat(run("sinker", "pause")).contains("| true   |");
        assertThat(paused).isTrue();
        assertThat(run("sinker", "resume")).contains("| false  |");
        assertThat(paused).isFalse();
    }

    @Test
    void aLimitIsSetLiveAndTakenAway() throws Exception {
        assertThat(run("sinker", "rate", "500")).contains("| 500 ");
        assertThat(run("sinker", "rate", "0")).contains("| no limit ");
        assertThat(rate).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "-1", "1.5", "9999999999999"})
    void aLimitThatIsNoNumberChangesNothing(String limit) {
        rate = 7;
        assertThatThrownBy(() -> run("sinker", "rate", "--", limit))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("records a second");
        assertThat(rate).isEqualTo(7);
    }

    @Test
    void statsTellWhatTheSinkDid() throws Exception {
        assertThat(run("sinkers", "stats"))
                .contains(
                        "| deadLettered     | 9      |",
                        "| oldestInHandMs   | 1234   |",
                        "| p95Micros        | 2500   |");
    }

    @Test
    void sinksAreListedAndTheConfiguredOneIsMarked() throws Exception {
        assertThat(run("sinkers")).containsPattern("\\| stdout +\\| yes +\\|");
    }

    @Test
    void anOptionThatMustBeGivenIsSaidToBe() {
        Document answer = SinkCommands.answer(
                List.of(new SinkInfo(
                        "json",
                        "lines in a file",
                        List.of(SinkOption.required("path", "the file"), SinkOption.of("files", "how many", "5")),
                        true)),
                "json");

        assertThat(answer.text())
                .contains("| json | path            | (must be given) | the file |")
                .contains("| json | files           | 5               | how many |");
    }
}
