package dev.kafkaloom.mixed;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.history.Checker;
import dev.kafkaloom.history.CommitWatch;
import dev.kafkaloom.history.HistoryProducer;
import dev.kafkaloom.history.HistoryWriter;
import dev.kafkaloom.history.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code MixedMain [--seconds N] [--seed N] [--assignors A,B] [--clients ours,java,librdkafka] [--drop] [--folder FOLDER]}: for each assignor a group whose members, ours and
 * others', come, leave and are killed for so many seconds. Prints a line for each of them and exits with 0 if all histories are right.
 * {@code --drop}: the members drop a record on purpose, and a history that is still called right is the failure.
 */
public final class MixedMain {
    private static final int PARTITIONS = 12;
    private static final int RECORDS_A_SECOND = 250;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DROPPED = "p-1000";

    private int seconds = 300;
    private long seed = System.nanoTime();
    private List<String> assignors = List.of("range", "roundrobin", "sticky", "cooperative-sticky");
    private Set<Kind> kinds = EnumSet.allOf(Kind.class);
    private boolean drop;
    private Path folder = Path.of("target", "mixed");
    private Path rdkafka;

    MixedMain() {}

    public static void main(String[] args) throws Exception {
        System.exit(new MixedMain().run(args) ? 0 : 1);
    }

    /** Whether all was as it should be. */
    boolean run(String... args) throws Exception {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--seconds" -> seconds = Integer.parseInt(args[++i]);
                case "--seed" -> seed = Long.parseLong(args[++i]);
                case "--assignors" -> assignors = List.of(args[++i].split(","));
                case "--clients" ->
                    kinds = Arrays.stream(args[++i].toUpperCase(Locale.ROOT).split(","))
                            .map(Kind::valueOf)
                            .collect(Collectors.toSet());
                case "--drop" -> drop = true;
                case "--folder" -> folder = Path.of(args[++i]);
                default -> throw new IllegalArgumentException("unknown: " + args[i]);
            }
        }
        rdkafka = Kind.compile(folder);
        folder = folder.resolve(
                Long.toString(System.currentTimeMillis())); // of an earlier run nothing may be judged again
        Options options = Options.defaults()
                .withLogFolder(folder.resolve("broker"))
                .withProperty("group.initial.rebalance.delay.ms", "0");
        List<String> wrong = new ArrayList<>();
        List<String> figures = new ArrayList<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start("4.3.1", options)) {
            for (String assignor : assignors) {
                String figure = scenario(broker.bootstrap(), assignor);
                figures.add(assignor + " " + figure);
                System.out.println(assignor + ": " + figure);
                if (!figure.contains(drop ? "history: 1 lost" : "history: ok")) {
                    wrong.add(assignor);
                }
            }
        }
        System.out.println("mixed-groups: seed " + seed + ", " + seconds + " s each: "
                + (wrong.isEmpty() ? "" : "WRONG " + wrong + ": ") + String.join("; ", figures));
        return wrong.isEmpty();
    }

    private String scenario(String bootstrap, String assignor) throws Exception {
        String topic = "mixed-" + assignor;
        try (KafkaClient client = KafkaClient.open(ClientConfig.of(bootstrap))) {
            Topics.create(client, topic, PARTITIONS, 1);
        }
        Path histories = folder.resolve(assignor);
        Random random = new Random(seed);
        try (HistoryWriter history = HistoryWriter.open(histories.resolve("harness.jsonl"))) {
            Crowd crowd = new Crowd(
                    new Crowd.Place(bootstrap, topic, topic, assignor, histories, kinds, rdkafka, drop ? DROPPED : ""),
                    random,
                    history);
            try {
                String trouble = live(bootstrap, topic, crowd, random, history);
                return crowd + ", " + (trouble.isEmpty() ? verdict(histories) : trouble);
            } finally {
                crowd.killAll();
            }
        }
    }

    /** What is wrong already without the histories, mostly nothing. */
    private String live(String bootstrap, String topic, Crowd crowd, Random random, HistoryWriter history)
            throws Exception {
        try (GroupWatch watch = new GroupWatch(bootstrap, topic, topic, PARTITIONS, history);
                CommitWatch commits = new CommitWatch(bootstrap, topic, watch::partitions, history)) {
            crowd.begin();
            try (HistoryProducer _ = new HistoryProducer(bootstrap, topic, RECORDS_A_SECOND, "p", history)) {
                comeAndGo(crowd, random, watch);
            }
            watch.awaitRest(crowd.size(), PATIENCE);
            watch.awaitAllCommitted(commits, PATIENCE);
            crowd.close();
            commits.look();
            return crowd.dead();
        } catch (IllegalStateException | IOException e) {
            return e.getMessage();
        }
    }

    private void comeAndGo(Crowd crowd, Random random, GroupWatch watch) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        for (int change = 1; System.nanoTime() < end && crowd.dead().isEmpty(); change++) {
            Thread.sleep(random.nextInt(1_000, 6_000));
            crowd.change();
            if (change % 6 == 0) {
                watch.awaitRest(crowd.size(), PATIENCE);
            }
        }
    }

    private static String verdict(Path histories) throws Exception {
        Verdict verdict = Checker.judge(histories);
        if (!verdict.isOk()) {
            System.err.println(verdict);
        }
        return verdict.toString().lines().findFirst().orElseThrow();
    }
}
