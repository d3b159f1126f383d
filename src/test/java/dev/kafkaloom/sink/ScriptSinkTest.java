package dev.kafkaloom.sink;

import static dev.kafkaloom.sink.SinkRecords.bytes;
import static dev.kafkaloom.sink.SinkRecords.context;
import static dev.kafkaloom.sink.SinkRecords.record;
import static dev.kafkaloom.sink.SinkRecords.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.record.ConsumedRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptSinkTest {
    @TempDir
    private Path home;

    private final Scope scope = Scope.open("test");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<RecordSender.Outgoing> sent = new ArrayList<>();

    private final RecordSender sender = new RecordSender() {
        @Override
        public void send(List<Outgoing> records) {
            sent.addAll(records);
        }

        @Override
        public boolean exists(String topic) {
            return true;
        }
    };

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void theShippedScriptPrintsInUpperCase() throws Exception {
        Sink sink = Sinks.open(
                "stdout",
                Path.of("jshell-scripts/uppercase.jsh"),
                context(Path.of("").toAbsolutePath(), scope, out, sender, "prefix", "> "));

        Sink.Outcome outcome = sink.accept(List.of(record(1, "k", "grüße"), record(2, "k", null), record(3, "k", "b")));

        assertThat(outcome).isEqualTo(Sink.Outcome.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("> GRÜSSE\n> B\n");
    }

    @Test
    void ofEachRecordTheScriptSaysWhatBecameOfIt() throws Exception {
        Sink sink = open("""
                sink(each(record -> {
                    switch (text(record.value())) {
                        case "v11" -> throw reject("no such customer");
                        case "v12" -> throw new IOException("busy");
                        default -> send("copies", record.key(), record.value());
                    }
                }));
                """);
        List<ConsumedRecord> batch = records(10, 4);

        Sink.Outcome outcome = sink.accept(batch);

        assertThat(outcome)
                .isEqualTo(new Sink.Outcome.Each(List.of(
                        Sink.Outcome.DONE,
                        new Sink.Outcome.Reject(List.of(batch.get(1)), "no such customer"),
                        new Sink.Outcome.Retry(Duration.ZERO, "java.io.IOException: busy"),
                        Sink.Outcome.Retry.untried("offset 12 before it is not done"))));
        assertThat(sent).extracting(RecordSender.Outgoing::topic).containsExactly("copies");
    }

    @Test
    void aScriptMayAcknowledgeLaterAndHaveMethodsAndClassesOfItsOwn() throws Exception {
        Sink sink = open("""
                // used before it is declared
                void begin(List<ConsumedRecord> batch, Acks acks) {
                    var seen = new Seen(0);
                    for (var record : batch) {
                        seen = seen.plus(record);
                        acks.done(record);
                    }
                    print(seen);
                }

                record Seen(int count) {
                    Seen plus(ConsumedRecord record) {
                        return new Seen(count + 1);
                    }
                }

                sink(manual((batch, acks) -> begin(batch, acks)))
                /exit
                this is not read any more
                """);

        Sink.Outcome outcome = sink.accept(records(10, 3));

        assertThat(outcome).isEqualTo(Sink.Outcome.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Seen[count=3]\n");
    }

    @Test
    void twoScriptsDoNotKnowOfEachOther() throws Exception {
        Sink one = open("int n = 1;\nsink(each(record -> print(n)));\n");
        Sink two = open("int n = 2;\nsink(each(record -> print(n)));\n");

        two.accept(records(10, 1));
        one.accept(records(10, 1));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("2\n1\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int a = 1;~~int b = ~    none;~sink(null);|:4: cannot find symbol, symbol:   variable none",
                "int a = 1;~String b = a;|:2: incompatible types: int cannot be converted to java.lang.String",
                "int a = 1;~~sink(each(record -> {~    print(1);~|:3: what begins in this line has no end",
                "void a() {~    b();~}~sink(each(record -> a()));|:1: a uses what is not declared: method b()",
                "int a = 1;~~throw new IllegalStateException(\"no\");|:3: java.lang.IllegalStateException: no",
                "void a() {~    int b = 1 / 0;~}~a();|:2: java.lang.ArithmeticException: / by zero",
                "sink(each(record -> {}));~~sink(each(record -> {}));|:3: java.lang.IllegalStateException: sink(...) was",
                "int a = 1;~/open other.jsh|:2: /open other.jsh is a command of the jshell tool",
                "int a = 1;|: registers no sink; it has to call sink(...)",
            })
    void whatIsWrongIsToldWithFileAndLine(String script, String told) {
        assertThatThrownBy(() -> open(script.replace('~', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sinker.script: " + home.resolve("a.jsh") + told);
    }

    @Test
    void aFileThatIsNotThereIsTold() {
        assertThatThrownBy(() -> Sinks.open("stdout", Path.of("none.jsh"), context(home, scope)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sinker.script: " + home.resolve("none.jsh") + ": there is no such file");
    }

    private Sink open(String script) throws Exception {
        Files.write(home.resolve("a.jsh"), bytes(script));
        return Sinks.open("stdout", Path.of("a.jsh"), context(home, scope, out, sender));
    }
}
