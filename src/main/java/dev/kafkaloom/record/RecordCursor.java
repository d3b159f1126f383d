package dev.kafkaloom.record;

import dev.kafkaloom.protocol.KafkaException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Walks forward over the records of one batch without an object per record: {@link #next()} makes the next one the current one, whose
 * key and value lie in {@link #array()}. Everything about a record, its headers included, is checked before {@code next()} returns.
 *
 * <p>The array is borrowed: after {@link #close()} it serves other batches, so what is to be kept has to be copied before, and the
 * accessors throw. Owned by one thread at a time.
 *
 * <pre>{@code
 * try (RecordCursor record = batch.cursor(limits)) {
 *     while (record.next()) {
 *         sum(record.array(), record.valuePosition(), record.valueLength());
 *     }
 * }
 * }</pre>
 */
public abstract sealed class RecordCursor implements AutoCloseable permits BatchV2Cursor, MessageCursor {
    final BatchHeader header;
    final Cursor in;
    long offset;
    long timestamp;
    int keyAt;
    int keyLength;
    int valueAt;
    int valueLength;
    int headersAt;
    int headerCount;
    private final DecodeLimits limits;
    private final boolean borrowed;
    private byte[] bytes;
    private final int size;
    private int objects;

    RecordCursor(BatchHeader header, Content content, DecodeLimits limits) {
        this.header = header;
        this.bytes = content.bytes();
        this.borrowed = content.borrowed();
        this.size = content.length();
        this.in = new Cursor(bytes, content.from(), content.to());
        this.limits = limits;
    }

    /**
     * Goes to the next record, in offset order.
     *
     * @return false behind the last one
     * @throws KafkaException.MalformedMessage when anything in it is wrong
     */
    public final boolean next() {
        array();
        try {
            return advance();
        } catch (CorruptRecords e) {
            throw e.in(header);
        }
    }

    abstract boolean advance() throws CorruptRecords;

    /** Bytes of all records of the batch, decompressed. */
    public final int size() {
        return size;
    }

    /** Absolute offset in the partition. */
    public final long offset() {
        return offset;
    }

    /** Milliseconds since the epoch, -1 when the message format has none. */
    public final long timestamp() {
        return timestamp;
    }

    /** What the timestamp means, the same for the whole batch. */
    public final TimestampType timestampType() {
        return header.timestampType();
    }

    /** The partition's when its leader took the batch in, -1 before message format v2; the same for the whole batch. */
    public final int leaderEpoch() {
        return header.partitionLeaderEpoch();
    }

    /**
     * Where the key and the value of the current record lie, among other bytes.
     *
     * @throws IllegalStateException when the cursor is closed
     */
    public final byte[] array() {
        if (bytes == null) {
            throw new IllegalStateException("the record is gone: its cursor is closed");
        }
        return bytes;
    }

    /** First byte of the key in {@link #array()}. */
    public final int keyPosition() {
        return keyAt;
    }

    /** -1 when the key is null. */
    public final int keyLength() {
        return keyLength;
    }

    /** First byte of the value in {@link #array()}. */
    public final int valuePosition() {
        return valueAt;
    }

    /** -1 when the value is null. */
    public final int valueLength() {
        return valueLength;
    }

    /** A copy of the key, or null. */
    public final byte[] key() {
        return copy(keyAt, keyLength);
    }

    /** A copy of the value, or null. */
    public final byte[] value() {
        return copy(valueAt, valueLength);
    }

    /** 0 before message format v2. */
    public final int headerCount() {
        return headerCount;
    }

    /** Copies of the headers, in the order written. */
    public final List<Header> headers() {
        if (headerCount == 0) {
            return List.of();
        }
        byte[] from = array();
        int behind = in.position();
        Header[] headers = new Header[headerCount];
        try {
            in.position(headersAt);
            for (int i = 0; i < headerCount; i++) {
                int length = in.varint();
                String key = new String(from, in.position(), length, StandardCharsets.UTF_8);
                in.skip(length, "header key");
                length = in.varint();
                headers[i] = new Header(key, copy(in.position(), length));
                in.skip(length, "header value");
            }
        } catch (CorruptRecords e) {
            throw new AssertionError(e); // next() has walked over them
        } finally {
            in.position(behind);
        }
        return List.of(headers);
    }

    /** The current record as a copy to keep. */
    public final LogRecord copy() {
        return new LogRecord(offset, timestamp, header.timestampType(), key(), value(), headers());
    }

    /** Gives the memory back; more than once does nothing. */
    @Override
    public final void close() {
        byte[] mine = bytes;
        bytes = null;
        if (borrowed && mine != null) {
            Scratch.give(mine);
        }
    }

    /** Accounts for objects that copies of what was read would take. */
    final void charge(int count) throws CorruptRecords {
        objects += count;
        if (objects > limits.maxObjects()) {
            throw new CorruptRecords("holds more than " + limits.maxObjects() + " records and headers, the limit for "
                    + limits.maxDecompressedBytes() + " bytes");
        }
    }

    private byte[] copy(int from, int length) {
        if (length < 0) {
            return null;
        }
        byte[] all = array();
        byte[] copy = new byte[length];
        System.arraycopy(all, from, copy, 0, length);
        return copy;
    }
}
