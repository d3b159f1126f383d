package dev.kafkaloom.ordeal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Writes down what is in topics, by Kafka's own client, which is in no group for it. */
final class LogReader {
    private final String bootstrap;

    LogReader(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    private interface Each {
        void take(ConsumerRecord<byte[], byte[]> record, BufferedWriter out) throws IOException;
    }

    /** Every record of a topic; answers how many. */
    long log(String topic, Path file) throws IOException {
        return read(topic, file, (record, out) -> {
            String key = record.key() == null ? "null" : '"' + text(record.key()) + '"';
            out.write("{\"e\":\"log\",\"p\":%d,\"o\":%d,\"k\":%s,\"c\":%d}%n"
                    .formatted(record.partition(), record.offset(), key, Fingerprint.of(record)));
        });
    }

    /** Every dead letter, as the record that it was. */
    long deadLetters(String topic, Path file) throws IOException {
        return read(topic, file, (record, out) -> {
            long print = Fingerprint.ofDead(record, number(record, "dlq.source.timestamp"));
            out.write("{\"e\":\"dead\",\"p\":%d,\"o\":%d,\"c\":%d}%n"
                    .formatted(number(record, "dlq.source.partition"), number(record, "dlq.source.offset"), print));
        });
    }

    /** How many records there are. */
    long count(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = open()) {
            return consumer.endOffsets(partitions(consumer, topic)).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private long read(String topic, Path file, Each each) throws IOException {
        long count = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = open();
                BufferedWriter out = Files.newBufferedWriter(file)) {
            List<TopicPartition> all = partitions(consumer, topic);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (!all.stream().allMatch(it -> consumer.position(it) >= ends.get(it))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    each.take(record, out);
                    count++;
                }
            }
        }
        return count;
    }

    private KafkaConsumer<byte[], byte[]> open() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(it -> new TopicPartition(topic, it.partition()))
                .toList();
    }

    private static long number(ConsumerRecord<byte[], byte[]> record, String header) {
        var found = record.headers().lastHeader(header);
        if (found == null) {
            throw new IllegalStateException("a dead letter without " + header + ": " + record);
        }
        return Long.parseLong(text(found.value()));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
