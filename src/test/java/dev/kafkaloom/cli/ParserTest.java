package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.console.Format;
import dev.kafkaloom.console.StandardCommands;
import dev.kafkaloom.console.UsageException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParserTest {
    private final StringWriter help = new StringWriter();

    private Optional<Invocation> read(String... args) {
        return new Parser(StandardCommands.create()).parse(List.of(args), new PrintWriter(help));
    }

    private Invocation parse(String... args) {
        return read(args).orElseThrow();
    }

    @Test
    void withoutASubCommandItStartsWithTheConsole() {
        assertThat(parse().name()).isEqualTo("start");
        assertThat(parse().has("daemon")).isFalse();
        assertThat(parse("--daemon").has("daemon")).isTrue();
        assertThat(parse("start", "--daemon").has("daemon")).isTrue();
        assertThat(parse("stop", "--now").has("now")).isTrue();
    }

    @Test
    void producesAllOptionsReachTheCommandAsItReadsThem() {
        Invocation produce = parse(
                "kafka.produce",
                "-t",
                "orders",
                "-p",
                "1",
                "-k",
                "k",
                "-H",
                "a=1",
                "-H",
                "b=2",
                "-c3",
                "-r",
                "5",
                "hello");
        assertThat(produce.name()).isEqualTo("produce");
        assertThat(produce.words())
                .containsExactly(
                        "produce",
                        "--topic",
                        "orders",
                        "--partition",
                        "1",
                        "--key",
                        "k",
                        "--header",
                        "a=1",
                        "--header",
                        "b=2",
                        "--compression",
                        "3",
                        "--repeat",
                        "5",
                        "--",
                        "hello");
    }

    @Test
    void aMessageMayBeADashOrBeginWithOne() {
        assertThat(parse("produce", "-t", "x", "-").words()).endsWith("--", "-");
        assertThat(parse("produce", "-t", "x", "--", "-5").words()).endsWith("--", "-5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-b", "-l", "--bootstrap-server"})
    void brokersAndSettingsMayStandBeforeAndBehindTheCommand(String brokers) {
        Map<String, String> expected = Map.of("bootstrap.servers", "a:1,b:2", "linger.ms", "0", "acks", "all");
        assertThat(parse("produce", brokers, "a:1,b:2", "-X", "linger.ms=0", "-X", "acks=all", "-t", "x", "m")
                        .overrides())
                .isEqualTo(expected);
        assertThat(parse(brokers, "a:1,b:2", "-X", "linger.ms=0", "produce", "-X", "acks=all", "-t", "x", "m")
                        .overrides())
                .isEqualTo(expected);
    }

    @Test
    void verbosityAndQuietAreCounted() {
        assertThat(parse("-v", "topics", "-vv").verbosity()).isEqualTo(3);
        assertThat(parse("topics", "-q").quiet()).isTrue();
    }

    @Test
    void resolveMayBeGivenSeveralTimesAndIsTheSettingOfThatName() {
        assertThat(parse("topics", "--resolve", "a:1=b:2", "--resolve", "c=d").overrides())
                .containsExactly(Map.entry("client.resolve", "a:1=b:2,c=d"));
        assertThat(parse("--resolve", "a:1=b:2", "start", "--resolve", "c=d").overrides())
                .containsEntry("client.resolve", "a:1=b:2,c=d");
    }

    @Test
    void everyCommandCanBeTraced() {
        assertThat(parse("topics", "--trace").has("trace")).isTrue();
        assertThat(parse("--trace", "topics").has("trace")).isTrue();
        assertThat(parse("topics").has("trace")).isFalse();
        assertThat(parse("topics", "--trace").words()).containsExactly("topics");
    }

    @Test
    void formatIsTheTablesOrConsumesOwn() {
        assertThat(parse("topics", "--format", "json").format()).isEqualTo(Format.JSON);
        assertThat(parse("rpc", "offset_checker", "--format", "json").format()).isEqualTo(Format.JSON);
        Invocation consume = parse("consume", "-t", "x", "--format", "json");
        assertThat(consume.format()).isEqualTo(Format.TABLE);
        assertThat(consume.words()).containsExactly("consume", "--topic", "x", "--format", "json");
    }

    @Test
    void rpcTakesEveryCommandWithItsOptions() {
        Invocation rpc = parse("rpc", "metadata_topics", "-a");
        assertThat(rpc.name()).isEqualTo("rpc");
        assertThat(rpc.words()).containsExactly("metadata_topics", "--all");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense                 | unknown command 'nonsense'",
                "consume --no-such-flag   | unknown option '--no-such-flag'",
                "topics --formt json      | unknown option '--formt'; did you mean --format?",
                "--resove=a:1=b:1 topics  | unknown option '--resove=a:1=b:1'; did you mean --resolve?",
                "consume extra            | unexpected argument 'extra'",
                "rpc                      | rpc needs a command",
                "rpc nonsense             | unknown command 'nonsense'",
                "topics -X linger         | -X must be name=value",
                "topics --resolve a:1=     | --resolve: ",
                "topics --format xml      | --format must be table or json",
                "consume -t               | Missing required parameter"
            })
    void saysInOneLineWhatDoesNotFit(String line, String message) {
        assertThatThrownBy(() -> parse(line.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message)
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "start",
                "demo",
                "attach",
                "stop",
                "rpc",
                "rpc kafka_lag",
                "jshell",
                "broker",
                "produce",
                "kafka.produce",
                "consume",
                "topics"
            })
    void everyCommandHasHelpAndVersion(String command) {
        assertThat(read((command + " --help").strip().split(" "))).isEmpty();
        assertThat(help.toString())
                .contains("Usage: kafka-client")
                .contains("--bootstrap-server")
                .contains("-X");
        assertThat(read((command + " -V").strip().split(" "))).isEmpty();
        assertThat(help.toString()).contains("kafka-loom 0.1.0");
    }

    @Test
    void durationsAreReadWithAndWithoutUnit() {
        assertThat(DemoProgram.duration("20s")).isEqualTo(Duration.ofSeconds(20));
        assertThat(DemoProgram.duration("20")).isEqualTo(Duration.ofSeconds(20));
        assertThat(DemoProgram.duration("2m")).isEqualTo(Duration.ofMinutes(2));
        assertThat(DemoProgram.duration("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThatThrownBy(() -> DemoProgram.duration("soon")).isInstanceOf(UsageException.class);
    }
}
