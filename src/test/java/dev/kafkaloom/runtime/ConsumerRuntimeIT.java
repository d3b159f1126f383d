package dev.kafkaloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.coroutine.CoroutineInfo;
import dev.kafkaloom.coroutine.CoroutineRegistry;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.Sink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConsumerRuntimeIT {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static EmbeddedBroker broker;
    private static KafkaClient client;
    private final Scope scope = Scope.open("runtime-it-" + NAMES.incrementAndGet());
    private String topic;
    private RuntimeConfig config;

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
        topic = "orders-" + NAMES.incrementAndGet();
        Topics.create(client, topic, 4, 1);
        config = RuntimeConfig.of(
                        ConsumerConfig.builder("group-of-" + topic, List.of(topic))
                                .autoOffsetReset(OffsetReset.EARLIEST)
                                .revokeDrain(Duration.ofSeconds(30))
                                .build(),
                        new MemberCount.Fixed(2))
                .retryBackoff(Duration.ofMillis(10), Duration.ofSeconds(1));
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @Test
    void everythingReachesTheSinkAndIsCounted() throws Exception {
        produce(200);
        AtomicBoolean closed = new AtomicBoolean();
        Sink sink = new Sink() {
            @Override
            public Outcome accept(List<ConsumedRecord> batch) {
                return Outcome.DONE;
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        try (ConsumerRuntime runtime = ConsumerRuntime.start(config, client, sink, scope)) {
            assertThat(runtime.awaitReady(Duration.ofSeconds(20))).isTrue();
            within(10)
                    .untilAsserted(() ->
                            assertThat(runtime.snapshot().consumedRecords()).isEqualTo(200));

            RuntimeSnapshot now = runtime.snapshot();
            assertThat(now.inProgress()).isZero();
            assertThat(now.ready()).isTrue();
            assertThat(now.failedMembers()).isZero();
            assertThat(now.consumedBytes()).isPositive();
            assertThat(now.uptime()).isPositive();
            assertThat(closed).isFalse();
        }
        assertThat(closed).isTrue();
        assertThat(CoroutineRegistry.snapshot())
                .extracting(CoroutineInfo::scope)
                .noneMatch(name -> name.startsWith(scope.name()));
    }

    @Test
    void aSinkThatFailsForAWhileGetsEverythingInTheEnd() throws Exception {
        produce(40);
        AtomicInteger calls = new AtomicInteger();
        Sink sink = _ -> {
            if (calls.incrementAndGet() <= 6) {
                throw new IllegalStateException("away");
            }
            return Sink.Outcome.DONE;
        };
        try (ConsumerRuntime runtime = ConsumerRuntime.start(config, client, sink, scope)) {
            within(15)
                    .untilAsserted(() ->
                            assertThat(runtime.snapshot().consumedRecords()).isEqualTo(40));
            assertThat(runtime.snapshot().retries()).isEqualTo(6);
        }
    }

    @Test
    void aSinkThatNeverTakesAnythingDoesNotHoldUpTheEnd() throws Exception {
        produce(8);
        Sink sink = _ -> new Sink.Outcome.Retry(Duration.ofHours(1), "never");
        ConsumerRuntime runtime = ConsumerRuntime.start(config, client, sink, scope);
        within(15).untilAsserted(() -> assertThat(runtime.snapshot().retries()).isEqualTo(4));
        assertThat(runtime.snapshot().inProgress()).as("block_size").isEqualTo(8);

        long begun = System.nanoTime();
        runtime.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aRejectedRecordFailsItsMemberByName() throws Exception {
        produce(8);
        Sink sink = batch -> new Sink.Outcome.Reject(List.of(batch.getFirst()), "not JSON");
        try (ConsumerRuntime runtime = ConsumerRuntime.start(config, client, sink, scope)) {
            within(20)
                    .untilAsserted(
                            () -> assertThat(runtime.snapshot().allFailed()).isTrue());

            RuntimeSnapshot now = runtime.snapshot();
            assertThat(now.rejected()).isPositive();
            assertThat(now.ready()).isFalse();
            assertThat(now.group().members())
                    .allSatisfy(m -> assertThat(m.lastError()).contains(topic).contains("not JSON"));
        }
    }

    @Test
    void handlersThatHoldEveryCarrierCostReadinessByNameAndGiveItBack() throws Exception {
        produce(8);
        AtomicBoolean stop = new AtomicBoolean();
        Sink sink = _ -> {
            while (!stop.get()) {
                Thread.onSpinWait();
            }
            return Sink.Outcome.DONE;
        };
        RuntimeConfig alarmed = config.starvationAlarm(Duration.ofMillis(300));
        try (ConsumerRuntime runtime = ConsumerRuntime.start(alarmed, client, sink, scope)) {
            try {
                within(30)
                        .until(() -> runtime.snapshot().starvation().isPresent()); // this thread is one of the system's

                RuntimeSnapshot now = runtime.snapshot();
                assertThat(now.ready()).isFalse();
                assertThat(now.notReady())
                        .anySatisfy(why -> assertThat(why).contains("partition-" + topic, "ConsumerRuntimeIT"));
            } finally {
                stop.set(true);
            }
            within(30).until(() -> runtime.snapshot().ready());
            within(20)
                    .untilAsserted(() ->
                            assertThat(runtime.snapshot().consumedRecords()).isGreaterThanOrEqualTo(8));
            assertThat(runtime.snapshot().worstStarvation()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    @Test
    void autoRunsAMemberForEachPartition() throws Exception {
        produce(8);
        RuntimeConfig auto = RuntimeConfig.of(config.consumer(), new MemberCount.Auto());
        try (ConsumerRuntime runtime = ConsumerRuntime.start(auto, client, _ -> Sink.Outcome.DONE, scope)) {
            assertThat(runtime.awaitReady(Duration.ofSeconds(20))).isTrue();
            assertThat(runtime.snapshot().group().members())
                    .hasSize(4)
                    .allSatisfy(m -> assertThat(m.partitions()).hasSize(1));
        }
    }

    @Test
    void anUnknownTopicLeavesNothingRunning() {
        RuntimeConfig lost = RuntimeConfig.of(ConsumerConfig.of("lost", "not-there"), new MemberCount.Fixed(1));

        assertThatThrownBy(() -> ConsumerRuntime.start(lost, client, _ -> Sink.Outcome.DONE, scope))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("topic not-there does not exist");
        assertThat(CoroutineRegistry.snapshot())
                .extracting(CoroutineInfo::scope)
                .noneMatch(name -> name.startsWith(scope.name()));
    }

    private void produce(int count) throws InterruptedException {
        try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT, scope)) {
            for (int i = 0; i < count; i++) {
                byte[] value = ("order " + i).getBytes(StandardCharsets.UTF_8);
                var sent = producer.send(new ProduceRecord(topic, i % 4, null, null, value, List.of()));
                assertThat(sent).isNotNull();
            }
            producer.flush(Duration.ofSeconds(10));
        }
    }

    private static ConditionFactory within(int seconds) {
        return Awaitility.await().atMost(Duration.ofSeconds(seconds)).pollInterval(Duration.ofMillis(20));
    }
}
