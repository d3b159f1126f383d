package dev.kafkaloom.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.HistoryMember;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.history.Checker;
import dev.kafkaloom.history.CommitWatch;
import dev.kafkaloom.history.HistoryWriter;
import dev.kafkaloom.history.Verdict;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What a scenario needs: a broker, the Java client's admin and producer, and a folder for its history. For one thread. */
final class ProofLab implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final HistoryWriter out;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private EmbeddedBroker broker;
    private Admin admin;
    private KafkaProducer<String, String> producer;

    /** Without what an earlier run has left in the folder. */
    ProofLab(Path folder) throws IOException {
        this.folder = folder;
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        this.out = HistoryWriter.open(folder.resolve("lab.jsonl"));
    }

    /** The broker that all tests share, unless the scenario has asked for its own before. */
    EmbeddedBroker broker() {
        if (broker == null) {
            broker = RealBroker.of(RealBroker.NEWEST).process();
        }
        return broker;
    }

    /** A broker that may be stopped and damaged; with these lines in its configuration. */
    EmbeddedBroker ownBroker(Map<String, String> properties) throws Exception {
        Options options = Options.defaults().withDataFolder(folder.resolve("broker"));
        for (Map.Entry<String, String> each : properties.entrySet()) {
            options = options.withProperty(each.getKey(), each.getValue());
        }
        broker = closeLater(EmbeddedBroker.start(RealBroker.NEWEST, options));
        return broker;
    }

    /** Closed with this, the latest first. */
    <C extends AutoCloseable> C closeLater(C it) {
        open.push(it);
        return it;
    }

    Path folder() {
        return folder;
    }

    HistoryWriter out() {
        return out;
    }

    String bootstrap() {
        return broker().bootstrap();
    }

    Admin admin() {
        if (admin == null) {
            admin = closeLater(Admin.create(Map.of("bootstrap.servers", bootstrap())));
        }
        return admin;
    }

    /** Makes a topic whose partitions are led when this returns. */
    String topic(int partitions, Map<String, String> configuration) throws Exception {
        String name = RealBroker.unique("proof");
        createTopic(name, partitions, configuration);
        return name;
    }

    void createTopic(String name, int partitions, Map<String, String> configuration) throws Exception {
        admin().createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configuration)))
                .all()
                .get(30, TimeUnit.SECONDS);
        within(30)
                .ignoreExceptions()
                .until(() -> admin().describeTopics(List.of(name)).allTopicNames().get().get(name).partitions().stream()
                        .allMatch(it -> it.leader() != null && !it.leader().isEmpty()));
    }

    /** The same after it was deleted: the controller may know it for a moment longer than the broker. */
    void createTopicAgain(String name, int partitions) {
        within(30).ignoreExceptions().until(() -> {
            createTopic(name, partitions, Map.of());
            return true;
        });
    }

    static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(it -> new TopicPartition(topic, it))
                .toList();
    }

    /** Sends these one after another, in one batch each call, and waits until all are acknowledged; answers the last one's offset. */
    long send(TopicPartition tp, List<String> values) throws Exception {
        if (producer == null) {
            producer = closeLater(new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrap(), "linger.ms", "50", "metadata.max.age.ms", "1000"),
                    new StringSerializer(),
                    new StringSerializer()));
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (String value : values) {
            out.send("lab", tp.topic(), value);
            sent.add(producer.send(new ProducerRecord<>(tp.topic(), tp.partition(), null, value)));
        }
        producer.flush();
        long last = -1;
        for (int i = 0; i < values.size(); i++) {
            last = sent.get(i).get(30, TimeUnit.SECONDS).offset();
            out.ok("lab", tp, last, values.get(i));
        }
        return last;
    }

    /** {@code what-first} and so many after it. */
    static List<String> values(String what, int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(it -> what + "-" + it)
                .toList();
    }

    CommitWatch watchCommits(String group, Supplier<List<TopicPartition>> partitions) {
        return closeLater(new CommitWatch(bootstrap(), group, partitions, out));
    }

    void commit(String group, TopicPartition tp, long offset) throws Exception {
        admin().alterConsumerGroupOffsets(group, Map.of(kafka(tp), new OffsetAndMetadata(offset)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    long end(TopicPartition tp) throws Exception {
        return offset(tp, OffsetSpec.latest());
    }

    long start(TopicPartition tp) throws Exception {
        return offset(tp, OffsetSpec.earliest());
    }

    private long offset(TopicPartition tp, OffsetSpec which) throws Exception {
        return admin().listOffsets(Map.of(kafka(tp), which))
                .partitionResult(kafka(tp))
                .get(30, TimeUnit.SECONDS)
                .offset();
    }

    static org.apache.kafka.common.TopicPartition kafka(TopicPartition tp) {
        return new org.apache.kafka.common.TopicPartition(tp.topic(), tp.partition());
    }

    static ConditionFactory within(int seconds) {
        return Awaitility.await().atMost(Duration.ofSeconds(seconds)).pollInterval(Duration.ofMillis(20));
    }

    static void awaitStable(HistoryMember member) throws InterruptedException {
        assertThat(member.group().awaitStable(PATIENCE)).as("the group settles").isTrue();
    }

    /** Waits until the group has committed the end of each. */
    void awaitAllCommitted(CommitWatch commits, List<TopicPartition> partitions) throws Exception {
        for (TopicPartition tp : partitions) {
            long end = end(tp);
            within(30)
                    .untilAsserted(
                            () -> assertThat(commits.look()).as("committed").containsEntry(tp, end == 0 ? -1 : end));
        }
    }

    /** What the checker says to all that was written. */
    Verdict judge() throws IOException {
        Verdict verdict = Checker.judge(folder);
        assertThat(verdict.isOk()).as(verdict.toString()).isTrue();
        return verdict;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            closeNext();
        }
        out.close();
    }

    private void closeNext() {
        try {
            open.pop().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
