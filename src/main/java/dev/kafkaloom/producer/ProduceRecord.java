package dev.kafkaloom.producer;

import dev.kafkaloom.record.Header;
import java.util.List;
import java.util.Objects;

/**
 * A record to be produced. The arrays are read by {@code send} and not kept.
 *
 * @param partition null: by the key's hash, and without a key wherever a batch is being filled
 * @param timestamp milliseconds since the epoch; null: now
 * @param key may be null
 * @param value may be null
 */
public record ProduceRecord(
        String topic, Integer partition, Long timestamp, byte[] key, byte[] value, List<Header> headers) {
    public ProduceRecord {
        Objects.requireNonNull(topic, "topic");
        headers = List.copyOf(headers);
    }

    /** Key and value, the rest left to the producer. */
    public static ProduceRecord of(String topic, byte[] key, byte[] value) {
        return new ProduceRecord(topic, null, null, key, value, List.of());
    }
}
