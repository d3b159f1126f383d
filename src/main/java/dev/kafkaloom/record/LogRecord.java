package dev.kafkaloom.record;

import java.util.Arrays;
import java.util.List;

/**
 * One record of a partition, copied out of its batch: safe to keep and to hand to another thread.
 *
 * @param offset absolute offset in the partition
 * @param timestamp milliseconds since the epoch, -1 when the message format has none
 * @param key may be null
 * @param value may be null (a tombstone in a compacted topic)
 * @param headers in the order written; empty before message format v2
 */
public record LogRecord(
        long offset, long timestamp, TimestampType timestampType, byte[] key, byte[] value, List<Header> headers) {
    @Override
    public boolean equals(Object other) {
        return other instanceof LogRecord that
                && offset == that.offset
                && timestamp == that.timestamp
                && timestampType == that.timestampType
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(offset) + Arrays.hashCode(key)) + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "record " + offset + " at " + timestamp + " (key " + length(key) + ", value " + length(value)
                + ", headers " + headers + ")";
    }

    private static String length(byte[] bytes) {
        return bytes == null ? "null" : bytes.length + " bytes";
    }
}
