package dev.kafkaloom.record;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/**
 * zstd, by zstd-jni, whole batches at a time: half again as fast as its streams, and no window is allocated, however large the one is
 * that a frame asks for. Contexts are kept, because making one costs as much as a small batch.
 */
final class ZstdCodec {
    private static final Slots<ZstdCompressCtx> ENCODERS = new Slots<>(8);
    private static final Slots<ZstdDecompressCtx> DECODERS = new Slots<>(8);
    /** What is compressed harder than this, or is longer, takes tables that are not worth keeping. */
    private static final int KEPT_LEVEL = 9;

    private static final int KEPT_LENGTH = 1 << 20;

    private static final int FIRST_GUESS = 64 << 10;
    /** A frame's claim of its size is believed up to what memory is kept for anyway, and beyond up to this many times its length. */
    private static final int BELIEVED = 1 << 20;

    private static final long BELIEVED_RATIO = 16;

    private ZstdCodec() {}

    static void compress(int level, byte[] bytes, int offset, int length, GrowingBytes out) {
        byte[] packed = Scratch.take(Math.toIntExact(Zstd.compressBound(length)));
        ZstdCompressCtx kept = ENCODERS.take();
        ZstdCompressCtx encoder = kept != null ? kept : new ZstdCompressCtx();
        try {
            encoder.setLevel(level);
            out.write(packed, 0, encoder.compressByteArray(packed, 0, packed.length, bytes, offset, length));
        } finally {
            Scratch.give(packed);
            if (level > KEPT_LEVEL || length > KEPT_LENGTH || !ENCODERS.give(encoder)) {
                encoder.close();
            }
        }
    }

    static void decompress(byte[] in, int from, int to, GrowingBytes out) throws CorruptRecords {
        if (from == to) {
            throw new CorruptRecords("zstd frame is empty");
        }
        ZstdDecompressCtx kept = DECODERS.take();
        ZstdDecompressCtx decoder = kept != null ? kept : new ZstdDecompressCtx();
        try {
            decompress(decoder, in, from, to - from, out);
        } finally {
            if (!DECODERS.give(decoder)) {
                decoder.close();
            }
        }
    }

    /** The size is guessed, since Kafka's own producer does not tell it, and guessed again when it was more. */
    private static void decompress(ZstdDecompressCtx decoder, byte[] in, int from, int length, GrowingBytes out)
            throws CorruptRecords {
        long claim = Math.min(Zstd.getFrameContentSize(in, from, length), Math.max(BELIEVED, BELIEVED_RATIO * length));
        for (long guess = claim > 0 ? claim : Math.max(FIRST_GUESS, 4L * length); ; guess *= 4) {
            out.room((int) Math.min(guess, out.left()));
            int room = Math.min(out.array().length - out.size(), out.left());
            try {
                out.advance(decoder.decompressByteArray(out.array(), out.size(), room, in, from, length));
                return;
            } catch (ZstdException e) {
                if (e.getErrorCode() != Zstd.errDstSizeTooSmall()) {
                    throw new CorruptRecords("not valid zstd: " + e.getMessage());
                }
                if (room == out.left()) {
                    throw out.tooLarge();
                }
            }
        }
    }
}
