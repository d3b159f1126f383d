package dev.kafkaloom.cli;

import dev.kafkaloom.config.AppConfig;
import dev.kafkaloom.config.Messages;
import dev.kafkaloom.console.DaemonFiles;
import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code stop}: ends the daemon of this folder and waits for that. */
final class StopProgram {
    private static final Duration BETWEEN_SIGNALS = Duration.ofMillis(200);

    private StopProgram() {}

    static int run(AppConfig config, Invocation invocation, Terminals terminals)
            throws IOException, InterruptedException {
        Path folder = config.server().unixDir();
        Messages messages = Messages.in(config.server().language());
        long begun = System.nanoTime();
        ProcessHandle daemon;
        try (Scope scope = Scope.open("stop")) {
            daemon = DaemonFiles.process(folder, scope);
        }
        CompletableFuture<ProcessHandle> end = daemon.onExit();
        if (!daemon.destroy()) {
            throw new IOException("the daemon of " + folder + " (pid " + daemon.pid() + ") cannot be signalled");
        }
        Duration patience = StartProgram.patience(config);
        boolean now = invocation.has("now");
        if (!now && !invocation.quiet()) {
            terminals
                    .err()
                    .println(messages.text(
                            "stop.finishing",
                            daemon.pid(),
                            config.runtime().shutdownTimeout().toSeconds()));
        }
        while (!ended(end, now ? BETWEEN_SIGNALS : patience)) {
            if (!now || System.nanoTime() - begun > patience.toNanos()) {
                throw new IOException("the daemon of " + folder + " (pid " + daemon.pid() + ") has not ended within "
                        + patience.toSeconds() + " s; stop --now does not wait for what it has in hand");
            }
            daemon.destroy(); // it ends at once at a second signal
        }
        if (!invocation.quiet()) {
            terminals
                    .err()
                    .println(messages.text(
                            "stop.ended", daemon.pid(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)));
        }
        return 0;
    }

    private static boolean ended(CompletableFuture<ProcessHandle> end, Duration within) throws InterruptedException {
        try {
            end.get(within.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
