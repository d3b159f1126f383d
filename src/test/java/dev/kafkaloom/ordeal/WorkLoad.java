package dev.kafkaloom.ordeal;

import dev.kafkaloom.coroutine.Scope;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends numbered records at a rate, by the Java client's idempotent producer, and writes down where each is: 100 bytes, one in 20 without a
 * key, one in 10 with a header. A key's records are all in one partition.
 */
final class WorkLoad implements AutoCloseable {
    private static final int ROUNDS_A_SECOND = 50;

    private final String topic;
    private final int partitions;
    private final int keys;
    private final long records;
    private final KafkaProducer<byte[], byte[]> producer;
    private final BufferedWriter out;
    private final Scope scope = Scope.open("load");
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /** Begins at once; {@code out} gets a line for each acknowledged record. */
    WorkLoad(String bootstrap, String topic, int partitions, OrdealPlan plan, Path out) throws IOException {
        this.topic = topic;
        this.partitions = partitions;
        this.keys = plan.keys();
        this.records = plan.records();
        this.out = Files.newBufferedWriter(out);
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "enable.idempotence",
                        "true",
                        "linger.ms",
                        "10",
                        "request.timeout.ms",
                        "5000",
                        "delivery.timeout.ms",
                        "120000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        scope.goPlatform("load", () -> run(Math.max(1, plan.rate() / ROUNDS_A_SECOND)));
    }

    private void run(int recordsOfARound) throws InterruptedException {
        for (long number = 0; number < records; ) {
            long round = System.nanoTime();
            for (int i = 0; i < recordsOfARound && number < records; i++) {
                send(number++);
            }
            long left = 1_000_000_000L / ROUNDS_A_SECOND - (System.nanoTime() - round);
            Thread.sleep(Duration.ofNanos(Math.max(0, left)));
        }
    }

    private void send(long number) {
        int key = Math.toIntExact(Long.remainderUnsigned((number * 0x9E3779B97F4A7C15L) >>> 20, keys));
        byte[] keyBytes = number % 20 == 3 ? null : ("k" + key).getBytes(StandardCharsets.UTF_8);
        String text = number + " ";
        byte[] value = (text + ".".repeat(100 - text.length())).getBytes(StandardCharsets.UTF_8);
        var headers = number % 10 == 0
                ? List.<org.apache.kafka.common.header.Header>of(
                        new RecordHeader("number", Long.toString(number).getBytes(StandardCharsets.UTF_8)))
                : List.<org.apache.kafka.common.header.Header>of();
        Future<RecordMetadata> _ = producer.send(
                new ProducerRecord<>(topic, key % partitions, null, keyBytes, value, headers), this::ended);
    }

    private void ended(RecordMetadata where, Exception failure) {
        if (failure != null) {
            failed.incrementAndGet();
            return;
        }
        acknowledged.incrementAndGet();
        try {
            out.write("{\"e\":\"ok\",\"p\":" + where.partition() + ",\"o\":" + where.offset() + "}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isOver() {
        return acknowledged.get() + failed.get() == records;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** Sends nothing more, and waits until it is known what became of all that was sent. */
    @Override
    public void close() throws IOException {
        scope.close(); // interrupts what has not been sent
        producer.close(Duration.ofSeconds(30));
        out.close();
    }
}
