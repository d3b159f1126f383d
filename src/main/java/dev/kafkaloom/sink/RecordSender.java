package dev.kafkaloom.sink;

import dev.kafkaloom.record.Header;
import java.util.List;

/** Sends records to Kafka for a sink; the runtime implements it on the producer. Thread-safe. */
public interface RecordSender {
    /**
     * A record to send.
     *
     * @param partition -1: by the key, as Kafka's own producer does it
     * @param timestamp ms since the epoch; -1: now
     * @param key may be null
     * @param value may be null
     */
    record Outgoing(String topic, int partition, long timestamp, byte[] key, byte[] value, List<Header> headers) {
        /** Copies the headers. */
        public Outgoing {
            headers = List.copyOf(headers);
        }
    }

    /**
     * Sends them in this order and returns when all in-sync replicas have all of them. At least once: after an exception some may be there.
     * (Exactly once, together with the offsets, comes with the producer's transactions.)
     *
     * @throws RuntimeException (a KafkaException) when one of them was not taken
     */
    void send(List<Outgoing> records) throws InterruptedException;

    /** Whether a topic exists; one that does not is not made by asking. */
    boolean exists(String topic) throws InterruptedException;
}
