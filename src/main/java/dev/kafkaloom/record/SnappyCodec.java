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
        try {
            for (int at = 0; at < length; at += BLOCK) {
                int raw = Math.min(BLOCK, length - at);
                out.room(4 + Snappy.maxCompressedLength(raw));
                int size = Snappy.compress(bytes, offset + at, raw, out.array(), out.size() + 4);
                out.int32(size);
                out.advance(size);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void decompress(byte[] in, int from, int to, GrowingBytes out) throws CorruptRecords {
        if (!startsWithMagic(in, from, to)) {
            block(in, from, to - from, out);
            return;
        }
        int at = from + HEADER;
        while (at < to) {
            if (to - at < 4) {
                throw new CorruptRecords("snappy chunk length is cut off");
            }
            int length = BatchFormat.int32(in, at);
            if (length == MAGIC_AS_LENGTH && to - at >= HEADER) {
                at += HEADER; // streams that were concatenated
                continue;
            }
            at += 4;
            if (length < 0 || length > to - at) {
                throw new CorruptRecords("snappy chunk of " + length + " bytes where " + (to - at) + " are left");
            }
            block(in, at, length, out);
            at += length;
        }
    }

    private static boolean startsWithMagic(byte[] in, int from, int to) {
        return to - from >= HEADER && Arrays.equals(in, from, from + MAGIC.length, MAGIC, 0, MAGIC.length);
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
