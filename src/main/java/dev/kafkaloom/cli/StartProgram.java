package dev.kafkaloom.cli;

import dev.kafkaloom.config.AppConfig;
import dev.kafkaloom.config.HttpAddress;
import dev.kafkaloom.config.Messages;
import dev.kafkaloom.console.Commands;
import dev.kafkaloom.console.Loom;
import dev.kafkaloom.console.Running;
import dev.kafkaloom.console.UsageException;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.runtime.ConsumerRuntime;
import dev.kafkaloom.runtime.HttpDoor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code start}: the configured consumers, with the console in front or headless with the daemon's socket. */
final class StartProgram {
    private static final Logger LOG = LoggerFactory.getLogger(StartProgram.class);
    private static final Duration PROMPT = Duration.ofSeconds(5);
    private static final Duration READY = Duration.ofMinutes(5);
    private static final Duration CLOSING = Duration.ofSeconds(15);
    private static final Duration STUCK = Duration.ofMillis(500);

    private final AppConfig config;
    private final Invocation invocation;
    private final Commands commands;
    private final Terminals terminals;
    private final Messages messages;

    StartProgram(AppConfig config, Invocation invocation, Commands commands, Terminals terminals) {
        this.config = config;
        this.invocation = invocation;
        this.commands = commands;
        this.terminals = terminals;
        messages = Messages.in(config.server().language());
    }

    int run() throws IOException, InterruptedException {
        Logs.toFiles(config.log(), config.server().appName());
        config.warnings().forEach(LOG::warn);
        LeftRecords.warning(config, messages).ifPresent(LOG::warn);
        return invocation.has("daemon") ? headless() : withConsole();
    }

    /** How long an end may take in all, the closing of what is left included. */
    static Duration patience(AppConfig config) {
        return config.runtime().shutdownTimeout().plus(CLOSING);
    }

    private int headless() throws IOException, InterruptedException {
        try (Ending ending = Ending.awaited().patience(patience(config));
                Scope scope = Scope.open("kafka-loom");
                DaemonDoor door = DaemonDoor.claim(config.server().unixDir());
                HttpDoor http = http(scope);
                Loom loom = new Loom(config, scope);
                ConsumerRuntime runtime = start(config, loom, lines(terminals.out()), scope)) {
            door.open(commands, loom, scope);
            serve(http, runtime);
            scope.go("ready", () -> announce(runtime, this::note));
            ending.started();
            while (!ending.await(500)) {
                if (runtime.failure().isPresent() || runtime.snapshot().allFailed()) {
                    tellFailures(runtime);
                    return 1;
                }
            }
            note(messages.text("start.ending", config.consumer().groupId()));
            end(http, runtime, scope);
            return 0;
        }
    }

    private int withConsole() throws IOException, InterruptedException {
        try (Ending ending = Ending.awaited().patience(patience(config));
                Scope scope = Scope.open("kafka-loom");
                HttpDoor http = http(scope);
                Loom loom = new Loom(config, scope);
                ConsumerRuntime runtime = start(config, loom, new LineStream(loom.feed()::pass), scope)) {
            serve(http, runtime);
            ending.started();
            Console console = Console.open(
                    loom, commands, config.server().unixDir().resolve("console_history"), invocation, scope);
            scope.go("ready", () -> announce(runtime, console.printer()));
            console.run(
                    messages.text(
                            "start.consuming",
                            subject(config.consumer()),
                            config.consumer().groupId()),
                    ending);
            end(http, runtime, scope);
            return 0;
        }
    }

    /** The door for /metrics and /health, null without: a default port that is taken is no reason not to start. */
    private HttpDoor http(Scope scope) throws IOException {
        HttpAddress at = config.server().http();
        if (!at.served()) {
            return null;
        }
        try {
            HttpDoor door = HttpDoor.open(new InetSocketAddress(at.ip(), at.port()), scope);
            LOG.info(
                    "/metrics, /health/live and /health/ready on http://{}:{}",
                    door.address().getHostString(),
                    door.address().getPort());
            return door;
        } catch (IOException e) {
            if (at.given()) {
                throw new IOException(e.getMessage() + "; see SERVER_IP and SERVER_PORT", e);
            }
            LOG.warn("{}; going on without /metrics and /health: set SERVER_PORT to have them", e.getMessage());
            return null;
        }
    }

    private static void serve(HttpDoor http, ConsumerRuntime runtime) {
        if (http != null) {
            http.serves(runtime::snapshot);
        }
    }

    private void end(HttpDoor http, ConsumerRuntime runtime, Scope scope) {
        if (http != null) {
            http.ending();
        }
        runtime.close(config.runtime().shutdownTimeout());
        scope.closeDeadline(STUCK); // what still runs has been waited for
    }

    private String subject(ConsumerConfig consumer) {
        String named = String.join(", ", consumer.topics());
        if (consumer.topicPattern() == null) {
            return named;
        }
        String matched = messages.text("start.topics-like", consumer.topicPattern());
        return named.isEmpty() ? matched : messages.text("start.and", named, matched);
    }

    /** The runtime with the configured sink and storage; the commands know of it. */
    static ConsumerRuntime start(AppConfig config, Loom loom, OutputStream records, Scope scope)
            throws IOException, InterruptedException {
        ConsumerRuntime runtime = open(config, loom, records, scope);
        loom.runs(Running.of(runtime));
        return runtime;
    }

    /** A sink that does not exist, or an option that is wrong for it, is a mistake in what was asked for. */
    private static ConsumerRuntime open(AppConfig config, Loom loom, OutputStream records, Scope scope)
            throws IOException, InterruptedException {
        try {
            return ConsumerRuntime.open(config.runtime(), loom.client(), loom.producerConfig(), records, scope);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** Says once when all members own their partitions. */
    private void announce(ConsumerRuntime runtime, Consumer<String> print) throws InterruptedException {
        if (!runtime.awaitReady(PROMPT) && !runtime.snapshot().allFailed()) {
            print.accept(
                    messages.text("start.waiting", runtime.snapshot().group().groupId()));
        }
        if (runtime.awaitReady(READY)) {
            GroupSnapshot group = runtime.snapshot().group();
            int partitions = group.members().stream()
                    .mapToInt(member -> member.partitions().size())
                    .sum();
            long took = runtime.snapshot().uptime().toMillis();
            int members = group.members().size();
            print.accept(
                    members == 1
                            ? messages.text("start.joined.alone", group.groupId(), took, partitions)
                            : messages.text("start.joined", group.groupId(), took, members, partitions));
        }
    }

    private void tellFailures(ConsumerRuntime runtime) {
        GroupSnapshot group = runtime.snapshot().group();
        Stream<String> lines = runtime.failure()
                .map(why -> Stream.of(messages.text("start.broken", group.groupId(), why)))
                .orElseGet(() -> group.members().stream()
                        .map(it -> messages.text("start.failed", it.index(), group.groupId(), it.lastError())));
        lines.forEach(line -> terminals.err().println(Grammar.PROGRAM + ": " + line));
    }

    private void note(String line) {
        if (!invocation.quiet()) {
            terminals.err().println(line);
        }
    }

    static OutputStream lines(OutputStream out) {
        return new java.io.BufferedOutputStream(out, 1 << 14);
    }
}
