package dev.kafkaloom.record;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.List;

/**
 * A record as a consumer's handler sees it; a copy, safe to keep.
 *
 * @param timestamp milliseconds since the epoch, -1 when the message format has none
 * @param key may be null
 * @param value may be null
 * @param deliveryCount 1 for the first delivery
 * @param leaderEpoch the partition's when its leader took the record in (KIP-320); -1 for not known
 * @param assignmentEpoch which assignment of the partition delivered it; guards what may be committed
 */
public record ConsumedRecord(
        TopicPartition partition,
        long offset,
        long timestamp,
        TimestampType timestampType,
        byte[] key,
        byte[] value,
        List<Header> headers,
        int deliveryCount,
        int leaderEpoch,
        long assignmentEpoch) {
    /** One of unknown leader epoch. */
    public ConsumedRecord(
            TopicPartition partition,
            long offset,
            long timestamp,
            TimestampType timestampType,
            byte[] key,
            byte[] value,
            List<Header> headers,
            int deliveryCount,
            long assignmentEpoch) {
        this(partition, offset, timestamp, timestampType, key, value, headers, deliveryCount, -1, assignmentEpoch);
    }

    /** A copy of the record that the cursor stands on, on its way to a handler for the first time. */
    public static ConsumedRecord of(TopicPartition partition, RecordCursor record, long assignmentEpoch) {
        return new ConsumedRecord(
                partition,
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.key(),
                record.value(),
                record.headers(),
                1,
                record.leaderEpoch(),
                assignmentEpoch);
    }

    /** The same, handed over once more. */
    public ConsumedRecord redelivered() {
        return new ConsumedRecord(
                partition,
                offset,
                timestamp,
                timestampType,
                key,
                value,
                headers,
                deliveryCount + 1,
                leaderEpoch,
                assignmentEpoch);
    }

    /** Where it is and how large, without its content. */
    @Override
    public String toString() {
        return partition + "@" + offset + " at " + timestamp + " (key " + length(key) + ", value " + length(value)
                + ", " + headers.size() + " headers, delivery " + deliveryCount + ")";
    }

    private static String length(byte[] bytes) {
        return bytes == null ? "null" : bytes.length + " bytes";
    }
}
