package dev.kafkaloom.fuzz;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/** Makes of a fuzzer's bytes batches whose checksums are right, and whose content may be what a codec really wrote. */
final class Packing {
    private static final int OVERHEAD = 12;
    private static final int MAGIC = 16;
    private static final int V0_CRC = 12;
    private static final int V2_CRC = 17;
    private static final int V2_ATTRIBUTES = 21;
    private static final int V2_RECORDS = 61;

    private Packing() {}

    /** What a control byte asks for: codecs 1 to 4 in the low three bits, else as it is; the message format in the next two. */
    static String label(byte control) {
        return isPacked(control) ? "v" + magic(control) + " " + codec(control) : "as it is";
    }

    private static boolean isPacked(byte control) {
        return (control & 7) >= 1 && (control & 7) <= 4 && ((control & 7) != 4 || magic(control) == 2);
    }

    private static CompressionType codec(byte control) {
        return CompressionType.forId(control & 7);
    }

    private static byte magic(byte control) {
        return (byte) Math.min(2, control >> 3 & 3);
    }

    static ByteBuffer of(byte control, byte[] bytes) throws IOException {
        ByteBuffer plain = ByteBuffer.wrap(bytes);
        mendChecksums(plain);
        if (!isPacked(control)) {
            return plain;
        }
        ByteBuffer packed = magic(control) == 2 ? packedBatch(control, plain) : wrapper(control, plain);
        mendChecksums(packed);
        return packed;
    }

    /** The first 61 bytes stay a batch's header, the rest becomes its compressed records. */
    private static ByteBuffer packedBatch(byte control, ByteBuffer batch) throws IOException {
        if (batch.remaining() < V2_RECORDS) {
            return batch;
        }
        byte[] records = compress(control, batch.array(), V2_RECORDS);
        ByteBuffer packed = ByteBuffer.allocate(V2_RECORDS + records.length);
        packed.put(batch.array(), 0, V2_RECORDS).put(records).flip();
        packed.putInt(8, packed.limit() - OVERHEAD);
        packed.put(MAGIC, (byte) 2);
        int attributes = packed.getShort(V2_ATTRIBUTES) & ~7;
        return packed.putShort(V2_ATTRIBUTES, (short) (attributes | codec(control).id));
    }

    /** The bytes are the message set inside a compressed message. */
    private static ByteBuffer wrapper(byte control, ByteBuffer set) throws IOException {
        byte[] value = compress(control, set.array(), 0);
        boolean stamped = magic(control) == 1;
        int size = 6 + (stamped ? 8 : 0) + 8 + value.length;
        ByteBuffer message = ByteBuffer.allocate(OVERHEAD + size);
        message.putLong(1_000).putInt(size).putInt(0).put(magic(control)).put(codec(control).id);
        if (stamped) {
            message.putLong(1_700_000_000_000L);
        }
        message.putInt(-1).putInt(value.length).put(value);
        return message.flip();
    }

    private static byte[] compress(byte control, byte[] bytes, int from) throws IOException {
        ByteBufferOutputStream packed = new ByteBufferOutputStream(512);
        try (OutputStream out = Compression.of(codec(control)).build().wrapForOutput(packed, magic(control))) {
            out.write(bytes, from, bytes.length - from);
        }
        ByteBuffer written = packed.buffer().flip();
        byte[] copy = new byte[written.remaining()];
        written.get(copy);
        return copy;
    }

    /** As far as the sizes lead from one batch to the next. */
    private static void mendChecksums(ByteBuffer records) {
        int at = 0;
        while (records.limit() - at > MAGIC) {
            byte magic = records.get(at + MAGIC);
            long size = OVERHEAD + (long) records.getInt(at + 8);
            int smallest = magic == 2 ? V2_RECORDS : MAGIC + 1;
            if (size < smallest || size > records.limit() - at) {
                return;
            }
            if (magic == 2) {
                records.putInt(at + V2_CRC, crc(new CRC32C(), records, at + V2_ATTRIBUTES, (int) size + at));
            } else {
                records.putInt(at + V0_CRC, crc(new CRC32(), records, at + MAGIC, (int) size + at));
            }
            at += (int) size;
        }
    }

    private static int crc(Checksum checksum, ByteBuffer records, int from, int to) {
        checksum.update(records.array(), from, to - from);
        return (int) checksum.getValue();
    }
}
