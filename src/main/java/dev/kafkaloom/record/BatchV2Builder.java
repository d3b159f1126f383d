package dev.kafkaloom.record;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/** Message format v2: a header of 61 bytes, then records with deltas to it, compressed as a whole. */
final class BatchV2Builder extends BatchBuilder {
    private static final byte[][] NO_KEYS = {};

    private long baseTimestamp;
    private long maxTimestamp = -1;
    private int measured;
    private byte[][] headerKeys = NO_KEYS;

    BatchV2Builder(BatchOptions options, int sizeLimit) {
        super(options, sizeLimit);
        out.advance(BatchFormat.V2_RECORDS);
    }

    @Override
    long measure(long offset, long timestamp, byte[] key, byte[] value, List<Header> headers) {
        long body = 1
                + GrowingBytes.sizeOfVarint(timestamp - base(timestamp))
                + GrowingBytes.sizeOfVarint(offset - options.baseOffset())
                + sizeOf(key)
                + sizeOf(value)
                + (headers.isEmpty() ? 1 : sizeOf(headers));
        measured = (int) body;
        return body + GrowingBytes.sizeOfVarint(body);
    }

    /** What timestamps count from: the first record's, unless the field holds the delete horizon. */
    private long base(long timestamp) {
        if (options.deleteHorizon() != -1) {
            return options.deleteHorizon();
        }
        return recordCount() == 0 ? timestamp : baseTimestamp;
    }

    private static long sizeOf(byte[] bytes) {
        return bytes == null ? 1 : GrowingBytes.sizeOfVarint(bytes.length) + (long) bytes.length;
    }

    private long sizeOf(List<Header> headers) {
        long size = GrowingBytes.sizeOfVarint(headers.size());
        headerKeys = new byte[headers.size()][];
        for (int i = 0; i < headerKeys.length; i++) {
            headerKeys[i] = headers.get(i).key().getBytes(StandardCharsets.UTF_8);
            size += sizeOf(headerKeys[i]) + sizeOf(headers.get(i).value());
        }
        return size;
    }

    @Override
    void write(long offset, long timestamp, byte[] key, byte[] value, List<Header> headers) {
        baseTimestamp = base(timestamp);
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        byte[] to = out.array();
        int p = GrowingBytes.putVarint(to, out.size(), measured);
        to[p++] = 0; // attributes, none are defined
        p = GrowingBytes.putVarint(to, p, timestamp - baseTimestamp);
        p = GrowingBytes.putVarint(to, p, offset - options.baseOffset());
        p = put(to, p, key);
        p = put(to, p, value);
        p = GrowingBytes.putVarint(to, p, headers.size());
        for (int i = 0; i < headers.size(); i++) {
            p = put(to, p, headerKeys[i]);
            p = put(to, p, headers.get(i).value());
        }
        out.advance(p - out.size());
    }

    private static int put(byte[] to, int at, byte[] bytes) {
        if (bytes == null) {
            return GrowingBytes.putVarint(to, at, -1);
        }
        int p = GrowingBytes.putVarint(to, at, bytes.length);
        System.arraycopy(bytes, 0, to, p, bytes.length);
        return p + bytes.length;
    }

    @Override
    GrowingBytes finish() {
        GrowingBytes batch = out;
        if (options.compression() != Compression.NONE) {
            batch = new GrowingBytes(out.size() / 2 + BatchFormat.V2_RECORDS);
            batch.advance(BatchFormat.V2_RECORDS);
            int length = out.size() - BatchFormat.V2_RECORDS;
            options.compression()
                    .compress(options.level(), out.array(), BatchFormat.V2_RECORDS, length, (byte) 2, batch);
        }
        header(batch.array(), batch.size());
        return batch;
    }

    private void header(byte[] to, int size) {
        BatchFormat.int64(to, 0, options.baseOffset());
        BatchFormat.int32(to, BatchFormat.SIZE, size - BatchFormat.LOG_OVERHEAD);
        BatchFormat.int32(to, BatchFormat.V2_LEADER_EPOCH, options.partitionLeaderEpoch());
        to[BatchFormat.MAGIC] = 2;
        BatchFormat.int16(to, BatchFormat.V2_ATTRIBUTES, options.attributes());
        long last = Math.max(lastOffset(), options.lastOffset());
        BatchFormat.int32(to, BatchFormat.V2_LAST_OFFSET_DELTA, Math.toIntExact(last - options.baseOffset()));
        BatchFormat.int64(to, BatchFormat.V2_BASE_TIMESTAMP, baseTimestamp);
        BatchFormat.int64(
                to, BatchFormat.V2_MAX_TIMESTAMP, options.appendTime() != -1 ? options.appendTime() : maxTimestamp);
        BatchFormat.int64(to, BatchFormat.V2_PRODUCER_ID, options.producerId());
        BatchFormat.int16(to, BatchFormat.V2_PRODUCER_EPOCH, options.producerEpoch());
        BatchFormat.int32(to, BatchFormat.V2_BASE_SEQUENCE, options.baseSequence());
        BatchFormat.int32(to, BatchFormat.V2_COUNT, recordCount());
        CRC32C crc = new CRC32C();
        crc.update(to, BatchFormat.V2_ATTRIBUTES, size - BatchFormat.V2_ATTRIBUTES);
        BatchFormat.int32(to, BatchFormat.V2_CRC, (int) crc.getValue());
    }
}
