package dev.kafkaloom.record;

import java.nio.ByteBuffer;

/** The records of a v2 batch (KIP-98). */
final class BatchV2Cursor extends RecordCursor {
    /** What four numbers before the key and the attributes may take. */
    private static final int QUICK = 4 * 2 + 1;

    private final long baseTimestamp;
    private final boolean appendTime;
    private final long baseOffset;
    private final long lastOffset;
    private final int limit;
    private int left;

    private BatchV2Cursor(BatchHeader header, Content records, long baseTimestamp, DecodeLimits limits) {
        super(header, records, limits);
        this.baseTimestamp = baseTimestamp;
        this.appendTime = header.timestampType() == TimestampType.LOG_APPEND_TIME;
        this.baseOffset = header.baseOffset();
        this.lastOffset = header.lastOffset();
        this.offset = baseOffset - 1;
        this.limit = in.limit();
        this.left = header.recordCount();
    }

    static BatchV2Cursor open(ByteBuffer batch, BatchHeader header, DecodeLimits limits) throws CorruptRecords {
        ByteBuffer payload = batch.slice(BatchFormat.V2_RECORDS, batch.limit() - BatchFormat.V2_RECORDS);
        boolean emptied = header.recordCount() == 0
                && !payload.hasRemaining(); // by compaction: not even a codec's header is left
        Compression compression = emptied ? Compression.NONE : header.compression();
        Content records = Content.of(payload, compression, (byte) 2, limits);
        BatchV2Cursor cursor = new BatchV2Cursor(header, records, batch.getLong(BatchFormat.V2_BASE_TIMESTAMP), limits);
        try {
            if (header.recordCount() > records.length() / BatchFormat.V2_SMALLEST_RECORD) {
                throw new CorruptRecords(
                        "claims " + header.recordCount() + " records in " + records.length() + " bytes");
            }
            cursor.charge(header.recordCount());
        } catch (CorruptRecords e) {
            cursor.close();
            throw e;
        }
        return cursor;
    }

    @Override
    boolean advance() throws CorruptRecords {
        if (left == 0) {
            if (in.remaining() > 0) {
                throw new CorruptRecords(in.remaining() + " bytes are left behind the last record");
            }
            return false;
        }
        left--;
        return quick(array(), in.position()) || careful();
    }

    private boolean careful() throws CorruptRecords {
        int length = in.varint();
        if (length < 0 || length > in.remaining()) {
            throw new CorruptRecords("record of " + length + " bytes where " + in.remaining() + " are left");
        }
        int end = in.position() + length;
        record();
        if (in.position() != end) {
            throw new CorruptRecords("record of " + length + " bytes ends " + (in.position() - end) + " bytes off");
        }
        return true;
    }

    private void record() throws CorruptRecords {
        in.int8(); // attributes, none are defined
        long delta = in.varlong();
        timestamp = appendTime ? header.maxTimestamp() : baseTimestamp + delta;
        long last = offset;
        offset = baseOffset + in.varint();
        if (offset <= last || offset > lastOffset) {
            throw new CorruptRecords("offset " + offset + " behind " + last + " in a batch up to " + lastOffset);
        }
        keyLength = in.varint();
        keyAt = in.position();
        in.skip(keyLength, "record key");
        valueLength = in.varint();
        valueAt = in.position();
        in.skip(valueLength, "record value");
        headerCount = in.varint();
        headersAt = in.position();
        if (headerCount != 0) {
            walkHeaders();
        }
    }

    /**
     * Reads a record that is as nearly all are: numbers of at most two bytes, no headers, nothing wrong. False otherwise, and then
     * neither position nor offset have moved. Three times as fast as the careful way, because the position stays in a register; in two
     * methods because the JIT compiler inlines none of more than 325 bytes.
     */
    private boolean quick(byte[] b, int start) {
        if (limit - start < QUICK) {
            return false;
        }
        int p = start;
        int length = b[p++];
        if (length < 0) {
            length = (length & 0x7f) | (b[p++] << 7);
        }
        int end = p + (length >>> 1);
        p++; // attributes
        int time = b[p++];
        if (time < 0) {
            time = (time & 0x7f) | (b[p++] << 7);
        }
        int delta = b[p++];
        if (delta < 0) {
            delta = (delta & 0x7f) | (b[p++] << 7);
        }
        int key = b[p++];
        if (key < 0) {
            key = (key & 0x7f) | (b[p++] << 7);
        }
        if ((length | time | delta | key) < 0 || (length & 1) != 0 || end > limit) {
            return false;
        }
        timestamp = appendTime ? header.maxTimestamp() : baseTimestamp + unzigzag(time);
        keyAt = p;
        keyLength = unzigzag(key);
        return quick(b, p + Math.max(keyLength, 0), end, baseOffset + unzigzag(delta));
    }

    private boolean quick(byte[] b, int start, int end, long next) {
        if (start > end - 3 || next <= offset || next > lastOffset || keyLength < -1) {
            return false;
        }
        int p = start;
        int value = b[p++];
        if (value < 0) {
            value = (value & 0x7f) | (b[p++] << 7);
        }
        valueAt = p;
        valueLength = unzigzag(value);
        p += Math.max(valueLength, 0);
        if (value < 0 || valueLength < -1 || p != end - 1 || b[p] != 0) {
            return false;
        }
        headerCount = 0;
        offset = next;
        in.position(end);
        return true;
    }

    private static int unzigzag(int raw) {
        return (raw >>> 1) ^ -(raw & 1);
    }

    private void walkHeaders() throws CorruptRecords {
        if (headerCount < 0 || headerCount > in.remaining() / 2) {
            throw new CorruptRecords("record with " + headerCount + " headers in " + in.remaining() + " bytes");
        }
        charge(headerCount);
        for (int i = 0; i < headerCount; i++) {
            int length = in.varint();
            if (length == -1) {
                throw new CorruptRecords("header key is null");
            }
            in.skip(length, "header key");
            in.skip(in.varint(), "header value");
        }
    }
}
