package dev.kafkaloom.cli;

import dev.kafkaloom.config.AppConfig;
import dev.kafkaloom.console.CommandRunner;
import dev.kafkaloom.console.Commands;
import dev.kafkaloom.console.DaemonFiles;
import dev.kafkaloom.console.Output;
import dev.kafkaloom.console.RpcClient;
import dev.kafkaloom.console.Shell;
import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code attach}: the console here, the commands in the daemon. */
final class AttachProgram {
    private AttachProgram() {}

    static int run(AppConfig config, Invocation invocation, Commands commands) throws IOException {
        Path folder = config.server().unixDir();
        try (Scope scope = Scope.open("attach");
                Line line = new Line(folder, scope)) {
            line.connect();
            try (Shell shell =
                    new Shell(Shell.systemTerminal(), line, commands, folder.resolve("console_history"), scope)) {
                shell.verbose(invocation.verbosity() > 0)
                        .run("attached to the daemon of " + folder
                                + "; help lists the commands, exit leaves it running");
            }
        }
        return 0;
    }

    /** The connection, made anew when the daemon was restarted meanwhile. Used by one command at a time. */
    private static final class Line implements CommandRunner, AutoCloseable {
        private final Path folder;
        private final Scope scope;
        private RpcClient client;

        private Line(Path folder, Scope scope) {
            this.folder = folder;
            this.scope = scope;
        }

        private synchronized RpcClient connect() throws IOException {
            if (client == null) {
                client = DaemonFiles.connect(folder, scope);
            }
            return client;
        }

        private synchronized void drop() {
            if (client != null) {
                client.close();
                client = null;
            }
        }

        @Override
        public int run(List<String> words, Output out) throws IOException, InterruptedException {
            try {
                return connect().run(words, out);
            } catch (IOException e) {
                drop();
                throw e;
            }
        }

        @Override
        public void close() {
            drop();
        }
    }
}
