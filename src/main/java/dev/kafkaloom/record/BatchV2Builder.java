package dev.kafkaloom.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/** Message format v2: a header of 61 bytes, then records with deltas to it, compressed as a whole. */
final class BatchV2Builder extends BatchBuilder {
    private long baseTimestamp;
    private long maxTimestamp;
    private GrowingBytes finished;

    BatchV2Builder(Compression compression, int sizeLimit) {
        super(compression, sizeLimit);
        out.writeAll(new byte[BatchFormat.V2_RECORDS]);
    }

    @Override
    public long sizeOf(long timestamp, byte[] key, byte[] value, List<Header> headers) {
        long body = bodySize(timestamp, key, value, headers);
        return body + GrowingBytes.sizeOfVarlong(body);
    }

    private long bodySize(long timestamp, byte[] key, byte[] value, List<Header> headers) {
        long delta = recordCount() == 0 ? 0 : timestamp - baseTimestamp;
        long size = 1
                + GrowingBytes.sizeOfVarlong(delta)
                + GrowingBytes.sizeOfVarint(recordCount())
                + sizeOf(key)
                + sizeOf(value)
                + GrowingBytes.sizeOfVarint(headers.size());
        for (Header header : headers) {
            size += sizeOf(header.key().getBytes(StandardCharsets.UTF_8)) + sizeOf(header.value());
        }
        return size;
    }

    private static long sizeOf(byte[] bytes) {
        return bytes == null ? 1 : GrowingBytes.sizeOfVarint(bytes.length) + (long) bytes.length;
    }

    @Override
    void write(long timestamp, byte[] key, byte[] value, List<Header> headers) {
        if (recordCount() == 0) {
            baseTimestamp = timestamp;
            maxTimestamp = timestamp;
        }
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        out.varint((int) bodySize(timestamp, key, value, headers));
        out.write(0);
        out.varlong(timestamp - baseTimestamp);
        out.varint(recordCount());
        bytes(key);
        bytes(value);
        out.varint(headers.size());
        for (Header header : headers) {
            bytes(header.key().getBytes(StandardCharsets.UTF_8));
            bytes(header.value());
        }
    }

    private void bytes(byte[] bytes) {
        if (bytes == null) {
            out.varint(-1);
        } else {
            out.varint(bytes.length);
            out.writeAll(bytes);
        }
    }

    @Override
    void finish() {
        finished = out;
        if (compression != Compression.NONE) {
            finished = new GrowingBytes(out.size() / 2 + BatchFormat.V2_RECORDS);
            finished.writeAll(new byte[BatchFormat.V2_RECORDS]);
            compression.compress(
                    out.array(), BatchFormat.V2_RECORDS, out.size() - BatchFormat.V2_RECORDS, (byte) 2, finished);
        }
        ByteBuffer batch = ByteBuffer.wrap(finished.array(), 0, finished.size());
        batch.putLong(0, 0).putInt(BatchFormat.SIZE, finished.size() - BatchFormat.LOG_OVERHEAD);
        batch.putInt(BatchFormat.V2_LEADER_EPOCH, -1).put(BatchFormat.MAGIC, (byte) 2);
        batch.putShort(BatchFormat.V2_ATTRIBUTES, (short) compression.id());
        batch.putInt(BatchFormat.V2_LAST_OFFSET_DELTA, recordCount() - 1);
        batch.putLong(BatchFormat.V2_BASE_TIMESTAMP, baseTimestamp).putLong(BatchFormat.V2_MAX_TIMESTAMP, maxTimestamp);
        batch.putLong(BatchFormat.V2_PRODUCER_ID, -1).putShort(BatchFormat.V2_PRODUCER_EPOCH, (short) -1);
        batch.putInt(BatchFormat.V2_BASE_SEQUENCE, -1).putInt(BatchFormat.V2_COUNT, recordCount());
        CRC32C crc = new CRC32C();
        crc.update(finished.array(), BatchFormat.V2_ATTRIBUTES, finished.size() - BatchFormat.V2_ATTRIBUTES);
        batch.putInt(BatchFormat.V2_CRC, (int) crc.getValue());
    }

    @Override
    ByteBuffer result() {
        return finished.toBuffer();
    }
}
