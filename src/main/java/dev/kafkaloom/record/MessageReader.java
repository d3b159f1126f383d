package dev.kafkaloom.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes a message of format v0 or v1. A compressed one carries a message set as its value, one level deep, whose last message has the
 * wrapper's offset. In v0 the inner offsets are absolute; in v1 (KIP-31) they are relative, but counting back from the last one to the
 * wrapper's offset is right for both, so sets that a broker rewrote with absolute offsets read well too.
 */
final class MessageReader {
    private final byte magic;
    private final BatchHeader wrapper;
    private final Cursor in;

    private MessageReader(BatchHeader wrapper, Cursor in) {
        this.magic = wrapper.magic();
        this.wrapper = wrapper;
        this.in = in;
    }

    static List<LogRecord> read(ByteBuffer message, BatchHeader header, DecodeLimits limits) throws CorruptRecords {
        Cursor in = new Cursor(message, limits);
        in.position(BatchFormat.messageBody(header.magic()));
        if (header.compression() == Compression.NONE) {
            return List.of(body(in, header.lastOffset(), header.maxTimestamp(), header.timestampType()));
        }
        in.bytes("message key");
        int length = in.int32();
        if (length != in.remaining()) {
            throw new CorruptRecords(
                    "compressed message set of " + length + " bytes where " + in.remaining() + " are left");
        }
        ByteBuffer set =
                header.compression().decompress(in.slice(length, "compressed message set"), header.magic(), limits);
        return new MessageReader(header, new Cursor(set, limits)).set();
    }

    private List<LogRecord> set() throws CorruptRecords {
        long base = baseOffset();
        in.position(0);
        List<LogRecord> records = new ArrayList<>();
        long last = -1;
        while (in.remaining() > 0) {
            in.charge(1);
            LogRecord record = inner(base);
            if (record.offset() <= last) {
                throw new CorruptRecords(
                        "offset " + record.offset() + " behind " + last + " in a compressed message set");
            }
            last = record.offset();
            records.add(record);
        }
        return records;
    }

    /** What the inner offsets count from: found by walking to the last one. */
    private long baseOffset() throws CorruptRecords {
        long last = -1;
        while (in.remaining() > 0) {
            last = in.int64();
            in.slice(size(), "message");
            if (last < 0) {
                throw new CorruptRecords("offset " + last + " in a compressed message set");
            }
        }
        if (magic == 0 || last == -1 || wrapper.lastOffset() == 0) {
            return 0; // early librdkafka left the wrapper's offset at 0
        }
        if (wrapper.lastOffset() < last) {
            throw new CorruptRecords("offset " + wrapper.lastOffset()
                    + " of the compressed message set is below the inner offset " + last);
        }
        return wrapper.lastOffset() - last;
    }

    private int size() throws CorruptRecords {
        int size = in.int32();
        if (size < (magic == 0 ? BatchFormat.V0_SMALLEST : BatchFormat.V1_SMALLEST) || size > in.remaining()) {
            throw new CorruptRecords("message of " + size + " bytes where " + in.remaining() + " are left");
        }
        return size;
    }

    private LogRecord inner(long base) throws CorruptRecords {
        int start = in.position();
        long offset = base + in.int64();
        int size = size();
        in.position(start);
        ByteBuffer message = in.slice(BatchFormat.LOG_OVERHEAD + size, "message");
        int attributes = message.get(BatchFormat.V0_ATTRIBUTES);
        if (message.get(BatchFormat.MAGIC) != magic || (attributes & BatchFormat.CODEC_MASK) != 0) {
            throw new CorruptRecords("message in a compressed message set is of another format, or compressed again");
        }
        if (!BatchFormat.crcValid(message)) {
            throw new CorruptRecords("message " + offset + " in a compressed message set has a wrong CRC");
        }
        Cursor body = in.over(message);
        body.position(BatchFormat.messageBody(magic));
        boolean appendTime = wrapper.timestampType() == TimestampType.LOG_APPEND_TIME;
        long timestamp =
                magic == 0 ? -1 : appendTime ? wrapper.maxTimestamp() : message.getLong(BatchFormat.V1_TIMESTAMP);
        return body(body, offset, timestamp, wrapper.timestampType());
    }

    private static LogRecord body(Cursor in, long offset, long timestamp, TimestampType type) throws CorruptRecords {
        byte[] key = in.bytes("message key");
        byte[] value = in.bytes("message value");
        if (in.remaining() > 0) {
            throw new CorruptRecords(in.remaining() + " bytes are left behind the message value");
        }
        return new LogRecord(offset, timestamp, type, key, value, List.of());
    }
}
