package dev.kafkaloom.record;

import dev.kafkaloom.protocol.KafkaException;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Message formats v0 and v1: messages one after the other; compressed, they become the value of one message that carries the offset of
 * the last. Inside of it, v1 counts offsets from 0 (KIP-31).
 */
final class MessageSetBuilder extends BatchBuilder {
    private final byte magic;
    private final boolean nested;
    private long maxTimestamp = -1;

    MessageSetBuilder(BatchOptions options, int sizeLimit) {
        super(options, sizeLimit);
        this.magic = options.magic();
        this.nested = options.compression() != Compression.NONE;
    }

    @Override
    long measure(long offset, long timestamp, byte[] key, byte[] value, List<Header> headers) {
        if (!headers.isEmpty()) {
            throw new KafkaException.InvalidRequest("record headers exist since Kafka 0.11, and the broker is older");
        }
        return BatchFormat.messageBody(magic) + 8L + lengthOf(key) + lengthOf(value);
    }

    @Override
    void write(long offset, long timestamp, byte[] key, byte[] value, List<Header> headers) {
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        boolean relative = nested && magic > 0;
        int start = begin(
                out,
                relative ? offset - options.baseOffset() : offset,
                options.attributes() & ~BatchFormat.CODEC_MASK,
                options.appendTime() == -1 ? timestamp : options.appendTime());
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

    private int begin(GrowingBytes to, long offset, int attributes, long timestamp) {
        int start = to.size();
        to.int64(offset);
        to.int64(0); // size and CRC, when they are known
        to.write(magic);
        to.write(attributes);
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
    GrowingBytes finish() {
        if (!nested) {
            return out;
        }
        GrowingBytes message = new GrowingBytes(out.size() / 2 + 64);
        long timestamp = options.appendTime() == -1 ? maxTimestamp : options.appendTime();
        int start = begin(message, lastOffset(), options.attributes(), timestamp);
        message.int32(-1);
        int length = message.size();
        message.int32(0);
        options.compression().compress(options.level(), out.array(), 0, out.size(), magic, message);
        message.setInt32(length, message.size() - length - 4);
        end(message, start);
        return message;
    }
}
