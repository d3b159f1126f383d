package dev.kafkaloom.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.Handling;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.consumer.Ordering;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.runtime.ConsumerRuntime;
import dev.kafkaloom.runtime.RuntimeConfig;
import dev.kafkaloom.runtime.SinkerConfig;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From a topic through the sink forward to another, and from there to a file. */
@Timeout(120)
@ExtendWith(Evidence.class)
class SinksIT {
    private static final int RECORDS = 400;
    private static final int KEYS = 10;
    private static final long FIRST_TIMESTAMP = 1_700_000_000_000L;

    @TempDir
    private Path home;

    private final RealBroker broker = RealBroker.of(RealBroker.NEWEST);
    private final Scope scope = Scope.open("sinks-it");
    private KafkaClient client;

    @BeforeEach
    void connect() {
        client = KafkaClient.open(ClientConfig.of(broker.bootstrap()));
    }

    @AfterEach
    void close() {
        scope.close();
        client.close();
    }

    @Test
    void everythingIsForwardedAndWrittenInTheOrderOfItsKey() throws Exception {
        String from = broker.topic("orders", 3);
        String to = broker.topic("copies", 2);
        produce(from);
        Path file = home.resolve("copies.jsonl");

        try (ConsumerRuntime forwarding = run(from, Ordering.PARTITION, "forward", Map.of("topic", to));
                ConsumerRuntime writing =
                        run(to, Ordering.KEY, "json", Map.of("file", "copies.jsonl", "fsync", "true"))) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> writing.snapshot().consumedRecords() == RECORDS);
            assertThat(forwarding.snapshot().consumedRecords()).isEqualTo(RECORDS);
        }

        Map<String, List<Integer>> byKey = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode record = new ObjectMapper().readTree(line);
            int number = record.get("value").asInt();
            assertThat(record.get("topic").textValue()).isEqualTo(to);
            assertThat(record.get("timestamp").longValue()).isEqualTo(FIRST_TIMESTAMP + number);
            assertThat(record.get("headers").toString()).isEqualTo("[{\"key\":\"n\",\"value\":\"" + number + "\"}]");
            byKey.computeIfAbsent(record.get("key").textValue(), _ -> new ArrayList<>())
                    .add(number);
        }
        assertThat(byKey).hasSize(KEYS);
        byKey.values()
                .forEach(numbers -> assertThat(numbers).hasSize(RECORDS / KEYS).isSorted());
    }

    private ConsumerRuntime run(String topic, Ordering ordering, String sink, Map<String, String> options)
            throws Exception {
        SinkerConfig as = SinkerConfig.DEFAULT;
        RuntimeConfig config = RuntimeConfig.of(
                        ConsumerConfig.builder("group-of-" + topic, List.of(topic))
                                .autoOffsetReset(OffsetReset.EARLIEST)
                                .handling(Handling.DEFAULT.withOrdering(ordering))
                                .build(),
                        new MemberCount.Fixed(1))
                .sinkers(new SinkerConfig(
                        sink, null, options, home, 1, 100, 0, as.retryBackoff(), as.retryBackoffMax(), 0, ""));
        return ConsumerRuntime.open(config, client, ProducerConfig.DEFAULT, OutputStream.nullOutputStream(), scope);
    }

    private void produce(String topic) throws Exception {
        try (Producer producer = Producer.open(client, ProducerConfig.DEFAULT, scope)) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] number = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                byte[] key = ("key-" + i % KEYS).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProduceRecord(
                        topic, null, FIRST_TIMESTAMP + i, key, number, List.of(new Header("n", number))));
            }
            producer.flush(Duration.ofSeconds(30));
        }
    }
}
