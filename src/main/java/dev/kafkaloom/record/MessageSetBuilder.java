package dev.kafkaloom.record;

import dev.kafkaloom.protocol.KafkaException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Message formats v0 and v1: messages one after the other, offsets counted from 0; compressed, they become the value of one message that
 * carries the offset of the last.
 */
final class MessageSetBuilder extends BatchBuilder {
    private final byte magic;
    private long maxTimestamp = -1;
    private GrowingBytes finished;

    MessageSetBuilder(byte magic, Compression compression, int sizeLimit) {
        super(compression, sizeLimit);
        this.magic = magic;
    }

    @Override
    public long sizeOf(long timestamp, byte[] key, byte[] value, List<Header> headers) {
        if (!headers.isEmpty()) {
            throw new KafkaException.InvalidRequest("record headers exist since Kafka 0.11, and the broker is older");
        }
        return BatchFormat.messageBody(magic) + 8L + lengthOf(key) + lengthOf(value);
    }

    @Override
    void write(long timestamp, byte[] key, byte[] value, List<Header> headers) {
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        int start = begin(out, recordCount(), Compression.NONE, timestamp);
        bytes(key);
        bytes(value);
        end(out, start);
    }

    private void bytes(byte[] bytes) {
        if (bytes == null) {
            out.int32(-1);
        } else {
            out.int32(bytes.length);
            out.writeAll(bytes);
        }
    }

    private int begin(GrowingBytes to, long offset, Compression codec, long timestamp) {
        int start = to.size();
        to.int64(offset);
        to.int64(0); // size and CRC, when they are known
        to.write(magic);
        to.write(codec.id());
        if (magic > 0) {
            to.int64(timestamp);
        }
        return start;
    }

    private static void end(GrowingBytes to, int start) {
        CRC32 crc = new CRC32();
        crc.update(to.array(), start + BatchFormat.MAGIC, to.size() - start - BatchFormat.MAGIC);
        to.setInt32(start + BatchFormat.SIZE, to.size() - start - BatchFormat.LOG_OVERHEAD);
        to.setInt32(start + BatchFormat.V0_CRC, (int) crc.getValue());
    }

    @Override
    void finish() {
        finished = out;
        if (compression == Compression.NONE) {
            return;
        }
        finished = new GrowingBytes(out.size() / 2 + 64);
        int start = begin(finished, recordCount() - 1, compression, maxTimestamp);
        finished.int32(-1);
        int length = finished.size();
        finished.int32(0);
        compression.compress(out.array(), 0, out.size(), magic, finished);
        finished.setInt32(length, finished.size() - length - 4);
        end(finished, start);
    }

    @Override
    ByteBuffer result() {
        return finished.toBuffer();
    }
}
