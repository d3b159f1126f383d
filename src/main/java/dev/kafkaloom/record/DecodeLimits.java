package dev.kafkaloom.record;

/**
 * What decoding one batch may cost, whatever the batch claims.
 *
 * @param maxDecompressedBytes bytes after decompression; the objects built from them (records, headers) are held to the same figure
 *     at {@value #OBJECT_BYTES} bytes each, because a record of 7 bytes costs more on the heap than in the batch
 */
public record DecodeLimits(int maxDecompressedBytes) {
    static final int OBJECT_BYTES = 64;

    /** 64 MiB. */
    public static final DecodeLimits DEFAULT = new DecodeLimits(64 << 20);

    public DecodeLimits {
        if (maxDecompressedBytes < 1) {
            throw new IllegalArgumentException("maxDecompressedBytes " + maxDecompressedBytes + ": must be at least 1");
        }
    }

    int maxObjects() {
        return Math.max(1024, maxDecompressedBytes / OBJECT_BYTES);
    }
}
