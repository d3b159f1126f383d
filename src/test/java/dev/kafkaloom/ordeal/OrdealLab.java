package dev.kafkaloom.ordeal;

import dev.kafkaloom.coroutine.ExitHook;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.history.CommitWatch;
import dev.kafkaloom.history.HistoryWriter;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.StorageKind;
import dev.kafkaloom.testing.RealBroker;
import dev.kafkaloom.testing.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What an ordeal needs: a broker, a topic and one for dead letters, daemons, and a folder in which all of them write. For one thread. */
final class OrdealLab implements AutoCloseable {
    static final int PARTITIONS = 4;
    static final Duration SESSION = Duration.ofSeconds(6);
    static final String GROUP = "ordeal";

    private static final Duration PEACE = Duration.ofMinutes(5);

    private final OrdealPlan plan;
    private final Path folder;
    private final Path histories;
    private final HistoryWriter out;
    private final EmbeddedBroker broker;
    private final RedisProcess redis; // null for other storages
    private final String topic = RealBroker.unique("ordeal");
    private final String deadLetters = topic + ".dead";
    private final List<Daemon> daemons = new CopyOnWriteArrayList<>(); // the hook's thread reads it, too
    private final ExitHook hook = ExitHook.add("daemons of an ordeal", this::killDaemons);
    private final WorkTail tail;
    private final List<String> storage = new ArrayList<>();

    /** Starts the broker; without what an earlier run has left in the folder. */
    OrdealLab(OrdealPlan plan, Path folder) throws IOException, InterruptedException {
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
        this.redis = plan.storage() == StorageKind.REDIS ? RedisProcess.start(folder.resolve("redis")) : null;
        if (redis != null) {
            storage.addAll(List.of(
                    "POOL_REDIS_NUM=1",
                    "POOL_REDIS_0_HOST=" + redis.server().host(),
                    "POOL_REDIS_0_PORT=" + redis.port()));
        }
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

    OrdealPlan plan() {
        return plan;
    }

    Path folder() {
        return folder;
    }

    EmbeddedBroker broker() {
        return broker;
    }

    RedisProcess redis() {
        return redis;
    }

    /** What all daemons are told as well, {@code name=value}. */
    void settings(List<String> more) {
        storage.addAll(more);
    }

    /** Starts one more; {@code more} settings are its own. */
    Daemon daemon(String name, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "metadata.broker.list=" + broker.bootstrap(),
                "topic.names=" + topic,
                "group.id=" + GROUP,
                "auto.offset.reset=earliest",
                "bootstrap.timeout.ms=60000", // the broker may be starting, too
                "group.keep.session.max.ms=" + SESSION.toMillis(),
                "heartbeat.interval.ms=1500",
                "KAFKA_CLIENT_CONSUMER_NUM=2",
                "KAFKA_MESSAGE_STORAGE=" + plan.storage(),
                "sinker.ordering=" + plan.ordering().name().toLowerCase(Locale.ROOT),
                "sinker.max.attempts=5",
                "sink.retry.backoff.ms=20",
                "dead.letter.topic=" + deadLetters));
        all.addAll(storage);
        all.addAll(plan.sink().settings());
        all.addAll(List.of(more));
        Daemon daemon = new Daemon(name, folder.resolve(name), histories, all);
        daemons.add(daemon);
        return daemon;
    }

    List<Daemon> daemons() {
        return daemons;
    }

    /** Throws when one of them has ended by itself. */
    void mustLive() throws IOException {
        for (Daemon each : daemons) {
            each.mustLive();
        }
    }

    /** To be told after something was killed, stopped or started again. */
    void killed(String what) {
        out.killed(GROUP, what);
    }

    void note(String what) {
        out.note(what);
    }

    WorkLoad load() throws IOException {
        return new WorkLoad(broker.bootstrap(), topic, PARTITIONS, plan, histories.resolve("sent.jsonl"));
    }

    CommitWatch commits() {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(it -> new TopicPartition(topic, it))
                .toList();
        return new CommitWatch(broker.bootstrap(), GROUP, () -> partitions, out);
    }

    /** How many different records some sink was done with by now. */
    long done() throws IOException {
        return tail.done();
    }

    /** Until all is done or a dead letter, and committed; or nothing has changed for long: what is missing then, the checker names. */
    void awaitAll(CommitWatch commits) throws Exception {
        LogReader reader = new LogReader(broker.bootstrap());
        long dropped = plan.sink().drop() < 0 ? 0 : 1;
        long wanted = plan.records() - plan.poisoned() - dropped;
        long before = -1;
        long since = System.nanoTime();
        while (done() < wanted || reader.count(deadLetters) < plan.poisoned() || committed(commits) < plan.records()) {
            mustLive();
            long now = done() + committed(commits);
            if (now != before) {
                before = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PEACE.toNanos() / 3) {
                out.note("not all was done in time");
                return;
            }
            Thread.sleep(500);
        }
    }

    private static long committed(CommitWatch commits) throws InterruptedException {
        return commits.look().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Tells the daemons to end, and throws when one does not do so well. */
    void endDaemons() throws IOException, InterruptedException {
        for (Daemon daemon : daemons) {
            daemon.end();
        }
        daemons.clear();
    }

    /** Reads what is in the topics and judges. */
    WorkVerdict judge() throws IOException {
        LogReader reader = new LogReader(broker.bootstrap());
        reader.log(topic, histories.resolve("log.jsonl"));
        reader.deadLetters(deadLetters, histories.resolve("dead.jsonl"));
        return WorkChecker.judge(histories, plan.rules());
    }

    private void killDaemons() {
        daemons.forEach(Daemon::close);
    }

    @Override
    public void close() {
        killDaemons();
        hook.close();
        out.close();
        if (redis != null) {
            redis.close();
        }
        broker.close();
    }
}
