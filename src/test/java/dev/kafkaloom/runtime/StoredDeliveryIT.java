package dev.kafkaloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.Handling;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.consumer.Ordering;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.Sink;
import dev.kafkaloom.storage.StorageConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From a real broker through files to the sink. */
@Timeout(60)
class StoredDeliveryIT {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final int KEYS = 20;
    private static EmbeddedBroker broker;
    private static KafkaClient client;
    private final Scope scope = Scope.open("stored-it-" + NAMES.incrementAndGet());
    private final Map<String, List<Integer>> done = new ConcurrentHashMap<>();
    private String topic;

    @TempDir
    Path folder;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = EmbeddedBroker.start("4.3.1", Options.defaults());
        client = KafkaClient.open(ClientConfig.of(broker.bootstrap()));
    }

    @AfterAll
    static void stopBroker() {
        client.close();
        broker.close();
    }

    @BeforeEach
    void createTopic() throws Exception {
        topic = "stored-" + NAMES.incrementAndGet();
        Topics.create(client, topic, 4, 1);
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void everythingGetsDoneInTheOrderThatIsWantedAlthoughTheSinkFails(Ordering ordering) throws Exception {
        produce(0, 1_000);
        Random dice = new Random(5);
        Sink sink = batch -> {
            if (dice.nextInt(10) == 0) {
                throw new IllegalStateException("away");
            }
            batch.forEach(this::note);
            return Sink.Outcome.DONE;
        };
        try (ConsumerRuntime runtime = ConsumerRuntime.start(config(ordering), client, sink, scope)) {
            within(30)
                    .untilAsserted(() ->
                            assertThat(runtime.snapshot().consumedRecords()).isEqualTo(1_000));
            within(10).until(() -> runtime.snapshot().inProgress() == 0);
            assertThat(runtime.snapshot().ready()).isTrue();
        }

        assertThat(done).hasSize(KEYS);
        assertThat(done.values()).allSatisfy(numbers -> {
            if (ordering == Ordering.UNORDERED) {
                assertThat(numbers).doesNotHaveDuplicates().hasSize(50);
            } else {
                assertThat(numbers).isSorted().doesNotHaveDuplicates().hasSize(50);
            }
        });
    }

    @Test
    void whatWasNotDoneInTimeIsDoneAfterAnotherStartBeforeTheGroupIsJoined() throws Exception {
        produce(0, 200);
        CountDownLatch never = new CountDownLatch(1);
        RuntimeConfig config = config(Ordering.KEY).timeouts(Duration.ofSeconds(3), Duration.ZERO);
        try (ConsumerRuntime first = ConsumerRuntime.start(
                config,
                client,
                _ -> {
                    never.await();
                    return Sink.Outcome.DONE;
                },
                scope)) {
            within(20).until(() -> first.snapshot().storage().size() == 200);
        }
        RuntimeConfig patient = config(Ordering.KEY);
        Sink sink = batch -> {
            batch.forEach(this::note);
            return Sink.Outcome.DONE;
        };
        try (ConsumerRuntime second = ConsumerRuntime.start(patient, client, sink, scope)) {
            assertThat(done.values().stream().mapToInt(List::size).sum()).isEqualTo(200);
            assertThat(done.values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
            second.awaitReady(Duration.ofSeconds(20));
            assertThat(second.snapshot().storage().appended()).as("read again").isZero();
        }
    }

    @Test
    void aStopWorksOffWhatIsStoredAndCommitsIt() throws Exception {
        produce(0, 400);
        CountDownLatch go = new CountDownLatch(1);
        Sink sink = batch -> {
            go.await();
            batch.forEach(this::note);
            return Sink.Outcome.DONE;
        };
        ConsumerRuntime runtime = ConsumerRuntime.start(config(Ordering.PARTITION), client, sink, scope);
        within(20).until(() -> runtime.snapshot().storage().size() == 400);
        go.countDown();

        runtime.close();

        assertThat(done.values().stream().mapToInt(List::size).sum()).isEqualTo(400);
    }

    @Test
    void whatIsRejectedOrTriedTooOftenGoesToTheDeadLetters() throws Exception {
        produce(0, 100);
        Sink sink = batch -> {
            int number = number(batch.getFirst());
            if (number == 13) {
                return new Sink.Outcome.Reject(batch, "unlucky");
            }
            if (number == 77) {
                throw new IllegalStateException("never");
            }
            batch.forEach(this::note);
            return Sink.Outcome.DONE;
        };
        RuntimeConfig config = config(Ordering.KEY);
        RuntimeConfig lettered = config.sinkers(config.sinkers().withDeadLetters(topic + "-dead", 3));
        try (ConsumerRuntime runtime = ConsumerRuntime.start(lettered, client, sink, scope)) {
            within(30).until(() -> runtime.snapshot().sink().deadLettered() == 2);
            within(10).until(() -> runtime.snapshot().inProgress() == 0);
            assertThat(runtime.snapshot().rejected()).isEqualTo(1);
            assertThat(runtime.snapshot().consumedRecords()).isEqualTo(98);
        }

        List<ConsumedRecord> dead = read(topic + "-dead", 2);
        assertThat(dead)
                .anySatisfy(record -> {
                    assertThat(number(record)).isEqualTo(13);
                    assertThat(header(record, DeadLetters.SOURCE_TOPIC)).isEqualTo(topic);
                    assertThat(header(record, DeadLetters.ERROR)).isEqualTo("unlucky");
                    assertThat(header(record, DeadLetters.ATTEMPTS)).isEqualTo("1");
                })
                .anySatisfy(record -> {
                    assertThat(number(record)).isEqualTo(77);
                    assertThat(header(record, DeadLetters.ERROR)).contains("never");
                    assertThat(header(record, DeadLetters.ATTEMPTS)).isEqualTo("3");
                    assertThat(header(record, DeadLetters.GROUP)).isEqualTo("group-of-" + topic);
                });
    }

    @Test
    void withoutDeadLettersARejectedRecordStopsItsPartitionByNameUntilItIsTriedAgain() throws Exception {
        produce(0, 40);
        Set<Integer> poison = new ConcurrentSkipListSet<>(Set.of(1));
        Sink sink = batch -> {
            for (ConsumedRecord record : batch) {
                if (poison.contains(number(record))) {
                    return new Sink.Outcome.Reject(List.of(record), "not JSON");
                }
            }
            batch.forEach(this::note);
            return Sink.Outcome.DONE;
        };
        try (ConsumerRuntime runtime = ConsumerRuntime.start(config(Ordering.PARTITION), client, sink, scope)) {
            within(20).until(() -> runtime.snapshot().storage().size() == 10);
            within(10).until(() -> !runtime.snapshot().sink().troubles().isEmpty());
            assertThat(runtime.snapshot().ready()).isFalse();
            assertThat(runtime.snapshot().failedMembers()).isZero();
            assertThat(runtime.snapshot().notReady().toString()).contains(topic + "-1", "not JSON", "retran");

            poison.clear();
            runtime.retransmit(false);

            within(10).until(() -> runtime.snapshot().inProgress() == 0);
            assertThat(runtime.snapshot().ready()).isTrue();
        }
    }

    private RuntimeConfig config(Ordering ordering) {
        ConsumerConfig consumer = ConsumerConfig.builder("group-of-" + topic, List.of(topic))
                .autoOffsetReset(OffsetReset.EARLIEST)
                .handling(Handling.DEFAULT.withOrdering(ordering))
                .build();
        return RuntimeConfig.of(consumer, new MemberCount.Fixed(2))
                .retryBackoff(Duration.ofMillis(5), Duration.ofMillis(50))
                .storage(new StorageConfig.File(folder, 1 << 30, 1_000_000, 1 << 20));
    }

    private void note(ConsumedRecord record) {
        done.computeIfAbsent(new String(record.key(), StandardCharsets.UTF_8), _ -> new CopyOnWriteArrayList<>())
                .add(number(record));
    }

    private static int number(ConsumedRecord record) {
        return Integer.parseInt(new String(record.value(), StandardCharsets.UTF_8));
    }

    private static String header(ConsumedRecord record, String name) {
        return record.headers().stream()
                .filter(each -> each.key().equals(name))
                .map(each -> new String(each.value(), StandardCharsets.UTF_8))
                .findFirst()
                .orElse("none");
    }

    private List<ConsumedRecord> read(String from, int count) throws Exception {
        List<ConsumedRecord> records = new CopyOnWriteArrayList<>();
        ConsumerConfig consumer = ConsumerConfig.builder("reader-of-" + from, List.of(from))
                .autoOffsetReset(OffsetReset.EARLIEST)
                .build();
        Sink sink = batch -> {
            records.addAll(batch);
            return Sink.Outcome.DONE;
        };
        try (ConsumerRuntime reader =
                ConsumerRuntime.start(RuntimeConfig.of(consumer, new MemberCount.Fixed(1)), client, sink, scope)) {
            within(20).until(() -> records.size() == count);
            assertThat(reader.snapshot().rejected()).isZero();
        }
        return records;
    }

    private void produce(int from, int to) throws InterruptedException {
        try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT, scope)) {
            for (int i = from; i < to; i++) {
                byte[] key = ("k" + i % KEYS).getBytes(StandardCharsets.UTF_8);
                byte[] value = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                var _ = producer.send(new ProduceRecord(topic, i % KEYS % 4, null, key, value, List.of()));
            }
            producer.flush(Duration.ofSeconds(10));
        }
    }

    private static ConditionFactory within(int seconds) {
        return Awaitility.await().atMost(Duration.ofSeconds(seconds));
    }
}
