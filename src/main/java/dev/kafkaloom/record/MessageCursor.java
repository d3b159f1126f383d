package dev.kafkaloom.record;

import java.nio.ByteBuffer;

/**
 * A message of format v0 or v1. A compressed one carries a message set as its value, one level deep, whose last message has the
 * wrapper's offset. In v0 the inner offsets are absolute; in v1 (KIP-31) they are relative, but counting back from the last one to the
 * wrapper's offset is right for both, so sets that a broker rewrote with absolute offsets read well too.
 */
final class MessageCursor extends RecordCursor {
    private final byte magic;
    private final boolean nested;
    private long base;

    private MessageCursor(BatchHeader header, Content content, boolean nested, DecodeLimits limits) {
        super(header, content, limits);
        this.magic = header.magic();
        this.nested = nested;
        this.offset = -1;
    }

    static MessageCursor open(ByteBuffer message, BatchHeader header, DecodeLimits limits) throws CorruptRecords {
        if (header.compression() == Compression.NONE) {
            return new MessageCursor(header, Content.of(message), false, limits);
        }
        Content set = Content.of(payload(message, header), header.compression(), header.magic(), limits);
        MessageCursor cursor = new MessageCursor(header, set, true, limits);
        try {
            cursor.base = cursor.baseOffset();
            cursor.in.position(set.from());
        } catch (CorruptRecords e) {
            cursor.close();
            throw e;
        }
        return cursor;
    }

    /** The compressed message set: the wrapper's value. */
    private static ByteBuffer payload(ByteBuffer message, BatchHeader header) throws CorruptRecords {
        Content content = Content.of(message);
        try {
            Cursor in = new Cursor(content.bytes(), content.from(), content.to());
            in.position(content.from() + BatchFormat.messageBody(header.magic()));
            in.skip(in.int32(), "message key");
            int length = in.int32();
            if (length != in.remaining()) {
                throw new CorruptRecords(
                        "compressed message set of " + length + " bytes where " + in.remaining() + " are left");
            }
            return message.slice(in.position() - content.from(), length);
        } finally {
            content.release();
        }
    }

    /** What the inner offsets count from: found by walking to the last one. */
    private long baseOffset() throws CorruptRecords {
        long last = -1;
        while (in.remaining() > 0) {
            last = in.int64();
            in.skip(messageSize(), "message");
            if (last < 0) {
                throw new CorruptRecords("offset " + last + " in a compressed message set");
            }
        }
        if (last == -1 || header.lastOffset() == 0) {
            return 0; // early librdkafka left the wrapper's offset at 0
        }
        if (header.lastOffset() < last) {
            throw new CorruptRecords("offset " + header.lastOffset()
                    + " of the compressed message set is below the inner offset " + last);
        }
        return magic == 0 ? 0 : header.lastOffset() - last;
    }

    private int messageSize() throws CorruptRecords {
        int size = in.int32();
        if (size < (magic == 0 ? BatchFormat.V0_SMALLEST : BatchFormat.V1_SMALLEST) || size > in.remaining()) {
            throw new CorruptRecords("message of " + size + " bytes where " + in.remaining() + " are left");
        }
        return size;
    }

    @Override
    boolean advance() throws CorruptRecords {
        if (in.remaining() == 0) {
            return false;
        }
        int start = in.position();
        if (nested) {
            inner(start);
        } else {
            offset = header.lastOffset();
            timestamp = header.maxTimestamp();
            in.position(start + BatchFormat.messageBody(magic));
            body(start + header.sizeInBytes());
        }
        return true;
    }

    private void inner(int start) throws CorruptRecords {
        charge(1);
        long last = offset;
        offset = base + in.int64();
        int end = start + BatchFormat.LOG_OVERHEAD + messageSize();
        byte[] bytes = array();
        if (bytes[start + BatchFormat.MAGIC] != magic
                || (bytes[start + BatchFormat.V0_ATTRIBUTES] & BatchFormat.CODEC_MASK) != 0) {
            throw new CorruptRecords("message in a compressed message set is of another format, or compressed again");
        }
        if (!BatchFormat.crcValid(bytes, start, end)) {
            throw new CorruptRecords("message " + offset + " in a compressed message set has a wrong CRC");
        }
        if (offset <= last) {
            throw new CorruptRecords("offset " + offset + " behind " + last + " in a compressed message set");
        }
        boolean appendTime = header.timestampType() == TimestampType.LOG_APPEND_TIME;
        timestamp = magic == 0
                ? -1
                : appendTime ? header.maxTimestamp() : BatchFormat.int64(bytes, start + BatchFormat.V1_TIMESTAMP);
        in.position(start + BatchFormat.messageBody(magic));
        body(end);
    }

    private void body(int end) throws CorruptRecords {
        keyLength = in.int32();
        keyAt = in.position();
        in.skip(keyLength, "message key");
        valueLength = in.int32();
        valueAt = in.position();
        in.skip(valueLength, "message value");
        if (in.position() != end) {
            throw new CorruptRecords((end - in.position()) + " bytes are left behind the message value");
        }
    }
}
