package dev.kafkaloom.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ProduceResponse;
import dev.kafkaloom.message.ProduceResponse.PartitionProduceResponse;
import dev.kafkaloom.message.ProduceResponse.TopicProduceResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a fake broker, whose log of each partition is what it has accepted. */
@Timeout(60)
class ProducerTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final ProducerConfig QUICK = ProducerConfig.DEFAULT
            .retryBackoff(Duration.ofMillis(20))
            .timeouts(Duration.ofSeconds(20), Duration.ofSeconds(10));

    private final Scope scope = Scope.open("producer-test");
    private final Map<TopicPartition, List<String>> log = new ConcurrentHashMap<>();
    private final List<RecordBatch> batches = new ArrayList<>();
    private final AtomicInteger failuresLeft = new AtomicInteger();
    private ErrorCode failure = ErrorCode.NOT_LEADER_OR_FOLLOWER;
    private FakeBroker broker;
    private KafkaClient client;

    @BeforeEach
    void start() throws IOException {
        broker = FakeBroker.start().topic("t", 3).on(ApiKey.PRODUCE, this::append);
        client = KafkaClient.open(ClientConfig.of(broker.bootstrap()));
    }

    @AfterEach
    void stop() throws IOException {
        scope.close();
        client.close();
        broker.close();
    }

    @Test
    void everyRecordArrivesInOrderAndItsReceiptSaysWhere() throws InterruptedException {
        try (Producer producer = Producer.open(client, QUICK, scope)) {
            List<Receipt> receipts = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                receipts.add(producer.send(record(i % 3, "v" + i)));
            }
            for (int i = 0; i < 1000; i++) {
                Delivery delivery = receipts.get(i).await(SOON);
                assertThat(delivery.partition()).isEqualTo(new TopicPartition("t", i % 3));
                assertThat(log.get(delivery.partition()).get((int) delivery.offset()))
                        .isEqualTo("v" + i);
            }
            assertThat(producer.bufferedBytes()).isZero();
        }
        assertThat(broker.received(ApiKey.PRODUCE)).hasSizeLessThan(100);
    }

    @ParameterizedTest
    @CsvSource({"NOT_LEADER_OR_FOLLOWER", "NOT_ENOUGH_REPLICAS", "UNKNOWN_TOPIC_OR_PARTITION", "CORRUPT_MESSAGE"})
    void whatPassesIsTriedAgainInOrder(ErrorCode passing) throws InterruptedException {
        failure = passing;
        failuresLeft.set(3);
        try (Producer producer =
                Producer.open(client, QUICK.linger(Duration.ZERO).batchSize(100), scope)) {
            for (int i = 0; i < 50; i++) {
                producer.send(record(0, "v" + i));
            }
            producer.flush(SOON);
        }
        assertThat(log.get(new TopicPartition("t", 0)))
                .isEqualTo(IntStream.range(0, 50).mapToObj(i -> "v" + i).toList());
        assertThat(failuresLeft).hasValueLessThanOrEqualTo(0);
    }

    @Test
    void aBrokenConnectionIsReplacedAndTheBatchSentAgain() throws InterruptedException {
        AtomicInteger hangUps = new AtomicInteger(2);
        broker.on(ApiKey.PRODUCE, request -> {
            if (hangUps.getAndDecrement() > 0) {
                closeConnections();
                return null;
            }
            return append(request);
        });
        try (Producer producer = Producer.open(client, QUICK, scope)) {
            assertThat(producer.send(record(0, "v")).await(SOON).offset()).isZero();
        }
        assertThat(log.get(new TopicPartition("t", 0))).containsExactly("v");
    }

    private void closeConnections() {
        try {
            broker.closeConnections();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aBrokerThatNeverAnswersFailsTheBatchOnceAndByName() throws InterruptedException {
        broker.drop(ApiKey.PRODUCE);
        ProducerConfig config = QUICK.timeouts(Duration.ofMillis(600), Duration.ofMillis(250));
        try (Producer producer = Producer.open(client, config, scope)) {
            Receipt receipt = producer.send(record(1, "v"));
            assertThatThrownBy(() -> receipt.await(SOON))
                    .isInstanceOf(KafkaException.RequestTimedOut.class)
                    .hasMessageContaining("produce 1 record")
                    .hasMessageContaining("t-1")
                    .hasMessageContaining("600 ms");
            assertThat(producer.bufferedBytes()).isZero();
        }
    }

    @Test
    void anErrorThatStaysFailsTheBatchAtOnceAndNamesSizeAndLimit() throws InterruptedException {
        failure = ErrorCode.MESSAGE_TOO_LARGE;
        failuresLeft.set(Integer.MAX_VALUE);
        try (Producer producer = Producer.open(client, QUICK, scope)) {
            Receipt receipt = producer.send(record(0, "v".repeat(5000)));
            assertThatThrownBy(() -> receipt.await(SOON))
                    .isInstanceOf(KafkaException.BrokerError.class)
                    .hasMessageContaining("MESSAGE_TOO_LARGE")
                    .hasMessageContaining("(5070 bytes)")
                    .hasMessageContaining("message.max.bytes")
                    .hasMessageContaining("t-0")
                    .hasMessageContaining("broker 1");
        }
        assertThat(broker.received(ApiKey.PRODUCE)).hasSize(1);
    }

    @Test
    void aRecordOverTheLimitIsRefusedBeforeAnythingIsSent() {
        try (Producer producer = Producer.open(client, QUICK.maxRequestSize(1000), scope)) {
            assertThatThrownBy(() -> producer.send(record(0, "v".repeat(1000))))
                    .isInstanceOf(KafkaException.InvalidRequest.class)
                    .hasMessageContaining("a record of 1096 bytes")
                    .hasMessageContaining("1000 bytes (max.request.size)");
        }
        assertThat(broker.received()).isEmpty();
    }

    @Test
    void aPartitionThatDoesNotExistIsRefused() {
        try (Producer producer = Producer.open(client, QUICK, scope)) {
            assertThatThrownBy(() -> producer.send(record(3, "v")))
                    .isInstanceOf(KafkaException.InvalidRequest.class)
                    .hasMessageContaining("topic t has 3 partitions, 0 to 2: there is no partition 3");
        }
    }

    @Test
    void aTopicThatDoesNotExistIsRefused() {
        try (Producer producer = Producer.open(client, QUICK.maxBlock(Duration.ofMillis(300)), scope)) {
            assertThatThrownBy(() -> producer.send(ProduceRecord.of("nowhere", null, null)))
                    .isInstanceOf(KafkaException.BrokerError.class)
                    .hasMessageContaining("nowhere")
                    .hasMessageContaining("UNKNOWN_TOPIC_OR_PARTITION");
        }
    }

    @Test
    void anAnswerThatLeavesAPartitionOutFailsItsBatch() throws InterruptedException {
        broker.on(ApiKey.PRODUCE, _ -> ProduceResponse.builder().build());
        try (Producer producer = Producer.open(client, QUICK, scope)) {
            Receipt receipt = producer.send(record(0, "v"));
            assertThatThrownBy(() -> receipt.await(SOON))
                    .isInstanceOf(KafkaException.MalformedMessage.class)
                    .hasMessageContaining("no answer to produce 1 record");
        }
    }

    @Test
    void aFullBufferBlocksSendUntilThereIsRoom() throws InterruptedException {
        broker.delay(ApiKey.PRODUCE, Duration.ofMillis(50));
        try (Producer producer =
                Producer.open(client, QUICK.bufferMemory(20_000).batchSize(4000), scope)) {
            for (int i = 0; i < 100; i++) {
                producer.send(record(0, "v".repeat(1000)));
                assertThat(producer.bufferedBytes()).isLessThan(20_000 + 8192);
            }
            producer.flush(SOON);
        }
        assertThat(log.get(new TopicPartition("t", 0))).hasSize(100);
    }

    @Test
    void closeDeliversWhatWasSentAndTakesNoMore() throws InterruptedException {
        Producer producer = Producer.open(client, QUICK.linger(Duration.ofSeconds(5)), scope);
        Receipt receipt = producer.send(record(0, "v"));
        producer.close();
        assertThat(receipt.await(Duration.ZERO).offset()).isZero();
        assertThatThrownBy(() -> producer.send(record(0, "w"))).isInstanceOf(KafkaException.Closed.class);
    }

    @Test
    void closeFailsWhatIsNotDeliveredInTime() throws InterruptedException {
        broker.drop(ApiKey.PRODUCE);
        Producer producer = Producer.open(client, QUICK, scope);
        Receipt receipt = producer.send(record(0, "v"));
        producer.close(Duration.ofMillis(100));
        assertThatThrownBy(() -> receipt.await(Duration.ZERO)).isInstanceOf(KafkaException.Closed.class);
    }

    @ParameterizedTest
    @CsvSource({"0.9.0.1,0", "0.10.0.1,1", "0.10.2.2,1", "0.11.0.3,2", "2.0.1,2", "4.3.1,2"})
    void theBrokersReleaseDecidesTheMessageFormat(String release, byte magic) throws InterruptedException {
        broker.release(release);
        try (Producer producer = Producer.open(client, QUICK.compression(Compression.LZ4), scope)) {
            producer.send(record(0, "v")).await(SOON);
            if (magic < 2) {
                assertThatThrownBy(() -> producer.send(withHeader()))
                        .isInstanceOf(KafkaException.InvalidRequest.class)
                        .hasMessageContaining("headers exist since Kafka 0.11");
            } else {
                producer.send(withHeader()).await(SOON);
            }
        }
        assertThat(batches.getFirst().header().magic()).isEqualTo(magic);
        assertThat(batches.getFirst().header().compression()).isEqualTo(Compression.LZ4);
    }

    @ParameterizedTest
    @CsvSource({"0.9.0.1", "0.10.2.2", "2.0.1"})
    void zstdIsRefusedWhereTheBrokerIsTooOld(String release) {
        broker.release(release);
        try (Producer producer = Producer.open(client, QUICK.compression(Compression.ZSTD), scope)) {
            assertThatThrownBy(() -> producer.send(record(0, "v")))
                    .isInstanceOf(KafkaException.InvalidRequest.class)
                    .hasMessageContaining("zstd exists since Kafka 2.1");
        }
    }

    @Test
    void recordsWithoutAKeyStayTogetherAndSpreadOverTheBatches() throws InterruptedException {
        try (Producer producer = Producer.open(client, QUICK.batchSize(1000), scope)) {
            for (int i = 0; i < 1000; i++) {
                producer.send(ProduceRecord.of("t", null, ("v" + i).getBytes(UTF_8)));
            }
        }
        assertThat(log).hasSize(3);
        assertThat(log.values().stream().mapToInt(List::size).sum()).isEqualTo(1000);
        assertThat(batches).hasSizeLessThan(100);
    }

    private static ProduceRecord record(int partition, String value) {
        return new ProduceRecord("t", partition, null, null, value.getBytes(UTF_8), List.of());
    }

    private static ProduceRecord withHeader() {
        return new ProduceRecord("t", 0, null, null, null, List.of(new Header("h", null)));
    }

    /** Accepts each batch, or as many partitions as {@link #failuresLeft} says with {@link #failure}. */
    private synchronized Response append(Request<?> request) {
        List<TopicProduceResponse> answers = new ArrayList<>();
        for (ProduceRequest.TopicProduceData topic : ((ProduceRequest) request).topicData()) {
            answers.add(TopicProduceResponse.builder()
                    .name(topic.name())
                    .partitionResponses(topic.partitionData().stream()
                            .map(data -> append(topic.name(), data))
                            .toList())
                    .build());
        }
        return ProduceResponse.builder().responses(answers).build();
    }

    private PartitionProduceResponse append(String topic, ProduceRequest.PartitionProduceData data) {
        if (failuresLeft.getAndDecrement() > 0) {
            return PartitionProduceResponse.builder()
                    .index(data.index())
                    .errorCode(failure.code())
                    .baseOffset(-1)
                    .build();
        }
        List<String> values = log.computeIfAbsent(new TopicPartition(topic, data.index()), _ -> new ArrayList<>());
        int base = values.size();
        for (RecordBatch batch : RecordBatches.split(data.records())) {
            assertThat(batch.crcValid()).isTrue();
            batches.add(batch);
            for (LogRecord record : batch.decode(DecodeLimits.DEFAULT)) {
                values.add(record.value() == null ? null : new String(record.value(), UTF_8));
            }
        }
        return PartitionProduceResponse.builder()
                .index(data.index())
                .baseOffset(base)
                .build();
    }
}
