package dev.kafkaloom.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchRequest.FetchPartition;
import dev.kafkaloom.message.FetchRequest.FetchTopic;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the producer shows on every release; the subclasses say on which. */
@ExtendWith(Evidence.class)
@Timeout(120)
abstract class ProducerBehaviour {
    static final Duration SOON = Duration.ofSeconds(30);

    final RealBroker broker;
    final Scope scope = Scope.open("producer-it");
    KafkaClient client;

    ProducerBehaviour(String release) {
        broker = RealBroker.of(release);
    }

    @BeforeEach
    void open() {
        client = KafkaClient.open(ClientConfig.of(broker.bootstrap()));
    }

    @AfterEach
    void close() {
        scope.close();
        client.close();
    }

    abstract byte magic();

    @ParameterizedTest
    @EnumSource(Compression.class)
    void everyCodecOfTheReleaseIsAcceptedAndReadBack(Compression codec) throws InterruptedException {
        if (!codec.knownTo(magic())) {
            return; // its refusal has a test of its own
        }
        String topic = broker.topic("codec-" + codec.label(), 2);
        List<String> sent = new ArrayList<>();
        try (Producer producer =
                Producer.open(client, ProducerConfig.DEFAULT.compression(codec).batchSize(100_000), scope)) {
            for (int i = 0; i < 500; i++) {
                sent.add("value " + i + " abc".repeat(i % 50));
                producer.send(new ProduceRecord(
                        topic,
                        1,
                        1_700_000_000_000L + i,
                        ("key" + i).getBytes(UTF_8),
                        sent.get(i).getBytes(UTF_8),
                        List.of()));
            }
            Receipt last = producer.send(new ProduceRecord(topic, 1, null, null, null, List.of()));
            assertThat(last.await(SOON).offset()).isEqualTo(500);
        }
        List<LogRecord> read = read(new TopicPartition(topic, 1), 501);
        assertThat(read.subList(0, 500))
                .extracting(record -> new String(record.value(), UTF_8))
                .isEqualTo(sent);
        assertThat(read).extracting(LogRecord::offset).isSorted();
        assertThat(new String(read.get(499).key(), UTF_8)).isEqualTo("key499");
        assertThat(read.get(499).timestamp()).isEqualTo(magic() == 0 ? -1 : 1_700_000_000_499L);
        assertThat(read.get(500).key()).isNull();
        assertThat(read.get(500).value()).isNull();
    }

    @Test
    void receiptsSayWhereEachRecordIs() throws InterruptedException {
        String topic = broker.topic("receipts", 4);
        List<Receipt> receipts = new ArrayList<>();
        try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT, scope)) {
            for (int i = 0; i < 200; i++) {
                receipts.add(
                        producer.send(ProduceRecord.of(topic, ("key" + i).getBytes(UTF_8), ("v" + i).getBytes(UTF_8))));
            }
        }
        for (int i = 0; i < 200; i++) {
            Delivery delivery = receipts.get(i).await(Duration.ZERO);
            assertThat(delivery.partition().partition()).isEqualTo(Murmur2.partition(("key" + i).getBytes(UTF_8), 4));
            assertThat(delivery.offset()).isNotNegative();
        }
        Delivery last = receipts.get(199).await(Duration.ZERO);
        List<LogRecord> read = read(last.partition(), (int) last.offset() + 1);
        assertThat(read.getLast().value()).isEqualTo("v199".getBytes(UTF_8));
    }

    @Test
    void aBatchThatTheBrokerFindsTooLargeFailsByName() throws InterruptedException {
        String topic = broker.topic("large", 1);
        try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT.maxRequestSize(4 << 20), scope)) {
            Receipt large = producer.send(ProduceRecord.of(topic, null, new byte[2 << 20]));
            assertThatThrownBy(() -> large.await(SOON))
                    .isInstanceOf(KafkaException.BrokerError.class)
                    .hasMessageContaining("produce 1 record")
                    .hasMessageContaining(topic + "-0")
                    .hasMessageContaining("MESSAGE_TOO_LARGE")
                    .hasMessageContaining("message.max.bytes");
            assertThat(producer.send(ProduceRecord.of(topic, null, new byte[100]))
                            .await(SOON)
                            .offset())
                    .isZero();
        }
    }

    @Test
    void aTopicThatDoesNotExistIsNamed() {
        try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT.maxBlock(Duration.ofSeconds(1)), scope)) {
            String nowhere = RealBroker.unique("nowhere");
            assertThatThrownBy(() -> producer.send(ProduceRecord.of(nowhere, null, null)))
                    .isInstanceOf(KafkaException.BrokerError.class)
                    .hasMessageContaining(nowhere)
                    .hasMessageContaining("UNKNOWN_TOPIC_OR_PARTITION");
        }
    }

    /** Reads a partition from its start until so many records are there, by Fetch requests of our own. */
    List<LogRecord> read(TopicPartition partition, int count) throws InterruptedException {
        List<LogRecord> records = new ArrayList<>();
        long end = System.nanoTime() + SOON.toNanos();
        while (records.size() < count) {
            assertThat(System.nanoTime())
                    .as("%d of %d records were read", records.size(), count)
                    .isLessThan(end);
            long next = records.isEmpty() ? 0 : records.getLast().offset() + 1;
            for (RecordBatch batch : RecordBatches.split(fetch(partition, next).records())) {
                assertThat(batch.crcValid()).isTrue();
                assertThat(batch.header().magic()).isEqualTo(magic());
                batch.decode(DecodeLimits.DEFAULT).stream()
                        .filter(record -> record.offset() >= next)
                        .forEach(records::add);
            }
        }
        return records;
    }

    private FetchResponse.PartitionData fetch(TopicPartition partition, long offset) throws InterruptedException {
        int leader = client.clusterWith(List.of(partition.topic()))
                .leader(partition)
                .orElseThrow()
                .nodeId();
        FetchRequest request = FetchRequest.builder()
                .replicaId(-1)
                .maxWaitMs(200)
                .minBytes(1)
                .maxBytes(10 << 20)
                .topics(List.of(FetchTopic.builder()
                        .topic(partition.topic())
                        .partitions(List.of(FetchPartition.builder()
                                .partition(partition.partition())
                                .fetchOffset(offset)
                                .partitionMaxBytes(10 << 20)
                                .build()))
                        .build()))
                .build();
        FetchResponse response = client.callOnce(new Route.Broker(leader), request, CallOptions.DEFAULT);
        FetchResponse.PartitionData data =
                response.responses().getFirst().partitions().getFirst();
        assertThat(ErrorCode.of(data.errorCode())).isEqualTo(ErrorCode.NONE);
        return data;
    }
}
