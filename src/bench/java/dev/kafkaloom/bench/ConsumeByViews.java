package dev.kafkaloom.bench;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.Consumer;
import java.util.List;

/** Ours, with its defaults, without a group and without copies: a handler for each partition. */
final class ConsumeByViews implements ConsumeClient {
    @Override
    public void read(String bootstrap, String topic, List<ConsumeCheck> checks) throws Exception {
        try (KafkaClient client = KafkaClient.open(ClientConfig.of(bootstrap));
                Consumer<byte[], byte[]> consumer = ConsumeClient.consumer(client, topic, checks)) {
            consumer.runViews((partition, records) -> {
                ConsumeCheck check = checks.get(partition.partition());
                int count = 0;
                while (records.next()) {
                    count++;
                    if (check.see(records.offset(), records.array(), records.valuePosition(), records.valueLength())) {
                        consumer.seek(partition, 0);
                    }
                }
                check.count(count);
            });
        }
    }
}
