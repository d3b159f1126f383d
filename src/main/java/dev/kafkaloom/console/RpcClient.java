package dev.kafkaloom.console;

import dev.kafkaloom.coroutine.ChannelClosed;
import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The caller's side of a daemon's socket: one command line at a time, from any thread, one thread at a time. */
public final class RpcClient implements AutoCloseable {
    private final Scope scope;
    private final LineSocket socket;

    private RpcClient(Scope scope, SocketChannel channel) {
        this.scope = scope;
        this.socket = new LineSocket(channel, "rpc/" + ProcessHandle.current().pid(), scope);
    }

    /** Connects to the socket of a daemon. */
    public static RpcClient connect(Path socket, Scope parent) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        return new RpcClient(parent.child("rpc-client"), channel);
    }

    /**
     * Runs a command line over there and passes its answers on. An interrupt cancels it over there and still waits for its end.
     *
     * @return its exit code
     * @throws RemoteFailure when it failed with an error
     */
    public synchronized int run(List<String> words, Output out) throws IOException, InterruptedException {
        try {
            socket.send(Json.write(Map.of("run", words, "asks", true)));
            return answers(out);
        } catch (ChannelClosed e) {
            throw new IOException("the daemon closed the connection", e);
        }
    }

    private int answers(Output out) throws IOException, InterruptedException {
        boolean cancelled = false;
        while (true) {
            Map<?, ?> frame;
            try {
                frame = AnswerFrames.object(socket.receive());
            } catch (InterruptedException e) {
                if (cancelled) {
                    throw e; // asked twice: leave it alone
                }
                cancelled = true;
                socket.send(Json.write(Map.of("cancel", true)));
                continue;
            }
            if (frame.get("exit") instanceof Number exit) {
                out.flush();
                return end(exit.intValue(), frame.get("error"), cancelled);
            }
            if (frame.get("ask") instanceof String question) {
                cancelled |= !answer(out, question);
            } else if (frame.get("note") instanceof String note) {
                out.note(note);
            } else {
                pass(frame, out);
            }
        }
    }

    /** Passes a question on; false when the person would rather end it. */
    private boolean answer(Output out, String question) throws IOException, InterruptedException {
        try {
            Map<String, Object> frame = new HashMap<>();
            frame.put("answer", out.ask(question).orElse(null));
            socket.send(Json.write(frame));
            return true;
        } catch (InterruptedIOException _) {
            socket.send(Json.write(Map.of("cancel", true)));
            return false;
        }
    }

    private static int end(int exit, Object error, boolean cancelled) throws InterruptedException {
        if (cancelled) {
            throw new InterruptedException();
        }
        if (error != null) {
            throw new RemoteFailure(exit, error.toString());
        }
        return exit;
    }

    private static void pass(Map<?, ?> frame, Output out) throws IOException {
        Answer answer = AnswerFrames.decode(frame);
        if (answer != null) { // a newer daemon may say more than this side knows
            out.show(answer);
        }
    }

    @Override
    public void close() {
        socket.close();
        scope.close();
    }

    /** The command failed in the daemon. */
    public static final class RemoteFailure extends RuntimeException {
        private final int exitCode;

        RemoteFailure(int exitCode, String line) {
            super(line);
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }
}
