package dev.kafkaloom.cli;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.config.AppConfig;
import dev.kafkaloom.console.Answer;
import dev.kafkaloom.console.Commands;
import dev.kafkaloom.console.Loom;
import dev.kafkaloom.console.Output;
import dev.kafkaloom.console.Session;
import dev.kafkaloom.console.StreamOutput;
import dev.kafkaloom.console.Text;
import dev.kafkaloom.console.UsageException;
import dev.kafkaloom.console.Value;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.runtime.ConsumerRuntime;
import dev.kafkaloom.runtime.RuntimeSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code demo}: a real broker in a JVM of its own, a topic of four partitions, a stream of records, the consumer runtime with two
 * members on it, and the console, or without a terminal a report at the end.
 */
final class DemoProgram {
    private static final int PARTITIONS = 4;
    private static final Duration JOIN = Duration.ofSeconds(30);
    private static final Duration CATCH_UP = Duration.ofSeconds(5);
    private static final Pattern TIME = Pattern.compile("(\\d+)(ms|s|m|h)?");
    private static final List<String> REPORT = List.of(
            "offset_checker", "member_leader", "metadata_brokers", "metadata_topics", "kafka_lag", "block_size");

    private final Cli cli;
    private final Invocation invocation;
    private final Commands commands;
    private final Terminals terminals;
    private final StreamOutput out;

    DemoProgram(Cli cli, Invocation invocation, Commands commands, Terminals terminals) {
        this.cli = cli;
        this.invocation = invocation;
        this.commands = commands;
        this.terminals = terminals;
        this.out = new StreamOutput(terminals.out(), terminals.err(), invocation.format());
    }

    int run() throws Exception {
        Duration duration = duration(invocation.options().get("duration"));
        boolean interactive = Terminals.interactive();
        try (Ending ending = Ending.awaited();
                EmbeddedBroker broker = BrokerProgram.start(invocation, terminals, PARTITIONS)) {
            note("Apache Kafka " + broker.version() + " serves on " + broker.bootstrap());
            AppConfig config = cli.load(invocation.with(settings(broker)));
            Logs.toTerminal(config.log());
            String topic = config.consumer().topics().stream()
                    .findFirst()
                    .orElseThrow(() -> new UsageException("the demo needs a topic of its own: topic.names"));
            try (Scope scope = Scope.open("demo");
                    Loom loom = new Loom(config, scope)) {
                Topics.create(loom.client(), topic, PARTITIONS, 1);
                OutputStream records =
                        interactive ? new LineStream(loom.feed()::pass) : StartProgram.lines(terminals.out());
                try (ConsumerRuntime runtime = StartProgram.start(config, loom, records, scope);
                        Producer producer = Producer.open(loom.client(), config.producer(), scope)) {
                    awaitMembers(runtime);
                    ending.started();
                    DemoStream stream = DemoStream.start(producer, topic, scope);
                    if (interactive) {
                        console(loom, ending, duration, scope);
                    } else {
                        boolean _ = ending.await(duration.toMillis());
                    }
                    int code = finish(new Session(loom, out, null), runtime, stream);
                    return code;
                }
            }
        }
    }

    /** What makes it the demo; anything but the broker's address can be set otherwise with -X. */
    private Map<String, String> settings(EmbeddedBroker broker) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("topic.names", "demo");
        settings.put("group.id", "demo");
        settings.put("KAFKA_CLIENT_CONSUMER_NUM", "2");
        settings.put("auto.offset.reset", "earliest");
        settings.putAll(invocation.overrides());
        settings.put("bootstrap.servers", broker.bootstrap());
        return settings;
    }

    private void awaitMembers(ConsumerRuntime runtime) throws InterruptedException, IOException {
        if (!runtime.awaitReady(JOIN)) {
            throw new IOException("the demo's members did not join within " + JOIN.toSeconds() + " s: "
                    + runtime.snapshot().group().members());
        }
        note("joined in " + runtime.snapshot().uptime().toMillis() + " ms, "
                + runtime.snapshot().group().members().size() + " members");
    }

    private void console(Loom loom, Ending ending, Duration duration, Scope scope) throws IOException {
        scope.go("demo/duration", () -> {
            Thread.sleep(duration);
            ending.ask();
        });
        Console console = Console.open(loom, commands, null, invocation, scope);
        console.run(
                "orders are produced and consumed: try offset_checker, watch kafka_lag, coroutines, help; records off hides them, exit ends",
                ending);
    }

    private int finish(Session session, ConsumerRuntime runtime, DemoStream stream) throws Exception {
        long produced = stream.stop(CATCH_UP);
        long deadline = System.nanoTime() + CATCH_UP.toNanos();
        long lag = lag(session);
        while ((lag > 0 || runtime.snapshot().consumedRecords() < produced) && System.nanoTime() < deadline) {
            Thread.sleep(Duration.ofMillis(50));
            lag = lag(session);
        }
        for (String name : REPORT) {
            out.show(new Text(name));
            int code = commands.run(session, List.of(name));
            if (code != 0) {
                note(name + " ended with exit code " + code);
            }
        }
        RuntimeSnapshot last = runtime.snapshot();
        int members = last.group().members().size();
        out.show(new Text("demo: produced=" + produced + " consumed=" + last.consumedRecords() + " lag=" + lag
                + " members=" + members + " rebalances=" + last.rebalances()));
        out.flush();
        return lag == 0 && last.consumedRecords() == produced ? 0 : 1;
    }

    private long lag(Session session) throws Exception {
        long[] lag = {-1};
        Output kept = new Output() {
            @Override
            public void show(Answer answer) {
                if (answer instanceof Value(Number number)) {
                    lag[0] = number.longValue();
                }
            }

            @Override
            public void note(String line) {
                DemoProgram.this.note(line);
            }
        };
        int code = commands.run(new Session(session.loom(), kept, null), List.of("kafka_lag"));
        return code == 0 ? lag[0] : -1;
    }

    private void note(String line) {
        if (!invocation.quiet()) {
            terminals.err().println("demo: " + line);
        }
    }

    /** {@code 20s}, {@code 2m}, bare seconds; without one it lasts until it is ended. */
    static Duration duration(String text) {
        if (text == null) {
            return Duration.ofDays(365);
        }
        Matcher match = TIME.matcher(text);
        if (!match.matches()) {
            throw new UsageException("--duration must be such as 20s, 2m or 500ms, not '" + text + "'");
        }
        long number = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case null, default -> Duration.ofSeconds(number);
        };
    }
}
