package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.protocol.KafkaException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.terminal.Size;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shell on jline's own line discipline: what a kernel does with a pseudo-terminal, in this process. */
@Timeout(60)
class ShellTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final Scope scope = Scope.open("shell-test");
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final AtomicInteger counter = new AtomicInteger();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private LineDisciplineTerminal terminal;
    private final KafkaException broken =
            new KafkaException.ConnectionBroken("broker 1 (kafka:9092)", "the broker hung up", null);

    private Shell shell;
    private Coroutine loop;

    private final Commands commands = new Commands(List.of(
            new ScriptedCommand("count", session -> {
                session.out().show(new Table(List.of("n"), List.of(List.of("run-" + counter.incrementAndGet()))));
                return 0;
            }),
            new ScriptedCommand("ask", session -> {
                session.out()
                        .show(new Text("said " + session.out().ask("sure? ").orElseThrow()));
                return 0;
            }),
            new ScriptedCommand("fail", _ -> {
                throw new IOException("no such luck");
            }),
            new ScriptedCommand("break", _ -> {
                throw broken;
            }),
            new ScriptedCommand("hang", _ -> {
                hanging.countDown();
                try {
                    new CountDownLatch(1).await();
                } finally {
                    released.countDown();
                }
                return 0;
            })));

    @BeforeEach
    void open() throws IOException {
        terminal = newTerminal();
        CommandRunner runner = (words, out) -> commands.run(new Session(null, out, null), words);
        shell = new Shell(terminal, runner, commands, folder.resolve("history"), scope);
        loop = scope.go("shell", () -> shell.run("welcome"));
        awaitScreen("welcome");
    }

    private LineDisciplineTerminal newTerminal() throws IOException {
        LineDisciplineTerminal made = new LineDisciplineTerminal("test", "xterm", screen, StandardCharsets.UTF_8);
        made.setSize(Size.of(100, 30));
        return made;
    }

    @AfterEach
    void close() throws IOException {
        shell.close();
        assertThat(scope.close(SOON)).isEmpty();
    }

    @Test
    void runsWhatIsTypedAndDrawsTheTable() throws Exception {
        type("count\r");
        awaitScreen("| run-1 |");
        type("count --format json\r");
        awaitScreen("[{\"n\":\"run-2\"}]");
    }

    @Test
    void tabCompletesACommand() throws Exception {
        type("cou\t\r");
        awaitScreen("| run-1 |");
    }

    @Test
    void verboseAnErrorOfAConnectionComesWithItsLastFrames() throws Exception {
        shell.verbose(true)
                .evidence(() -> List.of(new ConnectionFrames(
                        "broker-1/control",
                        new BrokerAddress(1, "kafka", 9092),
                        Instant.EPOCH,
                        Optional.of(broken),
                        List.of(FrameTextTest.frame(ApiKey.LIST_GROUPS, true, 0, "{}")))));
        type("break\r");
        awaitScreen("connection broker-1/control to broker 1 (kafka:9092), over: ");
        awaitScreen("broker-1/control > ListGroups v0 #4 ");
        awaitScreen("  0000  00 10 00 00 ");
    }

    @Test
    void anErrorIsOneLineAndTheShellGoesOn() throws Exception {
        type("fail\r");
        awaitScreen("error: no such luck");
        type("nonsense\r");
        awaitScreen("error: unknown command 'nonsense'");
        type("count\r");
        awaitScreen("run-1");
        assertThat(screenText()).doesNotContain("\tat ");
    }

    @Test
    void ctrlCAtThePromptDropsTheLine() throws Exception {
        type("count nonsense\u0003");
        type("count\r");
        awaitScreen("| run-1 |");
    }

    @Test
    void ctrlCInterruptsTheCommandThatRunsAndTheShellGoesOn() throws Exception {
        type("hang\r");
        assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
        type("\u0003");
        assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
        type("count\r");
        awaitScreen("| run-1 |");
    }

    @Test
    void ctrlDLeaves() throws Exception {
        type("\u0004");
        assertThat(loop.join(SOON)).isTrue();
    }

    @Test
    void exitLeavesAndTheHistoryIsKept() throws Exception {
        type("count\r");
        awaitScreen("run-1");
        type("exit\r");
        assertThat(loop.join(SOON)).isTrue();
        shell.close();
        assertThat(Files.readString(folder.resolve("history"))).contains("count");
    }

    @Test
    void watchRedrawsUntilAKeyIsHit() throws Exception {
        type("watch count 0.1\r");
        await().atMost(SOON).until(() -> counter.get() >= 3);
        type("q");
        await().atMost(SOON)
                .until(() -> screenText().lastIndexOf("kafka> ") > screenText().lastIndexOf("any key ends"));
        type("fail\r");
        awaitScreen("error: no such luck");
    }

    @Test
    void watchEndsOnCtrlC() throws Exception {
        type("watch count 60\r");
        awaitScreen("any key ends");
        type("\u0003");
        type("fail\r");
        awaitScreen("error: no such luck");
    }

    @Test
    void ctrlCEndsAWatchWhoseCommandHangs() throws Exception {
        type("watch hang\r");
        assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
        type("\u0003");
        assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
        type("count\r");
        awaitScreen("| run-1 |");
    }

    @Test
    void watchOutlivesASmallerWindowAndStillSaysHowItEnds() throws Exception {
        type("watch count 0.1\r");
        awaitScreen("any key ends");
        int before = screenText().length();
        terminal.setSize(Size.of(60, 4));
        await().atMost(SOON).until(() -> screenText().substring(before).contains("any key ends"));
        type("q");
        type("fail\r");
        awaitScreen("error: no such luck");
    }

    @Test
    void aLineAboveLeavesWhatIsTypedIntact() throws Exception {
        type("cou");
        awaitScreen("cou");
        shell.printAbove("a record passes");
        awaitScreen("a record passes");
        type("nt\r");
        awaitScreen("| run-1 |");
    }

    @Test
    void aCommandMayAskAndGetsTheLineThatIsTyped() throws Exception {
        type("ask\r");
        awaitScreen("sure? ");
        type("yes, please\r");
        awaitScreen("said yes, please");
        type("count\r");
        awaitScreen("| run-1 |");
    }

    @Test
    void ctrlCAtAQuestionEndsTheCommandAndTheShellGoesOn() throws Exception {
        type("ask\r");
        awaitScreen("sure? ");
        type("\u0003");
        await().atMost(SOON)
                .until(() -> screenText().split("kafka> ", -1).length > 2); // it reads keys until it has ended
        type("count\r");
        awaitScreen("| run-1 |");
        assertThat(screenText()).doesNotContain("said");
    }

    @Test
    void leaveEndsTheShellWhileItWaitsForInput() throws Exception {
        shell.leave();
        assertThat(loop.join(SOON)).isTrue();
    }

    @Test
    void leaveDuringACommandEndsTheShellAndLeavesNoInterruptBehind() throws Exception {
        var interruptedAfter = new CompletableFuture<Boolean>();
        shell.close();
        terminal = newTerminal();
        CommandRunner runner = (words, out) -> commands.run(new Session(null, out, null), words);
        Shell second = new Shell(terminal, runner, commands, null, scope);
        Coroutine reading = scope.go("second", () -> {
            second.run("again");
            second.close();
            interruptedAfter.complete(Thread.currentThread().isInterrupted());
        });
        awaitScreen("again");
        type("hang\r");
        assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
        second.leave();
        assertThat(reading.join(SOON)).isTrue();
        assertThat(interruptedAfter.get(10, TimeUnit.SECONDS)).isFalse();
    }

    private void type(String keys) throws IOException {
        terminal.processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
    }

    private String screenText() {
        return screen.toString(StandardCharsets.UTF_8);
    }

    private void awaitScreen(String text) {
        await().atMost(SOON).untilAsserted(() -> assertThat(screenText()).contains(text));
    }
}
