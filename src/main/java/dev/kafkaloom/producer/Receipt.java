package dev.kafkaloom.producer;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;

/** The fate of one record that was sent. Thread-safe; costs next to nothing when nobody asks. */
public final class Receipt {
    private final Batch batch;
    private final int index;
    private final long timestamp;

    Receipt(Batch batch, int index, long timestamp) {
        this.batch = batch;
        this.index = index;
        this.timestamp = timestamp;
    }

    /** Where the record goes. */
    public TopicPartition partition() {
        return batch.partition();
    }

    /** Whether it is delivered or has failed. */
    public boolean isDone() {
        return batch.isDone();
    }

    /**
     * Waits for the delivery.
     *
     * @throws KafkaException why it failed; {@link KafkaException.RequestTimedOut} also when it is merely not done yet
     */
    public Delivery await(Duration timeout) throws InterruptedException {
        if (!batch.await(timeout)) {
            throw new KafkaException.RequestTimedOut("delivery to " + batch.partition(), timeout);
        }
        return batch.delivery(index, timestamp);
    }
}
