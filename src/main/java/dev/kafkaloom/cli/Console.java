package dev.kafkaloom.cli;

import dev.kafkaloom.console.Commands;
import dev.kafkaloom.console.Loom;
import dev.kafkaloom.console.Session;
import dev.kafkaloom.console.Shell;
import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The console in front of a runtime of the same process. */
final class Console {
    private final Shell shell;
    private final Scope scope;

    private Console(Shell shell, Scope scope) {
        this.shell = shell;
        this.scope = scope;
    }

    /** Takes the terminal over; log lines appear above the prompt from now on. */
    static Console open(Loom loom, Commands commands, Path history, Invocation invocation, Scope scope)
            throws IOException {
        Shell shell = new Shell(
                Shell.systemTerminal(),
                (words, out) -> commands.run(new Session(loom, out, null), words),
                commands,
                history,
                scope);
        shell.feed(loom.feed()).verbose(invocation.verbosity() > 0).evidence(loom::frames);
        Logs.toConsole(shell::printAbove);
        Trace.toConsole(loom.config(), shell::printAbove);
        return new Console(shell, scope);
    }

    /** Prints above the prompt. */
    Consumer<String> printer() {
        return shell::printAbove;
    }

    /** Reads commands until the user leaves or the process is told to end. */
    void run(String banner, Ending ending) throws IOException {
        try (shell) {
            scope.go("console/ending", () -> {
                ending.await();
                shell.leave();
            });
            shell.showRecords(true);
            shell.run(banner);
        }
    }
}
