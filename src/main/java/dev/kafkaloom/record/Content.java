package dev.kafkaloom.record;

import java.nio.ByteBuffer;

/**
 * Bytes as a range of an array.
 *
 * @param borrowed whether the array is to be given back to {@link Scratch}
 */
record Content(byte[] bytes, int from, int to, boolean borrowed) {
    /** The remaining bytes: where they lie if that is an array that can be had, else a copy. */
    static Content of(ByteBuffer buffer) {
        if (buffer.hasArray()) {
            int from = buffer.arrayOffset() + buffer.position();
            return new Content(buffer.array(), from, from + buffer.remaining(), false);
        }
        byte[] copy = Scratch.take(buffer.remaining());
        buffer.get(buffer.position(), copy, 0, buffer.remaining());
        return new Content(copy, 0, buffer.remaining(), true);
    }

    /** What a batch's payload holds, decompressed. */
    static Content of(ByteBuffer payload, Compression compression, byte magic, DecodeLimits limits)
            throws CorruptRecords {
        if (compression == Compression.NONE) {
            return of(payload);
        }
        ByteBuffer content = compression.decompress(payload, magic, limits);
        return new Content(content.array(), content.arrayOffset(), content.arrayOffset() + content.remaining(), true);
    }

    int length() {
        return to - from;
    }

    void release() {
        if (borrowed) {
            Scratch.give(bytes);
        }
    }
}
