package dev.kafkaloom.record;

import dev.kafkaloom.protocol.KafkaException;
import java.nio.ByteBuffer;
import java.util.Locale;

/** The codecs of record batches, with the id each has in a batch's attributes. */
public enum Compression {
    NONE(0, 0),
    /** Levels 1 to 9, and -1 for what zlib thinks best. */
    GZIP(1, 0, -1, 9, -1),
    SNAPPY(2, 0),
    /** Since Kafka 0.8.2. Levels 1 to 17, all of the slow and dense compressor but 9, which is the fast one (as in Kafka). */
    LZ4(3, 0, 1, 17, 9),
    /** Since Kafka 2.1 (KIP-110), in message format v2 only. Levels -131072 (fastest) to 22. */
    ZSTD(4, 2, -131_072, 22, 3);

    private static final Compression[] BY_ID = values();

    private final int id;
    private final int minMagic;
    private final int lowestLevel;
    private final int highestLevel;
    private final int defaultLevel;

    Compression(int id, int minMagic) {
        this(id, minMagic, 0, 0, 0);
    }

    Compression(int id, int minMagic, int lowestLevel, int highestLevel, int defaultLevel) {
        this.id = id;
        this.minMagic = minMagic;
        this.lowestLevel = lowestLevel;
        this.highestLevel = highestLevel;
        this.defaultLevel = defaultLevel;
    }

    /** The number in a batch's attributes. */
    public int id() {
        return id;
    }

    /** The name in configuration: none, gzip, snappy, lz4, zstd. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether batches of this message format may carry it. */
    public boolean knownTo(byte magic) {
        return magic >= minMagic;
    }

    /** The level when nobody asks for one, that of Kafka's producer (KIP-390); 0 where the codec has no levels. */
    public int defaultLevel() {
        return defaultLevel;
    }

    /** The level, if the codec has it; else {@link KafkaException.InvalidRequest}. */
    public int checkLevel(int level) {
        if (level < lowestLevel || level > highestLevel || (this == GZIP && level == 0)) {
            String allowed = lowestLevel == highestLevel
                    ? "it has no levels"
                    : this == GZIP ? "-1 or 1 to 9 are allowed" : lowestLevel + " to " + highestLevel + " are allowed";
            throw new KafkaException.InvalidRequest("compression " + label() + " level " + level + ": " + allowed);
        }
        return level;
    }

    /** The codec of an attribute value; an unknown one is {@link KafkaException.MalformedMessage}. */
    public static Compression of(int id) {
        if (id < 0 || id >= BY_ID.length) {
            throw new KafkaException.MalformedMessage("compression", "codec " + id + " is unknown, 0 to 4 are defined");
        }
        return BY_ID[id];
    }

    /** Reads a name or a number, as configuration and kafka-swoole write it; anything else is {@link KafkaException.InvalidRequest}. */
    public static Compression parse(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        for (Compression one : BY_ID) {
            if (one.label().equals(wanted) || Integer.toString(one.id).equals(wanted)) {
                return one;
            }
        }
        throw new KafkaException.InvalidRequest(
                "compression '" + text + "': none, gzip, snappy, lz4, zstd or 0 to 4 are allowed");
    }

    static boolean isKnown(int id) {
        return id < BY_ID.length;
    }

    /** Appends the compressed form of a range to {@code out}, at the default level. */
    void compress(byte[] bytes, int offset, int length, byte magic, GrowingBytes out) {
        compress(defaultLevel, bytes, offset, length, magic, out);
    }

    /** Appends the compressed form of a range to {@code out}. */
    void compress(int level, byte[] bytes, int offset, int length, byte magic, GrowingBytes out) {
        switch (this) {
            case NONE -> out.write(bytes, offset, length);
            case GZIP -> GzipCodec.compress(level, bytes, offset, length, out);
            case SNAPPY -> SnappyCodec.compress(bytes, offset, length, out);
            case LZ4 -> Lz4Codec.compress(level, bytes, offset, length, magic, out);
            case ZSTD -> ZstdCodec.compress(level, bytes, offset, length, out);
        }
    }

    /** The whole decompressed content, at most the limit, in memory of {@link Scratch} that grows with what really came out. */
    ByteBuffer decompress(ByteBuffer payload, byte magic, DecodeLimits limits) throws CorruptRecords {
        if (this == NONE) {
            return payload;
        }
        Content in = Content.of(payload);
        GrowingBytes out = new GrowingBytes(2L * in.length() + 64, limits.maxDecompressedBytes());
        try {
            decompress(in.bytes(), in.from(), in.to(), magic, out);
            return out.toBuffer();
        } catch (CorruptRecords e) {
            out.release();
            throw e;
        } finally {
            in.release();
        }
    }

    private void decompress(byte[] in, int from, int to, byte magic, GrowingBytes out) throws CorruptRecords {
        switch (this) {
            case GZIP -> GzipCodec.decompress(in, from, to, out);
            case SNAPPY -> SnappyCodec.decompress(in, from, to, out);
            case LZ4 -> Lz4Codec.decompress(in, from, to, magic, out);
            case ZSTD -> ZstdCodec.decompress(in, from, to, out);
            case NONE -> throw new AssertionError();
        }
    }
}
