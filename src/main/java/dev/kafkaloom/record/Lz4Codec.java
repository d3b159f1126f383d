package dev.kafkaloom.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The LZ4 frame format as Kafka uses it: 64 KiB independent blocks, no checksums but the header's. Kafka before 0.10 computed that one
 * over the magic number too (KAFKA-3160), and its brokers refuse anything else, so message format v0 still carries the wrong one.
 *
 * <p>Blocks are decoded by the library's native code, of which only the decoder that checks both of its ranges is used (the one for
 * known sizes has been out of bounds: CVE-2025-12183). What that refuses or cannot do, linked blocks for one, is left to {@link
 * Lz4Block}, in plain Java, which also finds the words for what is wrong.
 */
final class Lz4Codec {
    private static final int MAGIC = 0x184D2204;
    private static final int VERSION = 1 << 6;
    private static final int INDEPENDENT = 1 << 5;
    private static final int BLOCK_CHECKSUM = 1 << 4;
    private static final int CONTENT_SIZE = 1 << 3;
    private static final int CONTENT_CHECKSUM = 1 << 2;
    private static final int RESERVED = 1 << 1;
    private static final int DICTIONARY = 1;
    private static final int STORED = 1 << 31;
    private static final int BLOCK_CODE = 4;
    private static final int BLOCK = 64 * 1024;

    /** A block is given room for this many times its length before it has shown that it holds more. */
    private static final int MODEST_RATIO = 16;

    private static final LZ4Factory LIBRARY = LZ4Factory.fastestInstance();
    private static final LZ4SafeDecompressor DECODER = LIBRARY.safeDecompressor();
    private static final XXHash32 HASH = XXHashFactory.safeInstance().hash32();

    private Lz4Codec() {}

    static void compress(int level, byte[] bytes, int offset, int length, byte magic, GrowingBytes out) {
        int start = out.size();
        out.int32LittleEndian(MAGIC);
        out.write(VERSION | INDEPENDENT);
        out.write(BLOCK_CODE << 4);
        out.write(headerChecksum(out.array(), start, 2, magic == 0));
        LZ4Compressor compressor = compressor(level);
        for (int at = 0; at < length; at += BLOCK) {
            int raw = Math.min(BLOCK, length - at);
            out.room(4 + compressor.maxCompressedLength(raw));
            int size = compressor.compress(bytes, offset + at, raw, out.array(), out.size() + 4);
            if (size < raw) {
                out.int32LittleEndian(size);
                out.advance(size);
            } else {
                out.int32LittleEndian(raw | STORED);
                out.write(bytes, offset + at, raw);
            }
        }
        out.int32LittleEndian(0);
    }

    /** The default level is the fast compressor, as it was before there were levels; every other is the slow one's (KIP-390). */
    private static LZ4Compressor compressor(int level) {
        return level == Compression.LZ4.defaultLevel() ? LIBRARY.fastCompressor() : LIBRARY.highCompressor(level);
    }

    private static int headerChecksum(byte[] bytes, int frame, int descriptor, boolean withMagic) {
        int from = withMagic ? frame : frame + 4;
        return HASH.hash(bytes, from, frame + 4 + descriptor - from, 0) >> 8 & 0xff;
    }

    static void decompress(byte[] in, int from, int to, byte magic, GrowingBytes out) throws CorruptRecords {
        if (from == to) {
            throw new CorruptRecords("lz4 frame is empty");
        }
        ByteBuffer buffer = ByteBuffer.wrap(in, from, to - from).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            frame(buffer, magic, out);
        }
    }

    private static void frame(ByteBuffer in, byte magic, GrowingBytes out) throws CorruptRecords {
        int start = in.position();
        need(in, 7);
        if (in.getInt() != MAGIC) {
            throw new CorruptRecords("lz4 frame does not begin with its magic number");
        }
        int flags = in.get();
        int blockCode = in.get() >> 4 & 7;
        if ((flags >> 6 & 3) != 1 || (flags & (RESERVED | DICTIONARY)) != 0 || blockCode < 4) {
            throw new CorruptRecords(
                    "lz4 frame descriptor 0x" + Integer.toHexString(flags & 0xff) + " is not supported");
        }
        boolean claims = (flags & CONTENT_SIZE) != 0;
        long claimed = -1;
        if (claims) {
            need(in, 9);
            claimed = in.getLong();
        }
        checkHeader(in, start, magic);
        int content = out.size();
        blocks(in, flags, 1 << (8 + 2 * blockCode), out);
        if (claims && claimed != out.size() - content) {
            throw new CorruptRecords("lz4 frame holds " + (out.size() - content) + " bytes and claimed " + claimed);
        }
        if ((flags & CONTENT_CHECKSUM) != 0) {
            checksum(in, out.array(), content, out.size() - content, "content");
        }
    }

    private static void checkHeader(ByteBuffer in, int start, byte magic) throws CorruptRecords {
        int descriptor = in.position() - start - 4;
        int found = in.get() & 0xff;
        if (magic == 0 || found == headerChecksum(in.array(), start, descriptor, false)) {
            return; // nobody ever checked it in v0, where clients wrote the wrong one or the right one
        }
        // v1 may come from clients on either side of KAFKA-3160
        if (magic >= 2 || found != headerChecksum(in.array(), start, descriptor, true)) {
            throw new CorruptRecords("lz4 frame header has a wrong checksum");
        }
    }

    private static void blocks(ByteBuffer in, int flags, int blockSize, GrowingBytes out) throws CorruptRecords {
        int frameStart = out.size();
        while (true) {
            need(in, 4);
            int word = in.getInt();
            if (word == 0) {
                return;
            }
            int length = word & ~STORED;
            if (length > in.remaining()) {
                throw new CorruptRecords("lz4 block of " + length + " bytes where " + in.remaining() + " are left");
            }
            int before = out.size();
            int at = in.position();
            if ((word & STORED) != 0) {
                out.reserve(length);
                out.write(in.array(), at, length);
            } else {
                boolean linked = (flags & INDEPENDENT) == 0 && before > frameStart;
                if (linked || !decode(in.array(), at, length, blockSize, out)) {
                    Lz4Block.decode(in.array(), at, length, linked ? frameStart : before, out);
                }
            }
            if (out.size() - before > blockSize) {
                throw new CorruptRecords("lz4 block holds more than the frame's " + blockSize + " bytes");
            }
            in.position(at + length);
            if ((flags & BLOCK_CHECKSUM) != 0) {
                checksum(in, in.array(), at, length, "block");
            }
        }
    }

    /** False when the block has to be looked at more closely; nothing is appended then. */
    private static boolean decode(byte[] in, int at, int length, int blockSize, GrowingBytes out) {
        long modest = Math.max(BLOCK, (long) MODEST_RATIO * length);
        int room = (int) Math.min(Math.min(blockSize, out.left()), modest);
        out.room(room);
        try {
            out.advance(DECODER.decompress(in, at, length, out.array(), out.size(), room));
            return true;
        } catch (LZ4Exception e) {
            return false;
        }
    }

    private static void checksum(ByteBuffer in, byte[] bytes, int offset, int length, String what)
            throws CorruptRecords {
        need(in, 4);
        if (in.getInt() != HASH.hash(bytes, offset, length, 0)) {
            throw new CorruptRecords("lz4 " + what + " has a wrong checksum");
        }
    }

    private static void need(ByteBuffer in, int bytes) throws CorruptRecords {
        if (in.remaining() < bytes) {
            throw new CorruptRecords("lz4 frame is cut off");
        }
    }
}
