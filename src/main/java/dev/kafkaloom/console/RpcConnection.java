package dev.kafkaloom.console;

import dev.kafkaloom.coroutine.ChannelClosed;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
    private volatile CompletableFuture<Optional<String>> question; // that the caller was asked last

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
                } else if (frame.containsKey("answer")) {
                    answer(frame.get("answer"));
                } else if (frame.get("run") instanceof List<?> words) {
                    start(words.stream().map(String::valueOf).toList(), Boolean.TRUE.equals(frame.get("asks")));
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

    private void answer(Object said) {
        CompletableFuture<Optional<String>> asked = question;
        if (asked != null) {
            asked.complete(Optional.ofNullable(said).map(String::valueOf));
        }
    }

    private void start(List<String> words, boolean asks) throws InterruptedException {
        if (!busy.compareAndSet(false, true)) {
            socket.send(end(Failure.USAGE, "another command runs on this connection"));
            return;
        }
        command = scope.goPlatform(name + "/command", () -> {
            String end = run(words, asks);
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

    private String run(List<String> words, boolean asks) {
        try {
            return end(commands.run(sessions.apply(new FrameOutput(asks)), words), null);
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
        private final boolean asks;

        /** @param asks whether the caller answers questions */
        private FrameOutput(boolean asks) {
            this.asks = asks;
        }

        @Override
        public Optional<String> ask(String text) throws IOException {
            if (!asks) {
                return Optional.empty();
            }
            CompletableFuture<Optional<String>> asked = new CompletableFuture<>();
            question = asked;
            send(Json.write(Map.of("ask", text)));
            try {
                return asked.get(); // when the caller goes, the command is interrupted
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("cancelled");
            } catch (ExecutionException e) {
                throw new IOException(e);
            }
        }

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
                throw new InterruptedIOException("cancelled");
            }
        }
    }
}
