package dev.kafkaloom.record;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** zstd, by zstd-jni. Read as a stream, because a frame's own claim of its size is not to be trusted. */
final class ZstdCodec {
    /** The decoder allocates the window a frame asks for: 128 MiB at most, what the highest levels use. */
    private static final int WINDOW_LOG_MAX = 27;

    private ZstdCodec() {}

    static void compress(int level, byte[] bytes, int offset, int length, GrowingBytes out) {
        byte[] compressed = new byte[Math.toIntExact(Zstd.compressBound(length))];
        long size = Zstd.compressByteArray(compressed, 0, compressed.length, bytes, offset, length, level);
        if (Zstd.isError(size)) {
            throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
        }
        out.write(compressed, 0, (int) size);
    }

    static void decompress(byte[] in, GrowingBytes out) throws CorruptRecords {
        try (ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(in))) {
            zstd.setLongMax(WINDOW_LOG_MAX);
            GzipCodec.drain(zstd, out);
        } catch (IOException e) {
            throw new CorruptRecords("not valid zstd: " + e.getMessage());
        }
    }
}
