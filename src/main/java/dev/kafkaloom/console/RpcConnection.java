package dev.kafkaloom.console;

import dev.kafkaloom.coroutine.ChannelClosed;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's side of one connection. Its coroutine reads frames; the command of the moment runs on another, so that a cancel, or
 * the end of the connection, reaches it.
 */
final class RpcConnection {
    private static final Logger LOG = LoggerFactory.getLogger(RpcConnection.class);

    private final String name;
    private final LineSocket socket;
    private final Scope scope;
    private final Commands commands;
    private final Function<Output, Session> sessions;
    private final AtomicBoolean busy = new AtomicBoolean();
    private Coroutine command; // the last one; only the serving coroutine touches it

    RpcConnection(String name, LineSocket socket, Scope scope, Commands commands, Function<Output, Session> sessions) {
        this.name = name;
        this.socket = socket;
        this.scope = scope;
        this.commands = commands;
        this.sessions = sessions;
    }

    void serve() throws InterruptedException {
        try {
            while (true) {
                Coroutine.waitingFor("command line");
                Map<?, ?> frame = AnswerFrames.object(socket.receive());
                if (frame.containsKey("cancel")) {
                    cancel();
                } else if (frame.get("run") instanceof List<?> words) {
                    start(words.stream().map(String::valueOf).toList());
                }
            }
        } catch (ChannelClosed | IOException e) {
            LOG.debug("{} ended: {}", name, e.toString());
        } finally {
            cancel();
        }
    }

    private void cancel() {
        if (busy.get()) {
            command.interrupt();
        }
    }

    private void start(List<String> words) throws InterruptedException {
        if (!busy.compareAndSet(false, true)) {
            socket.send(end(Failure.USAGE, "another command runs on this connection"));
            return;
        }
        command = scope.goPlatform(name + "/command", () -> {
            String end = run(words);
            busy.set(false); // first: the caller may send the next line as soon as it has the answer
            sendEnd(end);
        });
    }

    /** The caller waits for this line: a cancel that comes too late must not swallow it. */
    private void sendEnd(String end) throws InterruptedException {
        try {
            socket.send(end);
        } catch (InterruptedException _) {
            socket.send(end);
        } catch (ChannelClosed e) {
            LOG.debug("{}: nobody is left to read {}", name, end, e);
        }
    }

    private String run(List<String> words) {
        try {
            return end(commands.run(sessions.apply(new FrameOutput()), words), null);
        } catch (Exception e) {
            LOG.debug("{} {}", name, words, e);
            Failure failure = Failure.of(e);
            return end(failure.exitCode(), failure.line());
        }
    }

    private static String end(int exit, String error) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("exit", exit);
        if (error != null) {
            frame.put("error", error);
        }
        return Json.write(frame);
    }

    /** Answers as frames; when the caller has gone, the command is told by an exception. */
    private final class FrameOutput implements Output {
        @Override
        public void show(Answer answer) throws IOException {
            send(AnswerFrames.encode(answer));
        }

        @Override
        public void note(String line) throws IOException {
            send(Json.write(Map.of("note", line)));
        }

        private void send(String frame) throws IOException {
            try {
                socket.send(frame);
            } catch (ChannelClosed e) {
                throw new IOException("the caller has gone", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException("cancelled");
            }
        }
    }
}
