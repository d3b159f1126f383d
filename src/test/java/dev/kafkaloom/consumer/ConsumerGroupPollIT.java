package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.RealBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Consumers that are polled, as members of a group on a real broker. */
@Timeout(90)
class ConsumerGroupPollIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration BRIEFLY = Duration.ofMillis(100);

    private final Set<Integer> seen = ConcurrentHashMap.newKeySet();
    private final List<KafkaClient> clients = new ArrayList<>();
    private final String group = RealBroker.unique("group");
    private GroupLab lab;
    private String topic;
    private Scope scope;

    @BeforeEach
    void start() throws Exception {
        lab = new GroupLab("4.3.1");
        scope = Scope.open("test");
        topic = lab.createTopic();
    }

    @AfterEach
    void stop() {
        scope.close();
        clients.forEach(KafkaClient::close);
        lab.close();
    }

    @Test
    void nothingIsLostWhenConsumersWithManyThreadsComeAndGo() throws Exception {
        lab.produce(topic, 0, 1_000);
        Consumer<byte[], byte[]> first = consumer(config());
        pollWith(3, first);
        await().atMost(SOON).until(() -> !seen.isEmpty());

        Consumer<byte[], byte[]> second = consumer(config());
        pollWith(3, second);
        await().atMost(SOON)
                .until(() ->
                        first.assignment().size() == 2 && second.assignment().size() == 2);
        lab.produce(topic, 1_000, 1_000);
        await().atMost(SOON).until(() -> seen.size() == 2_000);
        second.close();
        await().atMost(SOON).until(() -> first.assignment().size() == 4);
        lab.produce(topic, 2_000, 1_000);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(seen)
                        .containsExactlyInAnyOrderElementsOf(
                                IntStream.range(0, 3_000).boxed().toList()));
        first.close();

        assertThat(committed(first).values())
                .extracting(CommittedOffset::offset)
                .containsOnly(750L);
        assertThat(first.late() + second.late()).isZero();
    }

    @Test
    void recordsInHandAreWaitedForBeforeTheirPartitionGoesToAnother() throws Exception {
        lab.produce(topic, 0, 400);
        Consumer<byte[], byte[]> first = consumer(config());
        List<Integer> byFirst = new ArrayList<>();
        while (byFirst.size() < 400) {
            first.poll(SOON).forEach(record -> byFirst.add(number(record)));
        }
        Consumer<byte[], byte[]> second = consumer(config());
        List<Integer> bySecond = new CopyOnWriteArrayList<>();
        scope.go("second", () -> {
            try {
                while (true) {
                    second.poll(SOON).forEach(record -> bySecond.add(number(record)));
                }
            } catch (KafkaException.Closed e) {
                // the end
            }
        });
        await().atMost(SOON).until(() -> states(first).contains("draining"));

        // what it had in hand is done with the first of these polls
        pollUntil(
                first,
                () -> first.assignment().size() == 2 && second.assignment().size() == 2);
        lab.produce(topic, 400, 4);
        await().atMost(SOON).until(() -> bySecond.size() == 2);

        assertThat(bySecond).allMatch(number -> number >= 400);
        first.close();
        second.close();
    }

    @Test
    void withManualCommitsOnlyThoseThatAreAskedForAreMade() throws Exception {
        lab.produce(topic, 0, 40);
        TopicPartition zero = new TopicPartition(topic, 0);
        Consumer<byte[], byte[]> consumer = consumer(config().commitMode(CommitMode.MANUAL));
        int count = 0;
        while (count < 40) {
            count += consumer.poll(SOON).count();
        }
        consumer.poll(BRIEFLY);

        consumer.commit(Map.of(zero, new CommittedOffset(3, -1, "three are enough")));

        consumer.close();
        assertThat(committed(consumer)).containsOnlyKeys(zero);
        assertThat(committed(consumer).get(zero).offset()).isEqualTo(3);
        assertThat(committed(consumer).get(zero).metadata()).isEqualTo("three are enough");
    }

    @Test
    void asynchronousCommitsAreMadeInTheOrderInWhichTheyWereAskedFor() throws Exception {
        lab.produce(topic, 0, 400);
        TopicPartition zero = new TopicPartition(topic, 0);
        Consumer<byte[], byte[]> consumer = consumer(config().commitMode(CommitMode.MANUAL));
        pollUntil(consumer, () -> consumer.assignment().contains(zero));

        for (long offset : LongStream.rangeClosed(1, 50).toArray()) {
            var _ = consumer.commitAsync(Map.of(zero, CommittedOffset.of(offset)));
        }
        consumer.commitAsync(Map.of(zero, CommittedOffset.of(7))).join();

        assertThat(committed(consumer).get(zero).offset()).isEqualTo(7);
        consumer.close();
    }

    @Test
    void itFindsOffsetsByTimeAndKnowsItsLag() throws Exception {
        lab.produce(topic, 0, 40);
        Instant between = Instant.now().plusMillis(1);
        await().until(() -> Instant.now().isAfter(between));
        lab.produce(topic, 40, 40);
        TopicPartition zero = new TopicPartition(topic, 0);
        Consumer<byte[], byte[]> consumer = consumer(config());
        pollUntil(consumer, () -> consumer.assignment().size() == 4);

        consumer.seekToTime(consumer.assignment(), between);

        assertThat(consumer.position(zero)).isEqualTo(10);
        await().atMost(SOON).until(() -> consumer.lag(zero) == 10);
        consumer.seekToEnd(List.of(zero));
        assertThat(consumer.lag(zero)).isZero();
        consumer.seekToBeginning(List.of(zero));
        assertThat(consumer.lag(zero)).isEqualTo(20);
        assertThat(consumer.offsetsForTimes(Map.of(zero, Instant.now().plusSeconds(3600))))
                .isEmpty();
        consumer.close();
    }

    @Test
    void aListenerThatSeeksSaysWherePartitionsBegin() throws Exception {
        lab.produce(topic, 0, 400);
        AtomicReference<Consumer<byte[], byte[]>> self = new AtomicReference<>();
        RebalanceListener elsewhere = new RebalanceListener() {
            @Override
            public void assigned(Collection<TopicPartition> partitions, long epoch) throws Exception {
                for (TopicPartition partition : partitions) {
                    self.get().seek(partition, 90);
                }
            }
        };
        KafkaClient client = KafkaClient.open(ClientConfig.of(lab.broker.bootstrap()));
        clients.add(client);
        self.set(Consumer.builder(
                        client, config().autoOffsetReset(OffsetReset.NONE).build()) // nothing is committed
                .scope(scope)
                .rebalanceListener(elsewhere)
                .subscribe());

        List<Long> offsets = new ArrayList<>();
        long deadline = System.nanoTime() + SOON.toNanos();
        while (offsets.size() < 40 && System.nanoTime() < deadline) {
            self.get().poll(BRIEFLY).forEach(record -> offsets.add(record.offset()));
        }

        assertThat(offsets).hasSize(40).allMatch(offset -> offset >= 90);
    }

    @Test
    void aCommitThatNamesAPartitionOfNobodyHereCommitsNothing() throws Exception {
        lab.produce(topic, 0, 400);
        TopicPartition zero = new TopicPartition(topic, 0);
        TopicPartition strange = new TopicPartition(topic, 77);
        Consumer<byte[], byte[]> consumer = consumer(config().commitMode(CommitMode.MANUAL));
        pollUntil(consumer, () -> consumer.assignment().contains(zero));

        assertThatThrownBy(() -> consumer.commit(Map.of(zero, CommittedOffset.of(5), strange, CommittedOffset.of(5))))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining(strange + ": it is not assigned here");

        assertThat(committed(consumer)).isEmpty();
    }

    private ConsumerConfig.Builder config() {
        return ConsumerConfig.builder(group, List.of(topic))
                .autoOffsetReset(OffsetReset.EARLIEST)
                .heartbeatInterval(Duration.ofMillis(100))
                .autoCommitInterval(Duration.ofMillis(100));
    }

    private Consumer<byte[], byte[]> consumer(ConsumerConfig.Builder config) {
        KafkaClient client = KafkaClient.open(ClientConfig.of(lab.broker.bootstrap()));
        clients.add(client);
        return Consumer.builder(client, config.build()).scope(scope).subscribe();
    }

    private void pollWith(int threads, Consumer<byte[], byte[]> consumer) {
        for (int i = 0; i < threads; i++) {
            scope.go("poller", () -> {
                try {
                    while (true) {
                        consumer.poll(SOON).forEach(record -> seen.add(number(record)));
                    }
                } catch (KafkaException.Closed e) {
                    // the end
                }
            });
        }
    }

    /** On the thread of the test: what it polls is its to account for. */
    private static void pollUntil(Consumer<byte[], byte[]> consumer, BooleanSupplier enough)
            throws InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!enough.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within " + SOON).isLessThan(deadline);
            consumer.poll(BRIEFLY);
        }
    }

    private static List<String> states(Consumer<?, ?> consumer) {
        return consumer.snapshot().stream().map(PartitionSnapshot::state).toList();
    }

    private Map<TopicPartition, CommittedOffset> committed(Consumer<?, ?> consumer) throws InterruptedException {
        return consumer.committed(IntStream.range(0, GroupLab.PARTITIONS)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList());
    }

    private static int number(Received<byte[], byte[]> record) {
        return Integer.parseInt(new String(record.value(), StandardCharsets.UTF_8));
    }
}
