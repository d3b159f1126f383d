package dev.kafkaloom.ordeal;

import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Whether a record is still the same, in a number: of key, value, timestamp, its type and the headers in their order. */
final class Fingerprint {
    private final CRC32C crc = new CRC32C();

    private Fingerprint() {}

    static long of(ConsumedRecord record) {
        Fingerprint it = new Fingerprint();
        it.begin(record.key(), record.value(), record.timestamp(), type(record.timestampType()));
        for (Header header : record.headers()) {
            it.header(header.key(), header.value());
        }
        return it.crc.getValue();
    }

    /** As Kafka numbers them. */
    private static int type(TimestampType type) {
        return switch (type) {
            case NONE -> -1;
            case CREATE_TIME -> 0;
            case LOG_APPEND_TIME -> 1;
        };
    }

    /** As Kafka's own client got it. */
    static long of(ConsumerRecord<byte[], byte[]> record) {
        return of(record, record.timestamp(), record.timestampType().id);
    }

    /** Of a dead letter: the record that it was, of that time, which its producer had set, without the headers that tell about it. */
    static long ofDead(ConsumerRecord<byte[], byte[]> record, long timestamp) {
        return of(record, timestamp, org.apache.kafka.common.record.TimestampType.CREATE_TIME.id);
    }

    private static long of(ConsumerRecord<byte[], byte[]> record, long timestamp, int timestampType) {
        Fingerprint it = new Fingerprint();
        it.begin(record.key(), record.value(), timestamp, timestampType);
        record.headers().forEach(header -> {
            if (!header.key().startsWith("dlq.")) {
                it.header(header.key(), header.value());
            }
        });
        return it.crc.getValue();
    }

    private void begin(byte[] key, byte[] value, long timestamp, int timestampType) {
        bytes(key);
        bytes(value);
        crc.update(
                ByteBuffer.allocate(12).putLong(timestamp).putInt(timestampType).flip());
    }

    private void header(String key, byte[] value) {
        bytes(key.getBytes(StandardCharsets.UTF_8));
        bytes(value);
    }

    private void bytes(byte[] bytes) {
        int length = bytes == null ? -1 : bytes.length;
        crc.update(ByteBuffer.allocate(4).putInt(length).flip());
        if (bytes != null) {
            crc.update(bytes);
        }
    }
}
