package dev.kafkaloom.bench;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic of four partitions, written once by kafka-clients' producer in batches of 64 KiB, so that all clients read the same bytes. */
final class ConsumeTopic {
    private static final int PARTITIONS = 4;
    private static final int MEGABYTES = 400; // in all partitions, before compression

    private final int valueBytes;
    private final String codec;
    private final ConsumePayload payload;
    private final long recordsPerPartition;
    private final long checksum;

    private ConsumeTopic(int valueBytes, String codec, ConsumePayload payload) {
        this.valueBytes = valueBytes;
        this.codec = codec;
        this.payload = payload;
        this.recordsPerPartition = (long) MEGABYTES * 1_000_000 / PARTITIONS / valueBytes;
        this.checksum = payload.checksum(recordsPerPartition);
    }

    static List<ConsumeTopic> all() {
        ConsumePayload small = new ConsumePayload(100);
        ConsumePayload large = new ConsumePayload(1024);
        return List.of(
                new ConsumeTopic(100, "none", small),
                new ConsumeTopic(1024, "none", large),
                new ConsumeTopic(100, "lz4", small),
                new ConsumeTopic(1024, "lz4", large));
    }

    String name() {
        return "consume-" + valueBytes + "-" + codec;
    }

    String label() {
        return (valueBytes == 1024 ? "1 KiB " : valueBytes + " B ") + codec;
    }

    boolean isPlain() {
        return codec.equals("none");
    }

    /** Of about how many bytes each value is. */
    int valueBytes() {
        return valueBytes;
    }

    long recordsPerPartition() {
        return recordsPerPartition;
    }

    long checksum() {
        return checksum;
    }

    /** How many a JVM reads before it is measured. */
    long warmUpRecords() {
        return valueBytes < 1000 ? 15_000_000 : 3_000_000;
    }

    void fill(String bootstrap) throws InterruptedException {
        try (KafkaClient client = KafkaClient.open(ClientConfig.of(bootstrap))) {
            Topics.create(client, name(), PARTITIONS, 1);
        }
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "compression.type",
                codec,
                "acks",
                "1",
                "enable.idempotence",
                false,
                "batch.size",
                64 << 10,
                "linger.ms",
                50);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long offset = 0; offset < recordsPerPartition; offset++) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    var _ = producer.send(new ProducerRecord<>(name(), partition, null, payload.value(offset)));
                }
            }
        }
    }
}
