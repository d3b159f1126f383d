package dev.kafkaloom.bench;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.Consumer;
import dev.kafkaloom.consumer.Received;
import dev.kafkaloom.consumer.Records;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.List;

/** Ours, with its defaults, without a group: copies, polled by one thread as kafka-clients' are. */
final class ConsumeByPoll implements ConsumeClient {
    @Override
    public void read(String bootstrap, String topic, List<ConsumeCheck> checks) throws Exception {
        try (KafkaClient client = KafkaClient.open(ClientConfig.of(bootstrap));
                Consumer<byte[], byte[]> consumer = ConsumeClient.consumer(client, topic, checks)) {
            while (true) {
                Records<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
                for (TopicPartition partition : records.partitions()) {
                    ConsumeCheck check = checks.get(partition.partition());
                    Records<byte[], byte[]> some = records.of(partition);
                    for (Received<byte[], byte[]> record : some) {
                        byte[] value = record.value();
                        if (check.see(record.offset(), value, 0, value.length)) {
                            consumer.seek(partition, 0);
                        }
                    }
                    check.count(some.count());
                }
            }
        }
    }
}
