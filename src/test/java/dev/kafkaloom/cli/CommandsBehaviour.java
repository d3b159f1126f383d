package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.console.Json;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one-shot commands, through the command line, on one release. */
@Timeout(120)
@ExtendWith(Evidence.class)
abstract class CommandsBehaviour extends CommandLab {
    CommandsBehaviour(String version) {
        super(version);
    }

    private List<Map<?, ?>> records(String... args) throws IOException {
        List<Map<?, ?>> records = new ArrayList<>();
        for (String line : ok(args).out().lines().toList()) {
            records.add((Map<?, ?>) Json.read(line));
        }
        return records;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "0", "1", "2", "3"})
    void whatIsProducedWithACodecIsConsumedAgain(String codec) throws IOException {
        String topic = broker.topic("codec", 1);
        Run produced = ok(
                "kafka.produce",
                "-t",
                topic,
                "-k",
                "the key",
                "-c",
                codec,
                "-r",
                "3",
                "--format",
                "json",
                "the value é");
        assertThat(Json.read(produced.out()))
                .isEqualTo(List.of(Map.of("topic", topic, "partition", 0L, "error", "NONE", "base offset", 0L)));
        assertThat(records("consume", "-t", topic, "-e", "-f", "json"))
                .hasSize(3)
                .allSatisfy(record -> assertThat(record.get("value")).isEqualTo("the value é"))
                .allSatisfy(record -> assertThat(record.get("key")).isEqualTo("the key"))
                .<Object>extracting(record -> record.get("offset"))
                .containsExactly(0L, 1L, 2L);
    }

    @Test
    void theAnswerIsATableOfPartitionsErrorsAndOffsets() {
        String topic = broker.topic("answer", 4);
        Run run = ok("produce", "-t", topic, "-p", "2", "hello");
        assertThat(run.out().lines()).hasSize(5).contains("| " + topic + " | 2         | NONE  | 0           |");
        assertThat(run.out().lines().toList().get(1)).matches("\\| topic +\\| partition \\| error \\| base offset \\|");
    }

    @Test
    void linesOfTheStandardInputArriveByteForByte() throws IOException {
        String topic = broker.topic("stdin", 1);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.write("one\n\ntwo".getBytes(StandardCharsets.UTF_8));
        lines.write(new byte[] {'\n', (byte) 0xff, 0, (byte) 0xfe});
        assertThat(run(lines.toByteArray(), "produce", "-t", topic, "-").code()).isZero();
        lines.write('\n');
        assertThat(ok("consume", "-t", topic, "-e").bytes()).isEqualTo(lines.toByteArray());
    }

    @Test
    void aGroupCommitsExactlyWhatWasPrinted() throws IOException {
        String topic = broker.topic("group", 1);
        String group = RealBroker.unique("group");
        assertThat(run("a\nb\nc\nd\ne\n".getBytes(StandardCharsets.UTF_8), "produce", "-t", topic, "--stdin")
                        .code())
                .isZero();
        assertThat(ok("consume", "-t", topic, "-g", group, "-n", "2").out()).isEqualTo("a\nb\n");
        assertThat(ok("kafka_lag", "-g", group, topic).out()).isEqualTo("3\n");
        assertThat(ok("consume", "-t", topic, "-g", group, "-e").out()).isEqualTo("c\nd\ne\n");
        assertThat(ok("kafka_lag", "-g", group, topic).out()).isEqualTo("0\n");
        assertThat(Json.read(ok("offset_checker", "-g", group, "--format", "json", topic)
                        .out()))
                .isEqualTo(List.of(Map.of(
                        "topic",
                        topic,
                        "partition",
                        0L,
                        "current-offset",
                        5L,
                        "kafka-max-offset",
                        5L,
                        "remaining-count",
                        0L)));
    }

    @Test
    void consumeStopsAfterCountAndBeginsAtTheEndWhenAsked() {
        String topic = broker.topic("count", 1);
        ok("produce", "-t", topic, "-r", "10", "x");
        assertThat(ok("consume", "-t", topic, "-n", "4").out()).isEqualTo("x\nx\nx\nx\n");
        assertThat(ok("consume", "-t", topic, "-o", "end", "-e").bytes()).isEmpty();
        assertThat(ok("consume", "-t", topic, "-p", "0", "-o", "beginning", "-e")
                        .out()
                        .lines())
                .hasSize(10);
    }

    @Test
    void metadataIsShownWithKafkaSwoolesColumns() {
        String topic = broker.topic("metadata", 2);
        List<String> topics = ok("metadata_topics", topic).out().lines().toList();
        assertThat(topics.get(1)).matches("\\| topic +\\| partition \\| leader-id \\| replica-nodes \\| isr-nodes \\|");
        assertThat(topics.subList(3, 5)).allMatch(line -> line.startsWith("| " + topic + " |"));
        List<String> brokers = ok("metadata_brokers").out().lines().toList();
        assertThat(brokers.get(1)).matches("\\| node-id \\| host +\\| port +\\|");
        assertThat(brokers.get(3))
                .contains(broker.bootstrap().substring(broker.bootstrap().indexOf(':') + 1));
        assertThat(ok("topics").out()).contains("| " + topic + " ");
    }

    @Test
    void anUnknownTopicIsOneLineThatNamesIt() {
        for (String[] line : new String[][] {
            {"consume", "-t", "no-such-topic", "-e"},
            {"consume", "-t", "no-such-topic", "-g", "g", "-e"},
            {"produce", "-t", "no-such-topic", "x"},
            {"metadata_topics", "no-such-topic"}
        }) {
            Run run = run(new byte[0], line);
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err().strip().lines()).singleElement().asString().contains("no-such-topic");
            assertThat(run.bytes()).isEmpty();
        }
    }

    @Test
    void aRecordThatIsTooLargeIsOneLineWithBothSizes() {
        String topic = broker.topic("large", 1);
        Run run = run(new byte[2_000_000], "produce", "-t", topic, "--stdin");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().strip().lines())
                .singleElement()
                .asString()
                .contains("1048576")
                .contains("20000");
    }
}
