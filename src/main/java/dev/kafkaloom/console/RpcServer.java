package dev.kafkaloom.console;

import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Runs command lines that come over a Unix domain socket and answers with data. All of it is on threads of the system, so that {@code status}
 * answers while handlers hold every carrier.
 */
public final class RpcServer implements AutoCloseable {
    private final Path socket;
    private final ServerSocketChannel listener;
    private final Scope scope;

    private RpcServer(Path socket, ServerSocketChannel listener, Scope scope) {
        this.socket = socket;
        this.listener = listener;
        this.scope = scope;
    }

    /**
     * Listens.
     *
     * @param socket   the file to create, readable by its owner only; must not exist yet
     * @param sessions makes the session of a command from the output that leads back to the caller
     */
    public static RpcServer start(Path socket, Commands commands, Function<Output, Session> sessions, Scope parent)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(socket));
            DaemonFiles.ownerOnly(socket);
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
        RpcServer server = new RpcServer(socket, listener, parent.child("rpc"));
        server.scope.goPlatform("rpc/accept", () -> server.accept(commands, sessions));
        return server;
    }

    private void accept(Commands commands, Function<Output, Session> sessions) throws IOException {
        for (int n = 1; ; n++) {
            String name = "rpc/connection-" + n;
            try {
                SocketChannel channel = listener.accept();
                scope.goPlatform(name, () -> serve(name, channel, commands, sessions));
            } catch (ClosedChannelException _) {
                return;
            }
        }
    }

    private void serve(String name, SocketChannel channel, Commands commands, Function<Output, Session> sessions)
            throws InterruptedException {
        try (Scope inner = scope.child(name.substring(name.indexOf('/') + 1));
                LineSocket lines = new LineSocket(channel, name, inner)) {
            new RpcConnection(name, lines, inner, commands, sessions).serve();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        scope.close();
        Files.deleteIfExists(socket);
    }
}
