package dev.kafkaloom.runtime;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.producer.Receipt;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.sink.RecordSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends with a {@link Producer} that is opened when the first record comes, and again when it has failed for good. Thread-safe.
 */
final class ProducerSender implements RecordSender, AutoCloseable {
    private final KafkaClient client;
    private final ProducerConfig config;
    private final Scope scope;
    private Producer producer; // null until it is needed; guarded by this, as the next
    private boolean closed;

    /** What a producer runs, runs in {@code scope}. */
    ProducerSender(KafkaClient client, ProducerConfig config, Scope scope) {
        this.client = client;
        this.config = config;
        this.scope = scope;
    }

    @Override
    public void send(List<Outgoing> records) throws InterruptedException {
        Producer with = open();
        try {
            List<Receipt> receipts = new ArrayList<>(records.size());
            for (Outgoing record : records) {
                receipts.add(with.send(new ProduceRecord(
                        record.topic(),
                        record.partition() < 0 ? null : record.partition(),
                        record.timestamp() < 0 ? null : record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers())));
            }
            Duration most = config.deliveryTimeout().plus(config.requestTimeout());
            for (Receipt receipt : receipts) {
                receipt.await(most);
            }
        } catch (KafkaException.Closed e) {
            forget(with);
            throw e;
        }
    }

    private synchronized Producer open() {
        if (closed) {
            throw new KafkaException.Closed("the runtime is ending, nothing is sent any more");
        }
        if (producer == null) {
            producer = Producer.open(client, config, scope.child("sender"));
        }
        return producer;
    }

    private void forget(Producer failed) {
        synchronized (this) {
            if (producer != failed) {
                return;
            }
            producer = null;
        }
        failed.close(Duration.ZERO);
    }

    @Override
    public boolean exists(String topic) throws InterruptedException {
        TopicInfo info = client.allTopics().topics().get(topic);
        return info != null && info.exists();
    }

    /** Waits for nothing: who has sent something waits for it himself. */
    @Override
    public void close() {
        Producer last;
        synchronized (this) {
            closed = true;
            last = producer;
            producer = null;
        }
        if (last != null) {
            last.close(Duration.ZERO);
        }
    }
}
