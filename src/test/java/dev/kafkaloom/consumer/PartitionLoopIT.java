package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.CoroutineInfo;
import dev.kafkaloom.coroutine.CoroutineRegistry;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.protocol.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionLoopIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static EmbeddedBroker broker;
    private static KafkaClient client;
    private static int topics;

    private final String topic = "loop-" + topics++;
    private Scope scope;
    private Fetchers fetchers;
    private Seed seed;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(EmbeddedBroker.newest(), Options.defaults());
        client = KafkaClient.open(ClientConfig.of(broker.bootstrap()));
    }

    @AfterAll
    static void stop() {
        client.close();
        broker.close();
    }

    @BeforeEach
    void open() {
        scope = Scope.open("test");
        fetchers = Fetchers.open(client, FetchConfig.DEFAULT, scope);
        seed = Seed.into(client, broker.version());
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void everyPartitionIsHandledInOrderOnItsOwnThread() throws Exception {
        seed.topic(topic, 8);
        List<Progress> progresses = new ArrayList<>();
        List<AtomicLong> handled = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            TopicPartition partition = new TopicPartition(topic, i);
            seed.records(partition, 1_000 + i, each -> "value " + each);
            AtomicLong next = new AtomicLong();
            Progress progress = new Progress(partition, 1, 0);
            progresses.add(progress);
            handled.add(next);
            PartitionLoop.start(
                    scope,
                    fetchers,
                    partition,
                    0,
                    1,
                    progress,
                    (_, records) -> {
                        assertThat(Thread.currentThread().getName()).isEqualTo("partition-" + partition);
                        records.forEach(record -> assertThat(record.offset()).isEqualTo(next.getAndIncrement()));
                    },
                    policy(0));
        }

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(progresses)
                    .extracting(Progress::committable)
                    .containsExactly(1_000L, 1_001L, 1_002L, 1_003L, 1_004L, 1_005L, 1_006L, 1_007L);
            assertThat(handled)
                    .extracting(AtomicLong::get)
                    .containsExactly(1_000L, 1_001L, 1_002L, 1_003L, 1_004L, 1_005L, 1_006L, 1_007L);
        });
        assertThat(CoroutineRegistry.snapshot())
                .extracting(CoroutineInfo::name)
                .contains("broker-1/fetch", "partition-" + topic + "-7");
    }

    @Test
    void recordsDeletedUnderAPausedReaderMoveItToTheStartOfTheLog() throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        seed.topic(topic, 1);
        seed.records(partition, 100, each -> "value " + each);
        seed.deleteBefore(partition, 60);
        Progress progress = new Progress(partition, 1, 10);
        PartitionLoop loop = PartitionLoop.start(scope, fetchers, partition, 10, 1, progress, (_, _) -> {}, policy(60));

        await().atMost(SOON).until(() -> progress.committable() == 100);
        assertThat(loop.snapshot().records()).isEqualTo(40);
        assertThat(loop.snapshot().logStart()).isEqualTo(60);
        assertThat(loop.snapshot().highWatermark()).isEqualTo(100);
        assertThat(loop.snapshot().lag()).isZero();
    }

    @Test
    void aBlockedHandlerHoldsItsShareOfTheBytesAndNoNeighbour() throws Exception {
        TopicPartition blocked = new TopicPartition(topic, 0);
        TopicPartition free = new TopicPartition(topic, 1);
        seed.topic(topic, 2);
        String value = "v".repeat(1_000);
        seed.records(blocked, 4_000, _ -> value);
        seed.records(free, 4_000, _ -> value);
        int budget = 1 << 20;
        Fetchers bounded = Fetchers.open(
                client, FetchConfig.DEFAULT.maxBufferedBytes(budget).maxPartitionBytes(200_000), scope);
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong most = new AtomicLong();
        Progress slow = new Progress(blocked, 1, 0);
        Progress quick = new Progress(free, 1, 0);
        PartitionLoop.start(
                scope,
                bounded,
                blocked,
                0,
                1,
                slow,
                (_, _) -> assertThat(go.await(60, TimeUnit.SECONDS)).isTrue(),
                policy(0));
        PartitionLoop.start(
                scope,
                bounded,
                free,
                0,
                1,
                quick,
                (_, _) -> most.accumulateAndGet(bounded.bufferedBytes(), Math::max),
                policy(0));

        await().atMost(SOON).until(() -> quick.committable() == 4_000);
        assertThat(slow.committable()).isZero();
        assertThat(most.get()).isGreaterThan(200_000).isLessThan(budget + 20_000);
        go.countDown();
        await().atMost(SOON).until(() -> slow.committable() == 4_000);
        await().atMost(SOON).until(() -> bounded.bufferedBytes() == 0);
    }

    @Test
    void readCommittedLeavesOutWhatWasAborted() throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        seed.topic(topic, 1);
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrap(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                topic);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            for (String value : List.of("commit 1", "abort 2", "commit 3", "abort 4")) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, value)).get(10, TimeUnit.SECONDS);
                if (value.startsWith("commit")) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        Fetchers committed =
                Fetchers.open(client, FetchConfig.DEFAULT.isolation(IsolationLevel.READ_COMMITTED), scope, "committed");
        List<String> seen = new CopyOnWriteArrayList<>();
        Progress progress = new Progress(partition, 1, 0);
        RecordHandler note =
                (_, records) -> records.forEach(record -> seen.add(new String(record.value(), StandardCharsets.UTF_8)));
        PartitionLoop.start(scope, committed, partition, 0, 1, progress, note, policy(0));

        await().atMost(SOON).until(() -> progress.committable() == 8);
        assertThat(seen).containsExactly("commit 1", "commit 3");
    }

    private static Policy policy(long to) {
        return new Policy((_, _) -> StartAt.offset(to), OnCorrupt.STOP, 500);
    }
}
