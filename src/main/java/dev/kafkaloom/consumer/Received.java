package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import java.util.List;

/**
 * One record that a {@link Consumer} got, its key and value as the deserializers made them. Immutable as far as key and value are; safe
 * to keep and to hand to other threads.
 */
public final class Received<K, V> {
    private final Polled polled;
    private final int index;
    private final ConsumedRecord raw;
    private final K key;
    private final V value;

    Received(Polled polled, int index, ConsumedRecord raw, K key, V value) {
        this.polled = polled;
        this.index = index;
        this.raw = raw;
        this.key = key;
        this.value = value;
    }

    /** Where it comes from. */
    public TopicPartition partition() {
        return raw.partition();
    }

    /** Its topic. */
    public String topic() {
        return raw.partition().topic();
    }

    /** Its offset. */
    public long offset() {
        return raw.offset();
    }

    /** Milliseconds since the epoch, -1 when the message format has none. */
    public long timestamp() {
        return raw.timestamp();
    }

    /** Who set the timestamp. */
    public TimestampType timestampType() {
        return raw.timestampType();
    }

    /** The key; null when the record has none. */
    public K key() {
        return key;
    }

    /** The value; null when the record has none. */
    public V value() {
        return value;
    }

    /** The headers, in their order. */
    public List<Header> headers() {
        return raw.headers();
    }

    /** The record as it was in the log. */
    public ConsumedRecord raw() {
        return raw;
    }

    /** See {@link Consumer#ack(Received)}. */
    void ack() {
        polled.ack(index);
    }

    @Override
    public String toString() {
        return raw.partition() + "@" + raw.offset() + " " + key + " = " + value;
    }
}
