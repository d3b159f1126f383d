package dev.kafkaloom.record;

import dev.kafkaloom.protocol.KafkaException;
import java.nio.ByteBuffer;
import java.util.Locale;

/** The codecs of record batches, with the id each has in a batch's attributes. */
public enum Compression {
    NONE(0, 0),
    GZIP(1, 0),
    SNAPPY(2, 0),
    /** Since Kafka 0.8.2. */
    LZ4(3, 0),
    /** Since Kafka 2.1 (KIP-110), in message format v2 only. */
    ZSTD(4, 2);

    private static final Compression[] BY_ID = values();

    private final int id;
    private final int minMagic;

    Compression(int id, int minMagic) {
        this.id = id;
        this.minMagic = minMagic;
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

    /** Appends the compressed form of a range to {@code out}. */
    void compress(byte[] bytes, int offset, int length, byte magic, GrowingBytes out) {
        switch (this) {
            case NONE -> out.write(bytes, offset, length);
            case GZIP -> GzipCodec.compress(bytes, offset, length, out);
            case SNAPPY -> SnappyCodec.compress(bytes, offset, length, out);
            case LZ4 -> Lz4Codec.compress(bytes, offset, length, magic, out);
            case ZSTD -> ZstdCodec.compress(bytes, offset, length, out);
        }
    }

    /** The whole decompressed content, at most the limit, in memory that grows with what really came out. */
    ByteBuffer decompress(ByteBuffer payload, byte magic, DecodeLimits limits) throws CorruptRecords {
        if (this == NONE) {
            return payload;
        }
        byte[] in = new byte[payload.remaining()];
        payload.get(payload.position(), in);
        GrowingBytes out = new GrowingBytes(
                Math.min(limits.maxDecompressedBytes(), 2L * in.length + 64), limits.maxDecompressedBytes());
        switch (this) {
            case GZIP -> GzipCodec.decompress(in, out);
            case SNAPPY -> SnappyCodec.decompress(in, out);
            case LZ4 -> Lz4Codec.decompress(in, magic, out);
            case ZSTD -> ZstdCodec.decompress(in, out);
            case NONE -> throw new AssertionError();
        }
        return out.toBuffer();
    }
}
