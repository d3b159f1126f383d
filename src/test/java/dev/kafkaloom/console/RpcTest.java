package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RpcTest {
    private static final Table TABLE =
            new Table(List.of("topic", "partition"), List.of(List.of("orders", 3L), List.of("x\ny", 4L)));

    @TempDir
    Path folder;

    private final Scope scope = Scope.open("rpc-test");
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    private DaemonFiles files;
    private RpcServer server;

    @BeforeEach
    void start() throws IOException {
        files = DaemonFiles.claim(folder);
        Commands commands = new Commands(List.of(
                new ScriptedCommand("answers", session -> {
                    session.out().show(TABLE);
                    session.out().show(new Value(7L));
                    session.out().show(new Raw(new byte[] {(byte) 0xff, 10}));
                    session.out().note("a remark");
                    return 1;
                }),
                new ScriptedCommand("asks", session -> {
                    hanging.countDown();
                    try {
                        session.out().show(new Text(session.out().ask("sure? ").orElse("nobody")));
                    } catch (InterruptedIOException e) {
                        interrupted.complete(true);
                        throw e;
                    }
                    return 0;
                }),
                new ScriptedCommand("fails", _ -> {
                    throw new UsageException("not like this");
                }),
                new ScriptedCommand("hangs", session -> {
                    session.out().show(new Text("hanging"));
                    hanging.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.complete(true);
                    }
                    return 0;
                })));
        server = RpcServer.start(files.socket(), commands, out -> new Session(null, out, null), scope);
        files.publish();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        files.close();
        assertThat(scope.close(Duration.ofSeconds(5))).isEmpty();
    }

    @Test
    void answersAndExitCodeComeBackAsTheyWereGiven() throws Exception {
        var out = new RecordedOutput();
        try (RpcClient client = DaemonFiles.connect(folder, scope)) {
            assertThat(client.run(List.of("answers"), out)).isEqualTo(1);
            assertThat(client.run(List.of("answers"), out)).isEqualTo(1);
        }
        assertThat(out.answers)
                .startsWith(TABLE, new Value(7L), new Raw(new byte[] {(byte) 0xff, 10}))
                .hasSize(6);
        assertThat(out.notes).containsExactly("a remark", "a remark");
    }

    @Test
    void answersWhileEveryCarrierIsHeld() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        int carriers = Integer.getInteger(
                "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
        CountDownLatch spinning = new CountDownLatch(carriers);
        try (RpcClient client = DaemonFiles.connect(folder, scope)) {
            for (int i = 0; i < carriers; i++) {
                scope.go("spinner", () -> {
                    spinning.countDown();
                    while (!stop.get()) {
                        Thread.onSpinWait();
                    }
                });
            }
            spinning.await();
            assertThat(client.run(List.of("answers"), new RecordedOutput())).isEqualTo(1);
        } finally {
            stop.set(true);
        }
    }

    @Test
    void aFailureKeepsItsLineAndExitCode() throws Exception {
        try (RpcClient client = DaemonFiles.connect(folder, scope)) {
            assertThatThrownBy(() -> client.run(List.of("fails"), new RecordedOutput()))
                    .satisfies(thrown -> assertThat(Failure.of(thrown)).isEqualTo(new Failure(2, "not like this")));
            assertThatThrownBy(() -> client.run(List.of("nonsense"), new RecordedOutput()))
                    .hasMessageContaining("unknown command 'nonsense'");
        }
    }

    @Test
    void aQuestionGoesToTheCallerAndTheAnswerComesBack() throws Exception {
        var person = new RecordedOutput().saying("yes");
        var nobody = new RecordedOutput();
        try (RpcClient client = DaemonFiles.connect(folder, scope)) {
            assertThat(client.run(List.of("asks"), person)).isZero();
            assertThat(client.run(List.of("asks"), nobody)).isZero();
        }
        assertThat(person.questions).containsExactly("sure? ");
        assertThat(person.answers).containsExactly(new Text("yes"));
        assertThat(nobody.answers).containsExactly(new Text("nobody"));
    }

    @Test
    void whoRatherInterruptsThanAnswersCancelsTheCommandAndCanGoOn() throws Exception {
        try (RpcClient client = DaemonFiles.connect(folder, scope)) {
            assertThatThrownBy(() -> client.run(List.of("asks"), new Interrupting()))
                    .isInstanceOf(InterruptedException.class);
            assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.run(List.of("answers"), new RecordedOutput())).isEqualTo(1);
        }
    }

    /** A person who hits Ctrl-C when asked. */
    private static final class Interrupting implements Output {
        @Override
        public void show(Answer answer) {}

        @Override
        public void note(String line) {}

        @Override
        public Optional<String> ask(String question) throws IOException {
            throw new InterruptedIOException("interrupted");
        }
    }

    @Test
    void anInterruptedCallerCancelsTheCommandAndCanGoOn() throws Exception {
        try (RpcClient client = DaemonFiles.connect(folder, scope)) {
            Scope callers = scope.child("callers");
            Coroutine caller = callers.go("caller", () -> client.run(List.of("hangs"), new RecordedOutput()));
            assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
            caller.interrupt();
            assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
            assertThat(caller.state()).isEqualTo(Coroutine.State.CANCELLED);
            assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.run(List.of("answers"), new RecordedOutput())).isEqualTo(1);
        }
    }

    @Test
    void aCallerThatGoesAwayEndsItsCommand() throws Exception {
        RpcClient client = DaemonFiles.connect(folder, scope);
        scope.child("callers").go("caller", () -> client.run(List.of("hangs"), new RecordedOutput()));
        assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
        client.close();
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theSocketIsShortAndForItsOwnerOnly() throws Exception {
        assertThat(files.socket().toString().length()).isLessThan(100);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.socket())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("daemon"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aSecondDaemonOfTheFolderIsRefusedByPid() {
        assertThatThrownBy(() -> DaemonFiles.claim(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "already runs (pid " + ProcessHandle.current().pid() + ")");
    }

    @Test
    void withoutADaemonOneLineSaysSo(@TempDir Path empty) {
        assertThatThrownBy(() -> DaemonFiles.connect(empty, scope))
                .hasMessageStartingWith("no daemon runs for " + empty);
    }

    @Test
    void whatACrashLeftBehindIsNoDaemonAndDoesNotStandInTheWay(@TempDir Path crashed) throws Exception {
        Path socket = Files.createFile(crashed.resolve("dead.sock"));
        Files.write(crashed.resolve("daemon"), List.of(socket.toString(), "1"));
        assertThatThrownBy(() -> DaemonFiles.connect(crashed, scope))
                .hasMessageStartingWith("no daemon runs for " + crashed);
        DaemonFiles.claim(crashed).close();
        assertThat(crashed.resolve("daemon")).doesNotExist();
    }
}
