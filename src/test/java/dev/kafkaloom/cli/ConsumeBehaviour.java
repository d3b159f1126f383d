package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code consume} and {@code perf consume} on a topic of two partitions with 10 and 5 records, on one release. */
@Timeout(120)
@ExtendWith(Evidence.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConsumeBehaviour extends CommandLab {
    private static final int[] RECORDS = {10, 5};

    private String topic;

    ConsumeBehaviour(String version) {
        super(version);
    }

    @BeforeAll
    void fill(@org.junit.jupiter.api.io.TempDir Path folder) {
        home = folder;
        topic = broker.topic("consume", RECORDS.length);
        for (int partition = 0; partition < RECORDS.length; partition++) {
            String lines = String.join(
                    "\n",
                    IntStream.range(0, RECORDS[partition])
                            .mapToObj(i -> "v" + i)
                            .toList());
            assertThat(run(
                                    lines.getBytes(StandardCharsets.UTF_8),
                                    "produce",
                                    "-t",
                                    topic,
                                    "-p",
                                    Integer.toString(partition),
                                    "-k",
                                    "key",
                                    "--stdin")
                            .code())
                    .isZero();
        }
    }

    String topic() {
        return topic;
    }

    /** What it printed, in order of partition and offset. */
    private String consumed(String... options) {
        String[] line = Stream.concat(Stream.of("consume", "-t", topic, "-e", "-f", "%p:%o\\n"), Stream.of(options))
                .toArray(String[]::new);
        return String.join(" ", ok(line).out().lines().sorted().toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-2             | 0:8 0:9 1:3 1:4",
                "+4             | 0:4 0:5 0:6 0:7 0:8 0:9 1:4",
                "3:5            | 0:3 0:4 1:3 1:4",
                "3:+1           | 0:3 1:3",
                ":2             | 0:0 0:1 1:0 1:1",
                "-3:end         | 0:7 0:8 0:9 1:2 1:3 1:4",
                "end            | ''"
            })
    void aSpanIsTakenOfEachPartition(String span, String expected) {
        assertThat(consumed("-o", span)).isEqualTo(expected);
    }

    @Test
    void partitionsAreChosenAndMayHaveSpansOfTheirOwn() {
        assertThat(consumed("-p", "1", "-o", "3")).isEqualTo("1:3 1:4");
        assertThat(consumed("-o", "end", "-o", "0=2:4")).isEqualTo("0:2 0:3");
    }

    @Test
    void aSpanWithAnEndNeedsNoOptionToEnd() {
        assertThat(ok("consume", "-t", topic, "-p", "0", "-o", "4:6").out()).isEqualTo("v4\nv5\n");
        assertThat(ok("consume", "-t", topic, "-p", "1", "-o", "-1:end").out()).isEqualTo("v4\n");
    }

    @Test
    void anOffsetThatNoPartitionHoldsIsOneLine() {
        assertThat(failure(1, "consume", "-t", topic, "-p", "1", "-o", "77", "-e"))
                .endsWith(topic + "-1 does not hold offset 77, it holds 0 to 4");
        assertThat(failure(1, "consume", "-t", topic, "-p", "0,5", "-e"))
                .endsWith("topic " + topic + " has partitions 0 to 1, not 5");
        assertThat(failure(1, "consume", "-t", "^no-such-", "-e")).endsWith("no topic matches ^no-such-");
    }

    @Test
    void anOffsetThatSomePartitionsHoldIsRemarkedOfTheOthers() {
        Run run = run(new byte[0], "consume", "-t", topic, "-o", "8", "-e");
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("v8\nv9\n");
        assertThat(run.err()).isEqualTo(topic + "-1 does not hold offset 8, it holds 0 to 4\n");
    }

    @Test
    void onlyWhatMatchesIsShownAndCounted() {
        assertThat(ok("consume", "-t", topic, "-p", "0", "-e", "-G", "v:[3-7]", "-G", "!v:5")
                        .out())
                .isEqualTo("v3\nv4\nv6\nv7\n");
        assertThat(ok("consume", "-t", topic, "-p", "0", "-G", "v:[3-7]", "-n", "2")
                        .out())
                .isEqualTo("v3\nv4\n");
    }

    @Test
    void aGroupReadsTopicsByPattern() {
        String group = RealBroker.unique("by-pattern");
        assertThat(ok("consume", "-t", "^" + topic + "$", "-g", group, "-e", "-f", "%k")
                        .out())
                .isEqualTo("key".repeat(15));
        assertThat(ok("kafka_lag", "-g", group, topic).out()).isEqualTo("0\n");
    }

    @Test
    void aTemplatePrintsWhatKcatPrints() throws Exception {
        assumeTrue(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kcat"))),
                "kcat is not installed");
        String template = "%t %p %o %k %K %s %S %h %R;" + kcatTimestamp() + "\\n";
        assertThat(sorted(ok("consume", "-t", topic, "-e", "-f", template).bytes()))
                .isEqualTo(sorted(kcat("-C", "-t", topic, "-e", "-q", "-f", template)));
    }

    private static List<String> sorted(byte[] lines) {
        return new String(lines, StandardCharsets.ISO_8859_1).lines().sorted().toList();
    }

    private byte[] kcat(String... options) throws IOException, InterruptedException {
        List<String> line = Stream.concat(
                        Stream.concat(Stream.of("kcat", "-b", broker.bootstrap()), kcatExtras().stream()),
                        Stream.of(options))
                .toList();
        Process kcat = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] out = kcat.getInputStream().readAllBytes();
        assertThat(kcat.waitFor()).isZero();
        return out;
    }

    /** Its verb, where it prints a timestamp as it is. */
    String kcatTimestamp() {
        return "%T";
    }

    /** What librdkafka has to be told for these brokers. */
    List<String> kcatExtras() {
        return List.of();
    }

    @Test
    void perfPrintsTheColumnsOfKafkasTool() {
        List<String> lines = ok("perf", "consume", "-t", topic, "--num-records", "15")
                .out()
                .lines()
                .toList();
        assertThat(lines.get(0))
                .isEqualTo("start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec,"
                        + " rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec");
        assertThat(lines.get(1)).matches("[-0-9]{10} [0-9:]{12}, [-0-9]{10} [0-9:]{12}, 0\\.0001, [0-9.]+, 15, .*");
        assertThat(lines).hasSize(2);
        assertThat(ok("perf", "consume", "-t", topic, "-n", "15", "--view", "--hide-header")
                        .out())
                .contains(", 0.0001, ")
                .contains(", 15, ");
    }
}
