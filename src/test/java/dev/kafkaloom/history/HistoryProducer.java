package dev.kafkaloom.history;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The Java client's idempotent producer, at a steady rate over all partitions a topic has at the moment, writing down what it sends and
 * what became of it. Not our own: what judges a consumer should not depend on its neighbour.
 */
public final class HistoryProducer implements AutoCloseable {
    private static final int ROUNDS_A_SECOND = 50;

    private final String name;
    private final String topic;
    private final HistoryWriter out;
    private final KafkaProducer<String, String> producer;
    private final Scope scope;
    private final Coroutine running;
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile boolean ending;
    private long number;

    /** Begins at once. */
    public HistoryProducer(String bootstrap, String topic, int recordsPerSecond, String name, HistoryWriter out) {
        this.name = name;
        this.topic = topic;
        this.out = out;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "enable.idempotence", "true",
                        // with more, a batch refused by a leader that is new in office leaves the next one out of
                        // sequence for ever
                        "max.in.flight.requests.per.connection", "1",
                        "metadata.max.age.ms", "500",
                        "linger.ms", "5",
                        "request.timeout.ms", "5000",
                        "delivery.timeout.ms", "120000"),
                new StringSerializer(),
                new StringSerializer());
        this.scope = Scope.open(name);
        this.running = scope.goPlatform(name, () -> run(Math.max(1, recordsPerSecond / ROUNDS_A_SECOND)));
    }

    private void run(int recordsOfARound) throws InterruptedException {
        while (!ending) {
            try {
                int partitions = producer.partitionsFor(topic).size();
                for (int i = 0; i < recordsOfARound; i++) {
                    send((int) (number % partitions));
                }
            } catch (InterruptException e) {
                break;
            } catch (RuntimeException e) {
                out.note(name + ": " + e); // there may be no metadata for a while
            }
            Thread.sleep(1000 / ROUNDS_A_SECOND);
        }
    }

    private void send(int partition) {
        String value = name + "-" + number++;
        out.send(name, topic, value);
        Future<RecordMetadata> _ = producer.send(
                new ProducerRecord<>(topic, partition, null, value), (where, failure) -> ended(value, where, failure));
    }

    private void ended(String value, RecordMetadata where, Exception failure) {
        if (failure == null) {
            acknowledged.incrementAndGet();
            out.ok(name, new TopicPartition(where.topic(), where.partition()), where.offset(), value);
        } else {
            out.info(name, topic, value);
        }
    }

    /** How many records are acknowledged so far. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** Sends nothing more, and waits until it is known what became of all that was sent. */
    @Override
    public void close() {
        ending = true;
        try {
            running.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.flush();
        producer.close(Duration.ofSeconds(30));
        scope.close();
    }
}
