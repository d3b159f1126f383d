package dev.kafkaloom.producer;

import dev.kafkaloom.record.Compression;

/**
 * How hard each codec tries (KIP-390); a higher level is slower and denser. snappy has no levels.
 *
 * @param gzip 1 to 9, or -1 for zlib's own choice
 * @param lz4 1 to 17; 9 is the fast compressor, every other the slow one
 * @param zstd -131072 to 22
 */
public record CompressionLevels(int gzip, int lz4, int zstd) {
    /** Kafka's defaults. */
    public static final CompressionLevels DEFAULT = new CompressionLevels(
            Compression.GZIP.defaultLevel(), Compression.LZ4.defaultLevel(), Compression.ZSTD.defaultLevel());

    public CompressionLevels {
        Compression.GZIP.checkLevel(gzip);
        Compression.LZ4.checkLevel(lz4);
        Compression.ZSTD.checkLevel(zstd);
    }

    /** The same with another level of this codec; {@link Compression#checkLevel} says what it may be. */
    public CompressionLevels with(Compression codec, int level) {
        return switch (codec) {
            case GZIP -> new CompressionLevels(level, lz4, zstd);
            case LZ4 -> new CompressionLevels(gzip, level, zstd);
            case ZSTD -> new CompressionLevels(gzip, lz4, level);
            case NONE, SNAPPY -> {
                codec.checkLevel(level);
                yield this;
            }
        };
    }

    /** The level of this codec. */
    public int of(Compression codec) {
        return switch (codec) {
            case GZIP -> gzip;
            case LZ4 -> lz4;
            case ZSTD -> zstd;
            case NONE, SNAPPY -> codec.defaultLevel();
        };
    }
}
