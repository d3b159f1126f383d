package dev.kafkaloom.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** Where the fields of a batch lie, and what its fixed part says. Positions are relative to the batch's first byte. */
final class BatchFormat {
    static final int SIZE = 8;
    /** Offset and size: what stands before the bytes that the size counts. */
    static final int LOG_OVERHEAD = 12;

    static final int MAGIC = 16;
    static final int UP_TO_MAGIC = 17;

    static final int V2_LEADER_EPOCH = 12;
    static final int V2_CRC = 17;
    static final int V2_ATTRIBUTES = 21;
    static final int V2_LAST_OFFSET_DELTA = 23;
    static final int V2_BASE_TIMESTAMP = 27;
    static final int V2_MAX_TIMESTAMP = 35;
    static final int V2_PRODUCER_ID = 43;
    static final int V2_PRODUCER_EPOCH = 51;
    static final int V2_BASE_SEQUENCE = 53;
    static final int V2_COUNT = 57;
    static final int V2_RECORDS = 61;
    /** Length, attributes, two deltas, two lengths and a header count of one byte each. */
    static final int V2_SMALLEST_RECORD = 7;

    static final int V0_CRC = 12;
    static final int V0_ATTRIBUTES = 17;
    static final int V1_TIMESTAMP = 18;
    static final int V0_SMALLEST = 14;
    static final int V1_SMALLEST = 22;

    static final int CODEC_MASK = 7;
    static final int TIMESTAMP_TYPE = 1 << 3;
    static final int TRANSACTIONAL = 1 << 4;
    static final int CONTROL = 1 << 5;
    static final int DELETE_HORIZON = 1 << 6;

    private static final VarHandle INT32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle INT64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private BatchFormat() {}

    static void int16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    static int int32(byte[] bytes, int at) {
        return (int) INT32.get(bytes, at);
    }

    static void int32(byte[] bytes, int at, int value) {
        INT32.set(bytes, at, value);
    }

    static long int64(byte[] bytes, int at) {
        return (long) INT64.get(bytes, at);
    }

    static void int64(byte[] bytes, int at, long value) {
        INT64.set(bytes, at, value);
    }

    static int smallest(byte magic) {
        return switch (magic) {
            case 0 -> LOG_OVERHEAD + V0_SMALLEST;
            case 1 -> LOG_OVERHEAD + V1_SMALLEST;
            default -> V2_RECORDS;
        };
    }

    /** First byte of a message's key length. */
    static int messageBody(byte magic) {
        return magic == 0 ? V1_TIMESTAMP : V1_TIMESTAMP + 8;
    }

    /** The header of a complete batch, which is the whole buffer. */
    static BatchHeader header(ByteBuffer batch) throws CorruptRecords {
        byte magic = batch.get(MAGIC);
        int attributes = magic == 2 ? batch.getShort(V2_ATTRIBUTES) : batch.get(V0_ATTRIBUTES);
        int codec = attributes & CODEC_MASK;
        if (!Compression.isKnown(codec) || !Compression.of(codec).knownTo(magic)) {
            throw new CorruptRecords("codec " + codec + " is unknown to message format v" + magic);
        }
        return magic == 2
                ? v2(batch, attributes, Compression.of(codec))
                : message(batch, magic, attributes, Compression.of(codec));
    }

    private static BatchHeader v2(ByteBuffer batch, int attributes, Compression compression) throws CorruptRecords {
        long base = batch.getLong(0);
        int lastDelta = batch.getInt(V2_LAST_OFFSET_DELTA);
        int count = batch.getInt(V2_COUNT);
        if (base < 0 || lastDelta < 0 || base > Long.MAX_VALUE - 1 - lastDelta) {
            throw new CorruptRecords("base offset " + base + " with last offset delta " + lastDelta);
        }
        if (count < 0 || count > lastDelta + 1L) {
            throw new CorruptRecords("record count " + count + " with last offset delta " + lastDelta);
        }
        TimestampType type =
                (attributes & TIMESTAMP_TYPE) != 0 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
        return new BatchHeader(
                base,
                base + lastDelta,
                batch.remaining(),
                (byte) 2,
                compression,
                type,
                (attributes & TRANSACTIONAL) != 0,
                (attributes & CONTROL) != 0,
                batch.getLong(V2_PRODUCER_ID),
                batch.getShort(V2_PRODUCER_EPOCH),
                batch.getInt(V2_BASE_SEQUENCE),
                batch.getInt(V2_LEADER_EPOCH),
                count,
                batch.getLong(V2_MAX_TIMESTAMP));
    }

    private static BatchHeader message(ByteBuffer batch, byte magic, int attributes, Compression compression)
            throws CorruptRecords {
        long offset = batch.getLong(0);
        if (offset < 0 || offset == Long.MAX_VALUE) {
            throw new CorruptRecords("offset " + offset);
        }
        int count = compression == Compression.NONE ? 1 : -1;
        return new BatchHeader(
                offset,
                offset,
                batch.remaining(),
                magic,
                compression,
                timestampType(magic, attributes),
                false,
                false,
                -1,
                (short) -1,
                -1,
                -1,
                count,
                magic == 0 ? -1 : batch.getLong(V1_TIMESTAMP));
    }

    static TimestampType timestampType(byte magic, int attributes) {
        if (magic == 0) {
            return TimestampType.NONE;
        }
        return (attributes & TIMESTAMP_TYPE) != 0 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    /** Whether the stored checksum is that of the bytes. */
    static boolean crcValid(ByteBuffer batch) {
        Content content = Content.of(batch);
        try {
            return crcValid(content.bytes(), content.from(), content.to());
        } finally {
            content.release();
        }
    }

    static boolean crcValid(byte[] bytes, int from, int to) {
        boolean v2 = bytes[from + MAGIC] == 2;
        Checksum checksum = v2 ? new CRC32C() : new CRC32();
        int covered = from + (v2 ? V2_ATTRIBUTES : MAGIC);
        checksum.update(bytes, covered, to - covered);
        return int32(bytes, from + (v2 ? V2_CRC : V0_CRC)) == (int) checksum.getValue();
    }
}
