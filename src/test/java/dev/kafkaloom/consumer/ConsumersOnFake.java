package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static dev.kafkaloom.consumer.FakeFetching.T1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Consumers of partitions by hand on a fake broker, closed after each test. */
class ConsumersOnFake {
    static final Duration BRIEFLY = Duration.ofMillis(50);

    @RegisterExtension
    final FakeFetching fake = new FakeFetching();

    final List<Consumer<?, ?>> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(consumer -> consumer.close(Duration.ofMillis(100)));
    }

    ConsumerConfig.Builder config() {
        return ConsumerConfig.builder("readers", List.of(FakeLog.TOPIC));
    }

    ConsumerBuilder<byte[], byte[]> builder() {
        return builder(config());
    }

    ConsumerBuilder<byte[], byte[]> builder(ConsumerConfig.Builder config) {
        return Consumer.builder(fake.client, config.build()).scope(fake.scope);
    }

    <K, V> Consumer<K, V> assigned(ConsumerBuilder<K, V> builder) {
        Consumer<K, V> consumer = builder.assign(Map.of(T0, StartAt.offset(0), T1, StartAt.offset(0)));
        open.add(consumer);
        return consumer;
    }

    static Progress progress(Consumer<?, ?> consumer, TopicPartition partition) throws InterruptedException {
        return consumer.started().works().get(partition).progress();
    }

    static Records<byte[], byte[]> pollOnce(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        Records<byte[], byte[]> records = consumer.poll(SOON);
        assertThat(records.isEmpty()).isFalse();
        return records;
    }

    static List<ConsumedRecord> poll(Consumer<byte[], byte[]> consumer, int count) throws InterruptedException {
        List<ConsumedRecord> records = new ArrayList<>();
        while (records.size() < count) {
            records.addAll(pollOnce(consumer).raw());
        }
        return records;
    }

    static List<Long> offsets(List<ConsumedRecord> records, TopicPartition of) {
        return records.stream()
                .filter(each -> each.partition().equals(of))
                .map(ConsumedRecord::offset)
                .toList();
    }

    static List<Long> upTo(int end) {
        return LongStream.range(0, end).boxed().toList();
    }

    static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static String notTheThird(byte[] bytes) {
        String text = text(bytes);
        if (text.equals("0/3")) {
            throw new IllegalArgumentException("not this one");
        }
        return text;
    }
}
