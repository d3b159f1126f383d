package dev.kafkaloom.sink;

import static dev.kafkaloom.sink.SinkRecords.context;
import static dev.kafkaloom.sink.SinkRecords.record;
import static dev.kafkaloom.sink.SinkRecords.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real child processes. */
@Timeout(120)
class ExecSinkTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    private final Scope scope = Scope.open("test");
    private Sink sink;

    @AfterEach
    void close() {
        if (sink != null) {
            sink.close();
        }
        scope.close();
    }

    @Test
    void aBatchIsDoneWhenTheChildHasSaidSoOfEachRecord() throws Exception {
        Sink.Outcome outcome = open("").accept(records(10, 5));

        assertThat(outcome).isEqualTo(Sink.Outcome.DONE);
        assertThat(notes()).containsExactly("start", "v10", "v11", "v12", "v13", "v14");
    }

    @Test
    void aRetryHoldsUpWhatFollowsAndSaysWhenAndWhy() throws Exception {
        List<ConsumedRecord> batch = List.of(record(1, "k", "a"), record(2, "k", "retry"), record(3, "k", "b"));

        Sink.Outcome outcome = open("").accept(batch);

        assertThat(outcome)
                .isEqualTo(new Sink.Outcome.Each(List.of(
                        Sink.Outcome.DONE,
                        new Sink.Outcome.Retry(Duration.ofMillis(70), "the till is closed"),
                        Sink.Outcome.Retry.untried("offset 2 before it is not done"))));
        assertThat(notes()).containsExactly("start", "a");
    }

    @Test
    void aRejectedRecordIsNamedAndTheOthersAreDone() throws Exception {
        List<ConsumedRecord> batch = List.of(record(1, "k", "a"), record(2, "k", "reject"), record(3, "k", "b"));

        Sink.Outcome outcome = open("").accept(batch);

        assertThat(outcome)
                .isEqualTo(new Sink.Outcome.Each(List.of(
                        Sink.Outcome.DONE,
                        new Sink.Outcome.Reject(List.of(batch.get(1)), "no such customer"),
                        Sink.Outcome.DONE)));
    }

    @Test
    void whatWasInHandWhenTheChildDiedIsTriedAgainByItsSuccessor() throws Exception {
        open("");
        List<ConsumedRecord> batch = List.of(record(1, "k", "die"));

        Sink.Outcome first = sink.accept(batch);
        Sink.Outcome second = sink.accept(batch);

        assertThat(first)
                .isInstanceOfSatisfying(
                        Sink.Outcome.Retry.class,
                        retry -> assertThat(retry.why())
                                .endsWith("ended with exit code 3, its last line on standard error: cannot go on"));
        assertThat(second).isEqualTo(Sink.Outcome.DONE);
        assertThat(notes()).containsExactly("start", "die", "start");
    }

    @Test
    void aChildThatIsKilledLosesNothing() throws Exception {
        open("");
        Scope callers = scope.child("callers");
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++) {
            int first = i * 1000;
            callers.go("caller-" + i, () -> {
                for (int offset = first; offset < first + 100; offset++) {
                    while (sink.accept(records(offset, 1)) instanceof Sink.Outcome.Retry retry) {
                        failures.add(retry.why());
                    }
                }
            });
        }
        await().atMost(SOON).until(() -> notes().size() > 50);
        ProcessHandle victim = ProcessHandle.current()
                .descendants()
                .filter(each -> each.info().commandLine().orElse("").contains(home.toString()))
                .findFirst()
                .orElseThrow();

        victim.destroyForcibly();

        assertThat(callers.join(SOON)).isTrue();
        assertThat(callers.failure()).isEmpty();
        assertThat(notes().stream().filter("start"::equals)).hasSize(2);
        assertThat(notes().stream().filter(each -> !each.equals("start")).distinct())
                .hasSize(400);
        assertThat(failures).hasSizeLessThanOrEqualTo(4).allMatch(why -> why.contains("exit code 137"));
    }

    @Test
    void aChildThatAnswersNothingForTooLongIsKilledAndStartedAgain() throws Exception {
        sink = Sinks.open("exec", null, context(home, scope, "command", "sleep 1000", "timeout.ms", "200"));

        Sink.Outcome first = sink.accept(records(10, 1));
        Sink.Outcome second = sink.accept(records(10, 1)); // by its successor

        assertThat(List.of(first, second))
                .containsOnly(new Sink.Outcome.Retry(
                        Duration.ZERO,
                        "the child process sleep answered nothing for 200 ms while it had 1 record, and was killed"));
    }

    @Test
    void aChildThatReadsNothingHoldsNobodyUpForEver() throws Exception {
        ConsumedRecord large = record(1, "k", "x".repeat(1 << 20)); // more than a pipe holds
        sink = Sinks.open("exec", null, context(home, scope, "command", "sleep 1000", "timeout.ms", "200"));

        Sink.Outcome outcome = sink.accept(List.of(large));

        assertThat(outcome).isInstanceOf(Sink.Outcome.Retry.class);
    }

    @Test
    void aChildThatCanAnswerNoMoreIsKilled() throws Exception {
        Sink.Outcome outcome = open("mute", "close.timeout.ms", "100").accept(records(10, 1));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Sink.Outcome.Retry.class,
                        retry -> assertThat(retry.why()).contains("closed its standard output and was killed"));
    }

    @Test
    void linesThatAreNoAnswersAreNoAnswers() throws Exception {
        Sink.Outcome outcome = open("").accept(List.of(record(1, "k", "junk"), record(2, "k", "a")));

        assertThat(outcome).isEqualTo(Sink.Outcome.DONE);
        assertThat(notes()).containsExactly("start", "a");
    }

    @Test
    void theEndLetsTheChildFinish() throws Exception {
        open("").accept(records(10, 1));

        sink.close();

        assertThat(notes()).containsExactly("start", "v10", "end");
    }

    @Test
    void aChildThatDoesNotEndIsKilled() throws Exception {
        open("stays", "close.timeout.ms", "100").accept(records(10, 1));
        long own = children();

        sink.close();

        assertThat(own).isEqualTo(1);
        assertThat(children()).isZero();
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        open("");
        Coroutine caller = scope.go("caller", () -> sink.accept(List.of(record(1, "k", "silent"))));
        await().atMost(SOON).until(() -> notes().contains("start"));

        caller.interrupt();

        assertThat(caller.join(SOON)).isTrue();
        assertThat(sink.accept(records(10, 1))).isEqualTo(Sink.Outcome.DONE);
    }

    @Test
    void whileThereIsNoChildARecordIsGivenBackAndThatIsNoTry() throws Exception {
        Duration moment = Duration.ofMillis(50);
        sink = new ExecSink(
                ExecChild.start(new ExecChild.Order(List.of("false"), home, SOON, moment, moment), scope), 1);
        AtomicReference<Sink.Outcome> untried = new AtomicReference<>();

        await().atMost(SOON).until(() -> {
            untried.set(sink.accept(records(10, 1)));
            return untried.get() instanceof Sink.Outcome.Retry retry && !retry.tried();
        });

        assertThat(untried.get())
                .isEqualTo(Sink.Outcome.Retry.untried("the child process false ended with exit code 1"));
    }

    @Test
    void nobodyWaitsForAChildWhoseScopeIsClosed() throws Exception {
        Scope inner = scope.child("inner");
        Duration moment = Duration.ofMillis(50);
        sink = new ExecSink(ExecChild.start(new ExecChild.Order(List.of("cat"), home, SOON, moment, SOON), inner), 1);

        inner.close();

        assertThat(sink.accept(records(10, 1))).isEqualTo(Sink.Outcome.Retry.untried("the sink is being closed"));
    }

    @Test
    void aProgramThatDoesNotExistIsToldAtStart() {
        assertThatThrownBy(() -> Sinks.open("exec", null, context(home, scope, "command", "/no/such 'program x'")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sinker.option.command: \"/no/such 'program x'\" cannot be started: ")
                .hasMessageContaining("No such file");
    }

    private Sink open(String mode, String... options) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path classes = Path.of(ExecTestChild.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> all = new ArrayList<>(List.of(
                "command",
                java + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx32m -cp '" + classes + "' "
                        + ExecTestChild.class.getName() + " \"" + home.resolve("notes") + "\" " + mode));
        all.addAll(List.of("close.timeout.ms", "60000")); // a test's machine may be slow
        all.addAll(List.of(options));
        sink = Sinks.open("exec", null, context(home, scope, all.toArray(String[]::new)));
        return sink;
    }

    private long children() {
        return ProcessHandle.current()
                .descendants()
                .filter(each -> each.info().commandLine().orElse("").contains(home.toString()))
                .count();
    }

    private List<String> notes() throws IOException {
        Path notes = home.resolve("notes");
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }
}
