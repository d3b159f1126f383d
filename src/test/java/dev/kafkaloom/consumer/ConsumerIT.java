package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.ConsumedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(strings = {"4.3.1", "0.9.0.1"})
class ConsumerIT {
    private static final Duration WAIT = Duration.ofMillis(200);
    private static EmbeddedBroker broker;
    private static KafkaClient client;
    private static int topics;

    @Parameter
    String version;

    private final String topic = "read-" + topics++;
    private final TopicPartition first = new TopicPartition(topic, 0);
    private final TopicPartition second = new TopicPartition(topic, 1);
    private Scope scope;
    private Seed seed;

    @BeforeParameterizedClassInvocation
    static void start(String version) throws Exception {
        broker = EmbeddedBroker.start(version, Options.defaults().withProperty("num.partitions", "2"));
        client = KafkaClient.open(ClientConfig.of(broker.bootstrap()));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        client.close();
        broker.close();
    }

    @BeforeEach
    void open() throws Exception {
        scope = Scope.open("test");
        seed = Seed.into(client, version);
        seed.topic(topic, 2);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void readsEveryRecordOfEveryPartitionInOrder() throws Exception {
        seed.records(first, 3_000, i -> "first " + i);
        seed.records(second, 2_000, i -> "second " + i);

        List<ConsumedRecord> records = read(Map.of(first, 0L, second, 0L), config(), 5_000);

        assertThat(values(records, first)).isEqualTo(numbered("first ", 3_000));
        assertThat(values(records, second)).isEqualTo(numbered("second ", 2_000));
    }

    @Test
    void startsInTheMiddleOfACompressedBatch() throws Exception {
        seed.compressed(Compression.GZIP).records(first, 100, i -> "value " + i);

        List<ConsumedRecord> records = read(Map.of(first, 57L), config(), 43);

        assertThat(records)
                .extracting(ConsumedRecord::offset)
                .isEqualTo(IntStream.range(57, 100).mapToObj(Long::valueOf).toList());
        assertThat(values(records, first)).isEqualTo(numbered("value ", 100).subList(57, 100));
    }

    @Test
    void seesWhatIsWrittenLater() throws Exception {
        try (Consumer<byte[], byte[]> reader = open(Map.of(first, 0L, second, 0L), config())) {
            assertThat(reader.poll(WAIT).raw()).isEmpty();
            seed.records(second, 1, _ -> "late");

            assertThat(read(reader, 1))
                    .extracting(each -> new String(each.value(), StandardCharsets.UTF_8))
                    .containsExactly("late");
        }
    }

    @Test
    void knowsTheEndOfAnEmptyPartitionToo() throws Exception {
        seed.records(first, 10, i -> "value " + i);
        try (Consumer<byte[], byte[]> reader = open(Map.of(first, 0L, second, 0L), config())) {
            read(reader, 10);

            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(reader.highWatermarks())
                            .containsExactlyInAnyOrderEntriesOf(Map.of(first, 10L, second, 0L)));
            assertThat(reader.positions()).containsExactlyInAnyOrderEntriesOf(Map.of(first, 10L, second, 0L));
        }
    }

    @Test
    void aMessageLargerThanTheLimitOfItsPartitionIsReadAllTheSame() throws Exception {
        seed.records(first, 3, i -> "x".repeat(20_000 + i));

        List<ConsumedRecord> records = read(Map.of(first, 0L), config().maxPartitionFetchBytes(1_000), 3);

        assertThat(records).extracting(each -> each.value().length).containsExactly(20_000, 20_001, 20_002);
    }

    @Test
    void aTinyBudgetOnlySlowsDown() throws Exception {
        seed.records(first, 2_000, i -> "first " + i);
        seed.records(second, 2_000, i -> "second " + i);

        List<ConsumedRecord> records = read(
                Map.of(first, 0L, second, 0L),
                config().maxPartitionFetchBytes(20_000).maxBufferedBytes(10_000),
                4_000);

        assertThat(values(records, first)).isEqualTo(numbered("first ", 2_000));
        assertThat(values(records, second)).isEqualTo(numbered("second ", 2_000));
    }

    @Test
    void anOffsetBehindTheEndIsAnErrorThatNamesIt() throws Exception {
        try (Consumer<byte[], byte[]> reader =
                open(Map.of(first, 1_000L), config().autoOffsetReset(OffsetReset.NONE))) {
            assertThatThrownBy(() -> read(reader, 1))
                    .hasMessageContaining(first.toString())
                    .hasMessageContaining("1000")
                    .hasMessageContaining("auto.offset.reset is none");
        }
    }

    @Test
    void goesOnAfterTheBrokerWasAway() throws Exception {
        seed.records(first, 10, i -> "before " + i);
        try (Consumer<byte[], byte[]> reader = open(Map.of(first, 0L), config())) {
            read(reader, 10);
            broker.kill();
            broker.restart();
            seed.records(first, 10, i -> "after " + i);

            assertThat(values(read(reader, 10), first)).isEqualTo(numbered("after ", 10));
        }
    }

    @Test
    void itGoesOnWhereItsGroupHasCommitted() throws Exception {
        seed.records(first, 30, i -> "value " + i);
        ConsumerConfig config = config().autoOffsetReset(OffsetReset.EARLIEST).build();
        try (Consumer<byte[], byte[]> before = assigned(config)) {
            read(before, 30);
            before.commit();
        }
        seed.records(first, 5, i -> "later " + i);

        try (Consumer<byte[], byte[]> after = assigned(config)) {
            assertThat(values(read(after, 5), first)).isEqualTo(numbered("later ", 5));
        }
    }

    private Consumer<byte[], byte[]> assigned(ConsumerConfig config) {
        return Consumer.builder(client, config).scope(scope).assign(List.of(first, second));
    }

    private static ConsumerConfig.Builder config() {
        return ConsumerConfig.builder("readers", List.of());
    }

    private Consumer<byte[], byte[]> open(Map<TopicPartition, Long> starts, ConsumerConfig.Builder config) {
        return Consumer.builder(client, config.build())
                .scope(scope)
                .assign(starts.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, each -> StartAt.offset(each.getValue()))));
    }

    private List<ConsumedRecord> read(Map<TopicPartition, Long> starts, ConsumerConfig.Builder config, int count)
            throws InterruptedException {
        try (Consumer<byte[], byte[]> reader = open(starts, config)) {
            return read(reader, count);
        }
    }

    private static List<ConsumedRecord> read(Consumer<byte[], byte[]> reader, int count) throws InterruptedException {
        List<ConsumedRecord> records = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (records.size() < count && System.nanoTime() < deadline) {
            records.addAll(reader.poll(WAIT).raw());
        }
        return records;
    }

    private static List<String> values(List<ConsumedRecord> records, TopicPartition of) {
        return records.stream()
                .filter(each -> each.partition().equals(of))
                .map(each -> new String(each.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }
}
