package dev.kafkaloom.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a recent release: message format v2, Produce by topic id. */
class ProducerIT extends ProducerBehaviour {
    ProducerIT() {
        super(RealBroker.NEWEST);
    }

    @Override
    byte magic() {
        return 2;
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void theJavaClientReadsKeysValuesHeadersAndTimestamps(Compression codec) throws InterruptedException {
        String topic = broker.topic("java-" + codec.label(), 1);
        List<Header> headers = List.of(new Header("trace", "t1".getBytes(UTF_8)), new Header("empty", null));
        try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT.compression(codec), scope)) {
            for (int i = 0; i < 100; i++) {
                producer.send(new ProduceRecord(
                        topic, null, 5000L + i, ("k" + i).getBytes(UTF_8), ("v" + i).getBytes(UTF_8), headers));
            }
        }
        List<ConsumerRecord<byte[], byte[]>> read = readByJavaClient(topic, 100);
        for (int i = 0; i < 100; i++) {
            ConsumerRecord<byte[], byte[]> record = read.get(i);
            assertThat(record.key()).isEqualTo(("k" + i).getBytes(UTF_8));
            assertThat(record.value()).isEqualTo(("v" + i).getBytes(UTF_8));
            assertThat(record.timestamp()).isEqualTo(5000L + i);
            assertThat(record.headers().lastHeader("trace").value()).isEqualTo("t1".getBytes(UTF_8));
            assertThat(record.headers().lastHeader("empty").value()).isNull();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> readByJavaClient(String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrap(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(new org.apache.kafka.common.TopicPartition(topic, 0)));
            long end = System.nanoTime() + SOON.toNanos();
            while (records.size() < count && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        assertThat(records).hasSize(count);
        return records;
    }

    /** Killed without warning while records flow: nothing is lost, and what is repeated does not change the order. */
    @Test
    void aBrokerThatIsKilledAndComesBackLosesNothingAndKeepsTheOrder() throws IOException, InterruptedException {
        try (EmbeddedBroker own = EmbeddedBroker.start(RealBroker.NEWEST, Options.defaults())) {
            RealBroker.createTopic(own, "survivor", 1);
            client.close();
            client = KafkaClient.open(ClientConfig.of(own.bootstrap()));
            List<Receipt> receipts = new ArrayList<>();
            try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT.batchSize(2000), scope)) {
                sendRange(producer, 0, 1000, receipts);
                receipts.getFirst().await(SOON);
                own.kill();
                sendRange(producer, 1000, 2000, receipts);
                own.restart();
                sendRange(producer, 2000, 3000, receipts);
                producer.flush(Duration.ofSeconds(60));
            }
            for (Receipt receipt : receipts) {
                assertThat(receipt.await(Duration.ZERO).offset()).isNotNegative();
            }
            assertThat(valuesUpTo(2999))
                    .containsExactlyElementsOf(IntStream.range(0, 3000).boxed().toList());
        }
    }

    private static void sendRange(Producer producer, int from, int to, List<Receipt> receipts)
            throws InterruptedException {
        for (int i = from; i < to; i++) {
            receipts.add(producer.send(
                    ProduceRecord.of("survivor", null, Integer.toString(i).getBytes(UTF_8))));
        }
    }

    /** The values of the log in the order in which each came first, until this one has come. */
    private Set<Integer> valuesUpTo(int last) throws InterruptedException {
        Set<Integer> values = new LinkedHashSet<>();
        for (int count = last + 1; !values.contains(last); count++) {
            values.clear();
            for (LogRecord record : read(new TopicPartition("survivor", 0), count)) {
                values.add(Integer.parseInt(new String(record.value(), UTF_8)));
            }
        }
        return values;
    }
}
