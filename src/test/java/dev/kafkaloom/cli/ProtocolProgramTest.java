package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code protocol} through the command line: what picocli might take for its own. */
@Timeout(60)
class ProtocolProgramTest {
    private static final String HEX = "000000010001" + "61";

    @TempDir
    Path home;

    private String out(String... words) {
        Run run = Run.in(home, words);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run.out();
    }

    @Test
    void theVersionIsThatOfTheMessageNotOfTheProgram() {
        assertThat(out("protocol", "decode", "--api", "3", "--version", "1", "--request", "--format", "json", HEX))
                .isEqualTo("{\"topics\":[{\"name\":\"a\"}]}\n");
        assertThat(out("protocol", "-V")).startsWith("kafka-loom ");
        assertThat(out("--version")).startsWith("kafka-loom ");
    }

    @Test
    void aFileIsReadByTheCommand() throws IOException {
        Path file = Files.writeString(home.resolve("m.json"), "{\"topics\":[{\"name\":\"a\"}]}");
        assertThat(out("protocol", "encode", "--api", "3", "--version", "1", "--request", "@" + file))
                .isEqualTo(HEX + "\n");
        Path raw = Files.write(
                home.resolve("m.bin"),
                Run.in(home, "protocol", "encode", "--api", "3", "--version", "1", "--request", "--raw", "@" + file)
                        .bytes());
        assertThat(Files.size(raw)).isEqualTo(HEX.length() / 2);
        assertThat(out("protocol", "decode", "--api", "3", "--version", "1", "--request", "@" + raw))
                .contains("\"name\": \"a\"");
        Run missing = Run.in(home, "protocol", "decode-records", "@" + home.resolve("nothing"));
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err().strip().lines()).singleElement().asString().contains("no such file");
    }

    @Test
    void linesOfTheStandardInputBecomeLines() {
        String lines = "3\t1\trequest\t" + HEX + "\n3\t1\trequest\tff\n";
        Run run = Run.in(home, lines.getBytes(StandardCharsets.UTF_8), "protocol", "decode", "--batch");
        assertThat(run.out().lines().toList()).hasSize(2).first().isEqualTo("{\"topics\":[{\"name\":\"a\"}]}");
        assertThat(run.out().lines().toList().getLast()).startsWith("{\"error\":\"line 2: ");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aBatchThatWaitsForItsNextLineHasAnsweredAndEndsWhenItIsToldTo() throws Exception {
        try (Child child = Child.start(
                home, Map.of("KAFKA_LOOM_HOME", home.toString()), Run.commandLine("protocol", "decode", "--batch"))) {
            child.type("3\t1\trequest\t" + HEX + "\n");
            child.awaitOut("{\"topics\":[{\"name\":\"a\"}]}\n");
            child.terminate();
            assertThat(child.awaitEnd(Duration.ofSeconds(15))).isEqualTo(143); // a read that goes on would take 30 s
        }
    }

    @Test
    void anUnknownActionIsOneLineWithThoseThereAre() {
        Run run = Run.in(home, "protocol", "encrypt");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        "kafka-client: protocol encrypt is unknown, there are list, fields, decode, encode, decode-records\n");
        assertThat(Run.in(home, "protocol").code()).isEqualTo(2);
    }
}
