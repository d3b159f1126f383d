package dev.kafkaloom.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Decodes the records of a v2 batch (KIP-98). */
final class BatchV2Reader {
    private static final int FIRST_CAPACITY = 8192;

    private final BatchHeader header;
    private final Cursor in;
    private final long baseTimestamp;

    private BatchV2Reader(BatchHeader header, Cursor in, long baseTimestamp) {
        this.header = header;
        this.in = in;
        this.baseTimestamp = baseTimestamp;
    }

    static List<LogRecord> read(ByteBuffer batch, BatchHeader header, DecodeLimits limits) throws CorruptRecords {
        ByteBuffer payload = batch.slice(BatchFormat.V2_RECORDS, batch.limit() - BatchFormat.V2_RECORDS);
        if (header.recordCount() == 0 && !payload.hasRemaining()) {
            return List.of(); // compaction left the batch empty, without even a codec's header
        }
        ByteBuffer records = header.compression().decompress(payload, (byte) 2, limits);
        if (header.recordCount() > records.remaining() / BatchFormat.V2_SMALLEST_RECORD) {
            throw new CorruptRecords(
                    "claims " + header.recordCount() + " records in " + records.remaining() + " bytes");
        }
        return new BatchV2Reader(header, new Cursor(records, limits), batch.getLong(BatchFormat.V2_BASE_TIMESTAMP))
                .records();
    }

    private List<LogRecord> records() throws CorruptRecords {
        in.charge(header.recordCount());
        List<LogRecord> records = new ArrayList<>(Math.min(header.recordCount(), FIRST_CAPACITY));
        long last = header.baseOffset() - 1;
        for (int i = 0; i < header.recordCount(); i++) {
            LogRecord record = record();
            if (record.offset() <= last || record.offset() > header.lastOffset()) {
                throw new CorruptRecords(
                        "offset " + record.offset() + " behind " + last + " in a batch up to " + header.lastOffset());
            }
            last = record.offset();
            records.add(record);
        }
        if (in.remaining() > 0) {
            throw new CorruptRecords(in.remaining() + " bytes are left behind the last record");
        }
        return records;
    }

    private LogRecord record() throws CorruptRecords {
        int length = in.varint();
        if (length < 0 || length > in.remaining()) {
            throw new CorruptRecords("record of " + length + " bytes where " + in.remaining() + " are left");
        }
        int end = in.position() + length;
        in.int8(); // attributes, none are defined
        long timestamp = baseTimestamp + in.varlong();
        if (header.timestampType() == TimestampType.LOG_APPEND_TIME) {
            timestamp = header.maxTimestamp();
        }
        long offset = header.baseOffset() + in.varint();
        byte[] key = in.varBytes("record key");
        byte[] value = in.varBytes("record value");
        List<Header> headers = headers();
        if (in.position() != end) {
            throw new CorruptRecords("record of " + length + " bytes ends " + (in.position() - end) + " bytes off");
        }
        return new LogRecord(offset, timestamp, header.timestampType(), key, value, headers);
    }

    private List<Header> headers() throws CorruptRecords {
        int count = in.varint();
        if (count == 0) {
            return List.of();
        }
        if (count < 0 || count > in.remaining() / 2) {
            throw new CorruptRecords("record with " + count + " headers in " + in.remaining() + " bytes");
        }
        in.charge(count);
        Header[] headers = new Header[count];
        for (int i = 0; i < count; i++) {
            headers[i] = new Header(in.varString("header key"), in.varBytes("header value"));
        }
        return List.of(headers);
    }
}
