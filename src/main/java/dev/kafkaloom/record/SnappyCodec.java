package dev.kafkaloom.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.xerial.snappy.Snappy;

/**
 * snappy, by snappy-java, inside the framing of its SnappyOutputStream, which Java clients and brokers expect: 16 bytes of header,
 * then chunks of int32 length and one snappy block. Raw blocks without the framing (early Go and C clients) are read too.
 */
final class SnappyCodec {
    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    private static final int MAGIC_AS_LENGTH = ByteBuffer.wrap(MAGIC).getInt();
    private static final int HEADER = 16;
    private static final int BLOCK = 32 * 1024;
    /** The format's densest element copies 64 bytes and takes 3: a block that claims more than this ratio lies. */
    private static final long MAX_RATIO = 22;

    private SnappyCodec() {}

    static void compress(byte[] bytes, int offset, int length, GrowingBytes out) {
        out.writeAll(MAGIC);
        out.int32(1);
        out.int32(1);
        byte[] block = new byte[Snappy.maxCompressedLength(Math.min(BLOCK, length))];
        try {
            for (int at = 0; at < length; at += BLOCK) {
                int size = Snappy.compress(bytes, offset + at, Math.min(BLOCK, length - at), block, 0);
                out.int32(size);
                out.write(block, 0, size);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void decompress(byte[] in, GrowingBytes out) throws CorruptRecords {
        if (!startsWithMagic(in)) {
            block(in, 0, in.length, out);
            return;
        }
        ByteBuffer buffer = ByteBuffer.wrap(in);
        int at = HEADER;
        while (at < in.length) {
            if (in.length - at < 4) {
                throw new CorruptRecords("snappy chunk length is cut off");
            }
            int length = buffer.getInt(at);
            if (length == MAGIC_AS_LENGTH && in.length - at >= HEADER) {
                at += HEADER; // streams that were concatenated
                continue;
            }
            at += 4;
            if (length < 0 || length > in.length - at) {
                throw new CorruptRecords(
                        "snappy chunk of " + length + " bytes where " + (in.length - at) + " are left");
            }
            block(in, at, length, out);
            at += length;
        }
    }

    private static boolean startsWithMagic(byte[] in) {
        return in.length >= HEADER && Arrays.equals(in, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    private static void block(byte[] in, int offset, int length, GrowingBytes out) throws CorruptRecords {
        try {
            int size = Snappy.uncompressedLength(in, offset, length);
            if (size < 0 || size > MAX_RATIO * length) {
                throw new CorruptRecords("snappy block of " + length + " bytes claims to hold " + size);
            }
            out.reserve(size);
            int written = Snappy.uncompress(in, offset, length, out.array(), out.size());
            if (written != size) {
                throw new CorruptRecords("snappy block holds " + written + " bytes and claimed " + size);
            }
            out.advance(size);
        } catch (IOException e) {
            throw new CorruptRecords("not valid snappy: " + e.getMessage());
        }
    }
}
