package dev.kafkaloom.bench;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.Consumer;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.StartAt;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One way of reading all partitions of a topic, from their beginning, again and again. */
interface ConsumeClient {
    /**
     * Reads until it is interrupted.
     *
     * @param checks one per partition
     */
    void read(String bootstrap, String topic, List<ConsumeCheck> checks) throws Exception;

    /** Ours, of all partitions from their beginning. */
    static Consumer<byte[], byte[]> consumer(KafkaClient client, String topic, List<ConsumeCheck> checks) {
        Map<TopicPartition, StartAt> starts = new HashMap<>();
        for (int partition = 0; partition < checks.size(); partition++) {
            starts.put(new TopicPartition(topic, partition), StartAt.offset(0));
        }
        ConsumerConfig config = ConsumerConfig.builder("bench", List.of())
                .fetchMaxWait(Duration.ofMillis(5)) // the loop over the data must not wait at its end
                .build();
        return Consumer.builder(client, config).assign(starts);
    }

    /** The one of that name. */
    static ConsumeClient named(String name) {
        return switch (name) {
            case "poll" -> new ConsumeByPoll();
            case "views" -> new ConsumeByViews();
            case "kafka" -> new ConsumeByKafka();
            default -> throw new IllegalArgumentException(name);
        };
    }
}
