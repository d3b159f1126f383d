package dev.kafkaloom.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** kafka-clients with its defaults, without a group. */
final class ConsumeByKafka implements ConsumeClient {
    @Override
    public void read(String bootstrap, String topic, List<ConsumeCheck> checks) {
        List<TopicPartition> partitions = IntStream.range(0, checks.size())
                .mapToObj(each -> new TopicPartition(topic, each))
                .toList();
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false, "fetch.max.wait.ms", 5);
        // never closed: the process ends, and closing would only complain about the interrupt
        var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
                for (TopicPartition partition : records.partitions()) {
                    ConsumeCheck check = checks.get(partition.partition());
                    List<ConsumerRecord<byte[], byte[]>> some = records.records(partition);
                    for (ConsumerRecord<byte[], byte[]> record : some) {
                        byte[] value = record.value();
                        if (check.see(record.offset(), value, 0, value.length)) {
                            consumer.seek(partition, 0);
                        }
                    }
                    check.count(some.size());
                }
            }
        } catch (InterruptException e) {
            // it is over
        }
    }
}
