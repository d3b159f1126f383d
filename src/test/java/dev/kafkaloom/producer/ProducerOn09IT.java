package dev.kafkaloom.producer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.testing.RealBroker;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On the oldest release: message format v0, Produce v1. */
class ProducerOn09IT extends ProducerBehaviour {
    ProducerOn09IT() {
        super(RealBroker.OLDEST);
    }

    @Override
    byte magic() {
        return 0;
    }

    @Test
    void headersAndZstdAreRefusedAndTheErrorSaysSinceWhenTheyExist() {
        String topic = broker.topic("refused", 1);
        try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT, scope)) {
            ProduceRecord record = new ProduceRecord(topic, 0, null, null, null, List.of(new Header("h", null)));
            assertThatThrownBy(() -> producer.send(record))
                    .isInstanceOf(KafkaException.InvalidRequest.class)
                    .hasMessageContaining("headers exist since Kafka 0.11");
        }
        try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT.compression(Compression.ZSTD), scope)) {
            assertThatThrownBy(() -> producer.send(ProduceRecord.of(topic, null, null)))
                    .isInstanceOf(KafkaException.InvalidRequest.class)
                    .hasMessageContaining("zstd exists since Kafka 2.1");
        }
    }
}
