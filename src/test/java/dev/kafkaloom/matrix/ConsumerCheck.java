package dev.kafkaloom.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.cli.Main;
import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.Consumer;
import dev.kafkaloom.consumer.HistoryMember;
import dev.kafkaloom.consumer.assignor.Assignors;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.history.Checker;
import dev.kafkaloom.history.CommitWatch;
import dev.kafkaloom.history.HistoryWriter;
import dev.kafkaloom.history.Verdict;
import dev.kafkaloom.network.ConnectionConfig;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.producer.Receipt;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.ChildJvm;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;

/** What the consumer does on every release, beside the core suite's group of two. */
enum ConsumerCheck {
    /** Members that keep their partitions while others join and leave (KIP-429): nothing is got twice. */
    COOPERATIVE,
    /** A static member (KIP-345, since 2.3) that goes and comes back gets what it had, and the others notice nothing. */
    STATIC,
    /** poll() in a group, values deserialized, and commit(). */
    POLL,
    /** {@code consume} with each form of offsets. */
    COMMAND;

    private static final int RECORDS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Fails by an AssertionError, or whatever the client throws. */
    void run(Lab lab) throws InterruptedException, IOException {
        switch (this) {
            case COOPERATIVE -> cooperative(lab);
            case STATIC -> staticMembers(lab);
            case POLL -> poll(lab);
            case COMMAND -> command(lab);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static void cooperative(Lab lab) throws InterruptedException, IOException {
        String topic = lab.topic("cooperative").name();
        String group = RealBroker.unique("cooperative");
        Path folder = folder(lab, group);
        var config = HistoryMember.quick(group, topic)
                .assignors(List.of(Assignors.named("cooperative-sticky")))
                .build();
        String bootstrap = lab.broker().bootstrap();
        try (HistoryWriter out = HistoryWriter.open(folder.resolve("history.jsonl"));
                CommitWatch commits = new CommitWatch(bootstrap, group, () -> partitions(topic), out);
                HistoryMember stays = new HistoryMember(bootstrap, config, "stays", out)) {
            produce(lab, topic, 0, out);
            eventually("all got", () -> assertThat(stays.delivered()).isEqualTo(RECORDS));
            try (HistoryMember comes = new HistoryMember(bootstrap, config, "comes", out)) {
                eventually("they share", () -> {
                    assertThat(stays.owned()).hasSize(2);
                    assertThat(comes.owned()).hasSize(2).doesNotContainAnyElementsOf(stays.owned());
                });
                out.rest(group, partitions(topic));
                produce(lab, topic, RECORDS, out);
                eventually(
                        "the rest",
                        () -> assertThat(stays.delivered() + comes.delivered()).isEqualTo(2L * RECORDS));
            }
            eventually("all back", () -> assertThat(stays.owned()).hasSize(Lab.PARTITIONS));
            out.rest(group, partitions(topic));
            eventually(
                    "committed",
                    () -> assertThat(commits.look().values())
                            .hasSize(Lab.PARTITIONS)
                            .containsOnly(2L * RECORDS / Lab.PARTITIONS));
            Verdict verdict = Checker.judge(folder);
            assertThat(verdict.isOk()).as(verdict.toString()).isTrue();
            assertThat(verdict.redelivered()).isZero();
        }
    }

    private static void staticMembers(Lab lab) throws InterruptedException, IOException {
        if (!lab.release().since("2.3.0")) {
            return; // no broker before it knows of instances
        }
        String topic = lab.topic("static").name();
        String group = RealBroker.unique("static");
        try (HistoryWriter out = HistoryWriter.open(folder(lab, group).resolve("history.jsonl"));
                HistoryMember stays = instance(lab, group, topic, "stays", out)) {
            HistoryMember leaves = instance(lab, group, topic, "leaves", out);
            eventually("they share", () -> {
                assertThat(stays.owned()).hasSize(2);
                assertThat(leaves.owned()).hasSize(2).doesNotContainAnyElementsOf(stays.owned());
            });
            Set<TopicPartition> had = new TreeSet<>(leaves.owned());
            int rebalances = stays.group().snapshot().rebalances();
            leaves.close();
            produce(lab, topic, 0, out);
            try (HistoryMember back = instance(lab, group, topic, "leaves", out)) {
                eventually("it has them again", () -> assertThat(back.owned()).isEqualTo(had));
                eventually(
                        "all got",
                        () -> assertThat(stays.delivered() + back.delivered()).isEqualTo(RECORDS));
                assertThat(stays.group().snapshot().rebalances()).isEqualTo(rebalances);
            }
        }
    }

    private static HistoryMember instance(Lab lab, String group, String topic, String id, HistoryWriter out)
            throws InterruptedException {
        var config = HistoryMember.quick(group, topic)
                .groupInstanceId(id)
                .sessionTimeout(Duration.ofSeconds(30)); // it has to come back before it is over
        return new HistoryMember(lab.broker().bootstrap(), config.build(), id, out);
    }

    private static void poll(Lab lab) throws InterruptedException, IOException {
        String topic = lab.topic("poll").name();
        String group = RealBroker.unique("poll");
        produce(lab, topic, 0, null);
        Set<Integer> got = new TreeSet<>();
        try (KafkaClient client = lab.fresh(ConnectionConfig.AUTO);
                Consumer<String, Integer> consumer = Consumer.builder(
                                client, HistoryMember.quick(group, topic).build())
                        .deserializers(
                                key -> new String(key, UTF_8), value -> Integer.valueOf(new String(value, UTF_8)))
                        .subscribe()) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (got.size() < RECORDS && System.nanoTime() < deadline) { // by one thread: what it polled is its own
                consumer.poll(Duration.ofMillis(500)).forEach(it -> got.add(it.value()));
            }
            assertThat(got).hasSize(RECORDS);
            consumer.commit();
        }
        assertThat(GroupOffsets.fetch(lab.client(), group, partitions(topic)).values())
                .hasSize(Lab.PARTITIONS)
                .containsOnly((long) RECORDS / Lab.PARTITIONS);
    }

    private static void command(Lab lab) throws InterruptedException, IOException {
        String topic = lab.topic("command").name();
        produce(lab, topic, 0, null);
        int of = RECORDS / Lab.PARTITIONS;
        assertThat(consume(lab, topic, "-o", "start", "-e")).hasSize(RECORDS);
        assertThat(consume(lab, topic, "-o", "-2", "-e"))
                .hasSize(2 * Lab.PARTITIONS)
                .contains("3 " + (of - 1) + " " + (RECORDS - 1));
        assertThat(consume(lab, topic, "-p", "1", "-o", "2:5")).containsExactly("1 2 9", "1 3 13", "1 4 17");
        if (lab.release().since("0.10.1.0")) {
            assertThat(consume(lab, topic, "-o", "@-1h:end")).hasSize(RECORDS);
        }
    }

    /** What is printed of partition, offset and value. */
    private static List<String> consume(Lab lab, String topic, String... options)
            throws InterruptedException, IOException {
        List<String> line =
                new ArrayList<>(List.of("consume", "-b", lab.broker().bootstrap(), "-t", topic, "-f", "%p %o %v\\n"));
        line.addAll(List.of(options));
        Path output = folder(lab, topic).resolve("consume.txt");
        try (ChildJvm child = ChildJvm.start(Main.class, output, line)) {
            assertThat(child.awaitEnd()).as(child.output()).isZero();
            return Files.readAllLines(output).stream()
                    .filter(it -> it.matches("\\d+ \\d+ \\d+"))
                    .toList();
        }
    }

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, Lab.PARTITIONS)
                .mapToObj(it -> new TopicPartition(topic, it))
                .toList();
    }

    /** Numbers from {@code first} on, in turns to each partition. */
    private static void produce(Lab lab, String topic, int first, HistoryWriter out) throws InterruptedException {
        try (Scope scope = Scope.open("consumer-check");
                Producer producer = Producer.open(lab.client(), ProducerConfig.DEFAULT, scope)) {
            List<Receipt> receipts = new ArrayList<>();
            for (int i = first; i < first + RECORDS; i++) {
                byte[] text = Integer.toString(i).getBytes(UTF_8);
                if (out != null) {
                    out.send("check", topic, Integer.toString(i));
                }
                receipts.add(producer.send(new ProduceRecord(topic, i % Lab.PARTITIONS, null, text, text, List.of())));
            }
            for (int i = 0; i < RECORDS; i++) {
                long offset = receipts.get(i).await(PATIENCE).offset();
                if (out != null) {
                    out.ok("check", receipts.get(i).partition(), offset, Integer.toString(first + i));
                }
            }
        }
    }

    /** An empty one. */
    private static Path folder(Lab lab, String name) throws IOException {
        Path folder = Path.of("target", "matrix", lab.release() + "-" + name).toAbsolutePath();
        Files.createDirectories(folder);
        Files.deleteIfExists(folder.resolve("history.jsonl"));
        return folder;
    }

    private static void eventually(String what, ThrowingRunnable assertion) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
    }
}
