package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
@ExtendWith(Evidence.class)
class JShellIT {
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final Path SCRIPTS = Path.of("jshell-scripts").toAbsolutePath();

    @TempDir
    Path home;

    private Child jshell(RealBroker broker, String topic, String... more) throws IOException {
        List<String> line = Run.commandLine("jshell", "-b", broker.bootstrap(), "-X", "topic.names=" + topic);
        line.addAll(List.of(more));
        return Child.start(home, Map.of("KAFKA_LOOM_HOME", home.toString()), line);
    }

    private static RealBroker brokerWith(String version, String topic, String... values) {
        RealBroker broker = RealBroker.of(version);
        RealBroker.createTopic(broker.process(), topic, 1);
        for (String value : values) {
            Run run = Run.in(
                    Path.of("").toAbsolutePath(), "produce", "-b", broker.bootstrap(), "-t", topic, "-k", "k", value);
            assertThat(run.code()).isZero();
        }
        return broker;
    }

    @ParameterizedTest
    @CsvSource({RealBroker.NEWEST + ", offset=2", RealBroker.OLDEST + ", oldStyleOffsets=[2]"})
    void listOffsetsDumpsTheAnswerAsAMap(String version, String expected) throws Exception {
        String topic = RealBroker.unique("offsets");
        RealBroker broker = brokerWith(version, topic, "a", "b");
        try (Child child =
                jshell(broker, topic, SCRIPTS.resolve("list-offsets.jsh").toString())) {
            assertThat(child.awaitEnd(DEADLINE)).isZero();
            assertThat(child.out())
                    .contains("name=" + topic)
                    .contains("errorCode=0")
                    .contains(expected);
            assertThat(child.out() + child.err()).doesNotContain("Error").doesNotContain("Exception");
        }
    }

    @Test
    void consumePrintsTheRecords() throws Exception {
        String topic = RealBroker.unique("consume");
        RealBroker broker = brokerWith(RealBroker.NEWEST, topic, "one", "two");
        try (Child child = jshell(broker, topic, SCRIPTS.resolve("consume.jsh").toString())) {
            assertThat(child.awaitEnd(DEADLINE)).isZero();
            assertThat(child.out()).isEqualTo(topic + "-0@0 k one\n" + topic + "-0@1 k two\n");
        }
    }

    @Test
    void theStartUpScriptOffersClientProduceConsumeAndLag() throws Exception {
        String topic = RealBroker.unique("shell");
        RealBroker broker = brokerWith(RealBroker.NEWEST, topic);
        try (Child child = jshell(broker, topic)) {
            child.type("""
                    produce(topic(), "from jshell").offset()
                    new String(consume(topic(), 1).get(0).value())
                    lag()
                    kafka().cluster().brokers().size()
                    run("kafka_lag")
                    /exit
                    """);
            assertThat(child.awaitEnd(DEADLINE)).isZero();
            assertThat(child.out())
                    .contains("$1 ==> 0")
                    .contains("$2 ==> \"from jshell\"")
                    .contains("$3 ==> 1")
                    .contains("$4 ==> 1")
                    .contains("$5 ==> 0");
        }
    }

    @ParameterizedTest
    @CsvSource({"consume.jsh", "list-offsets.jsh"})
    void theScriptsFitOnAScreen(String script) throws IOException {
        assertThat(Files.readAllLines(SCRIPTS.resolve(script))).hasSizeLessThanOrEqualTo(20);
    }
}
