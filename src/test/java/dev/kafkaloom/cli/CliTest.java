package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CliTest {
    @TempDir
    Path home;

    private void assertFailure(Run run, int code, String line) {
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.err().strip().lines())
                .singleElement()
                .asString()
                .startsWith("kafka-client: ")
                .contains(line);
        assertThat(run.bytes()).isEmpty();
    }

    @Test
    void helpIsAResultOnStandardOutput() {
        Run run = Run.in(home, "--help");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: kafka-client").contains("metadata_topics");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void wrongUsageIsOneLineAndExitCodeTwo() {
        assertFailure(Run.in(home, "consume", "--no-such-flag"), 2, "unknown option '--no-such-flag'");
        assertFailure(Run.in(home, "produce", "-t", "x"), 2, "produce needs a message");
        assertFailure(Run.in(home, "produce", "-t", "x", "-H", "novalue", "m"), 2, "-H must be name=value");
        assertFailure(Run.in(home, "produce", "-t", "x", "-c", "rar", "m"), 2, "'rar'");
        assertFailure(
                Run.in(home, "consume", "-t", "x", "-o", "middle"), 2, "-o cannot be 'middle'; allowed: start, end, N");
        assertFailure(Run.in(home, "consume", "-t", "x", "-g", "g", "-p", "0"), 2, "-p and -g exclude each other");
        assertFailure(Run.in(home, "block_size"), 2, "block_size is about a running consumer");
    }

    @Test
    void wrongConfigurationIsOneLineThatNamesThePlaceAndExitCodeTwo() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/common.yaml"), "group.id: g\nheartbeat.interval.ms: soon\n");
        assertFailure(Run.in(home, "topics"), 2, "config/common.yaml:2: heartbeat.interval.ms");
    }

    @Test
    void anUnknownSettingIsExitCodeTwo() {
        assertFailure(Run.in(home, "topics", "-X", "no.such.setting=1"), 2, "no.such.setting");
    }

    @Test
    void configShowsValuesAndWhereTheyComeFrom() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/common.yaml"), "group.id: g\n");
        Run given = Run.in(home, "config", "--given", "-X", "linger.ms=7", "--format", "json");
        assertThat(given.code()).isZero();
        assertThat(given.out())
                .contains("{\"name\":\"group.id\",\"value\":\"g\",\"source\":\"config/common.yaml:1\"}")
                .contains("{\"name\":\"linger.ms\",\"value\":\"7\",\"source\":\"command line\"}")
                .doesNotContain("acks");
        Run one = Run.in(home, "config", "--doc", "acks");
        assertThat(one.out()).contains("| acks |").contains("| default |").contains("replicas that must");
        assertFailure(Run.in(home, "config", "no.such"), 2, "no setting's name contains 'no.such'");
    }

    @Test
    void noBrokerIsOneLineThatNamesItAndExitCodeOne() throws IOException {
        int port = freePort();
        assertFailure(
                Run.in(home, "consume", "-b", "127.0.0.1:" + port, "-t", "x", "-e", "-X", "bootstrap.timeout.ms=300"),
                1,
                "127.0.0.1:" + port);
    }

    @Test
    void aStackTraceIsShownOnlyWhenAskedFor() throws IOException {
        Run run = Run.in(home, "topics", "-v", "-b", "127.0.0.1:" + freePort(), "-X", "bootstrap.timeout.ms=300");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("\tat dev.kafkaloom.");
    }

    @Test
    void rpcAndAttachWithoutADaemonAreOneLineAndExitCodeOne() {
        assertFailure(Run.in(home, "rpc", "kafka_lag"), 1, "no daemon runs for " + home.resolve("runtime"));
        assertFailure(Run.in(home, "attach"), 1, "no daemon runs for " + home.resolve("runtime"));
    }

    @Test
    void resultsThatCannotBeWrittenAreAnErrorUnlessTheirReaderHasGone() {
        assertThat(codeWhenWritingFails("No space left on device")).isEqualTo(1);
        assertThat(codeWhenWritingFails("Broken pipe")).isZero();
    }

    private int codeWhenWritingFails(String message) {
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
        var err = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new Cli(home, Map.of(), new Terminals(InputStream.nullInputStream(), failing, err)).run("coroutines");
    }

    @Test
    void aScriptThatIsNotThereIsToldBeforeAJvmStarts() {
        assertFailure(Run.in(home, "jshell", "nowhere.jsh"), 1, "no such file: nowhere.jsh");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
