package dev.kafkaloom.ordeal;

import dev.kafkaloom.coroutine.ExitHook;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.history.CommitWatch;
import dev.kafkaloom.history.HistoryWriter;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.StorageKind;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Daemons work off a topic of four partitions while it is written, and are killed in turn, and so are the broker and Redis; in the end all is
 * worked off in peace, the daemons are told to end, and everything is judged. One thread.
 */
final class Ordeal implements AutoCloseable {
    static final int PARTITIONS = 4;
    static final Duration SESSION = Duration.ofSeconds(6);

    private static final Duration PEACE = Duration.ofMinutes(5);
    private static final String GROUP = "ordeal";

    private final OrdealPlan plan;
    private final Path folder;
    private final Path histories;
    private final HistoryWriter out;
    private final EmbeddedBroker broker;
    private final String topic = RealBroker.unique("ordeal");
    private final String deadLetters = topic + ".dead";
    private final List<Daemon> daemons = new ArrayList<>();
    private final ExitHook hook = ExitHook.add("daemons of an ordeal", this::killDaemons);
    private final WorkTail tail;
    private int turn;

    /** Starts the broker; without what an earlier run has left in the folder. */
    Ordeal(OrdealPlan plan, Path folder) throws IOException, InterruptedException {
        this.plan = plan;
        this.folder = folder;
        delete(folder);
        this.histories = Files.createDirectories(folder.resolve("histories"));
        this.out = HistoryWriter.open(histories.resolve("lab.jsonl"));
        this.tail = new WorkTail(histories);
        this.broker = EmbeddedBroker.start(
                RealBroker.NEWEST,
                Options.defaults()
                        .withDataFolder(Files.createDirectories(folder.resolve("broker")))
                        .withStartDeadline(Duration.ofMinutes(2))
                        .withProgress(_ -> {}));
        RealBroker.createTopic(broker, topic, PARTITIONS);
        RealBroker.createTopic(broker, deadLetters, 1);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    WorkVerdict run() throws Exception {
        for (int i = 0; i < plan.daemons(); i++) {
            String name = "daemon-" + i;
            daemons.add(new Daemon(name, folder.resolve(name), histories, settings()));
        }
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(it -> new TopicPartition(topic, it))
                .toList();
        try (CommitWatch commits = new CommitWatch(broker.bootstrap(), GROUP, () -> partitions, out)) {
            try (WorkLoad load =
                    new WorkLoad(broker.bootstrap(), topic, PARTITIONS, plan, histories.resolve("sent.jsonl"))) {
                trouble(load);
                if (load.acknowledged() < plan.records()) {
                    throw new AssertionError("only " + load.acknowledged() + " records could be sent");
                }
            }
            awaitAll(commits);
        }
        for (Daemon daemon : daemons) {
            int code = daemon.end();
            if (code != 0) {
                throw new AssertionError(daemon.name() + " was told to end, and did with " + code);
            }
        }
        LogReader reader = new LogReader(broker.bootstrap());
        reader.log(topic, histories.resolve("log.jsonl"));
        reader.deadLetters(deadLetters, histories.resolve("dead.jsonl"));
        return WorkChecker.judge(histories, plan.rules());
    }

    private List<String> settings() {
        List<String> all = new ArrayList<>(List.of(
                "metadata.broker.list=" + broker.bootstrap(),
                "topic.names=" + topic,
                "group.id=" + GROUP,
                "auto.offset.reset=earliest",
                "group.keep.session.max.ms=" + SESSION.toMillis(),
                "heartbeat.interval.ms=1500",
                "KAFKA_CLIENT_CONSUMER_NUM=2",
                "KAFKA_SINKER_PROCESS_NUM=2",
                "SERVER_PORT=0",
                "KAFKA_MESSAGE_STORAGE=" + plan.storage(),
                "sinker.ordering=" + plan.ordering().name().toLowerCase(java.util.Locale.ROOT),
                "sinker.max.attempts=5",
                "sink.retry.backoff.ms=20",
                "dead.letter.topic=" + deadLetters));
        all.addAll(plan.sink().settings());
        return all;
    }

    /** Until all is sent and most of it done. */
    private void trouble(WorkLoad load) throws Exception {
        Turn daemon = new Turn(plan.kills().daemon());
        Turn brokers = new Turn(plan.kills().broker());
        Turn redis = new Turn(plan.storage() == StorageKind.REDIS ? plan.kills().redis() : Duration.ZERO);
        long enough = plan.records() - plan.records() / 20;
        long deadline = System.nanoTime() + PEACE.toNanos() + 1_000_000_000L * plan.records() / plan.rate();
        while (!load.isOver() || tail.done() < enough) {
            for (Daemon each : daemons) {
                each.mustLive();
            }
            if (daemon.hasCome()) {
                Daemon victim = daemons.get(turn++ % daemons.size());
                victim.kill();
                out.killed(GROUP, victim.name());
                victim.start();
                daemon.next();
            }
            if (brokers.hasCome()) {
                broker.kill();
                out.killed(GROUP, "broker");
                broker.restart();
                out.killed(GROUP, "broker, which is back");
                brokers.next();
            }
            if (redis.hasCome()) {
                redis.next();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("only " + tail.done() + " of " + plan.records() + " were done in time");
            }
            Thread.sleep(200);
        }
    }

    /** When something is killed next. */
    private static final class Turn {
        private final Duration every;
        private long at;

        Turn(Duration every) {
            this.every = every;
            next();
        }

        boolean hasCome() {
            return every.isPositive() && System.nanoTime() >= at;
        }

        void next() {
            at = System.nanoTime() + every.toNanos();
        }
    }

    /** Until all is done or a dead letter, and committed; or nothing has changed for long. */
    private void awaitAll(CommitWatch commits) throws Exception {
        LogReader reader = new LogReader(broker.bootstrap());
        long dropped = plan.sink().drop() < 0 ? 0 : 1;
        long wanted = plan.records() - plan.poisoned() - dropped;
        long deadline = System.nanoTime() + PEACE.toNanos();
        while (tail.done() < wanted
                || reader.count(deadLetters) < plan.poisoned()
                || committed(commits) < plan.records()) {
            for (Daemon each : daemons) {
                each.mustLive();
            }
            if (System.nanoTime() > deadline) {
                out.note("not all was done in time");
                return; // what is missing, the checker names
            }
            Thread.sleep(200);
        }
    }

    private static long committed(CommitWatch commits) throws InterruptedException {
        return commits.look().values().stream().mapToLong(Long::longValue).sum();
    }

    private void killDaemons() {
        daemons.forEach(Daemon::close);
    }

    @Override
    public void close() {
        killDaemons();
        hook.close();
        out.close();
        broker.close();
    }
}
