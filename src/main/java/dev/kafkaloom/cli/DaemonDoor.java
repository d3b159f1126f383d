package dev.kafkaloom.cli;

import dev.kafkaloom.console.Commands;
import dev.kafkaloom.console.DaemonFiles;
import dev.kafkaloom.console.Loom;
import dev.kafkaloom.console.RpcServer;
import dev.kafkaloom.console.Session;
import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.nio.file.Path;

/** A daemon's claim on its folder, and the socket by which rpc and attach come in. */
final class DaemonDoor implements AutoCloseable {
    private final DaemonFiles files;
    private RpcServer server;

    private DaemonDoor(DaemonFiles files) {
        this.files = files;
    }

    /** Refuses a second daemon of the folder before anything is started. */
    static DaemonDoor claim(Path folder) throws IOException {
        return new DaemonDoor(DaemonFiles.claim(folder));
    }

    /** Lets callers in. */
    void open(Commands commands, Loom loom, Scope scope) throws IOException {
        server = RpcServer.start(files.socket(), commands, out -> new Session(loom, out, null), scope);
        files.publish();
    }

    @Override
    public void close() throws IOException {
        try (files) {
            if (server != null) {
                server.close();
            }
        }
    }
}
