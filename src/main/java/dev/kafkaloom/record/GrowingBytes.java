package dev.kafkaloom.record;

import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A byte array that grows with what is written to it, up to a limit. Its memory comes from {@link Scratch}. Owned by one thread. */
final class GrowingBytes extends OutputStream {
    private static final int LARGEST = Integer.MAX_VALUE - 16;
    private static final byte[] RELEASED = {};

    private final int limit;
    private byte[] bytes;
    private int size;

    GrowingBytes(long capacity, int limit) {
        this.limit = Math.min(limit, LARGEST);
        this.bytes = Scratch.take(Math.clamp(capacity, 1, this.limit));
    }

    GrowingBytes(int capacity) {
        this(capacity, LARGEST);
    }

    int size() {
        return size;
    }

    byte[] array() {
        return bytes;
    }

    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }

    /** Gives the memory back: nobody reads {@link #array()} or a buffer of it any more. */
    void release() {
        Scratch.give(bytes);
        bytes = RELEASED;
    }

    /** How many more bytes the limit allows. */
    int left() {
        return limit - size;
    }

    /** Room for {@code more} bytes behind {@link #size()}, or the one clear error about the limit. */
    void reserve(long more) throws CorruptRecords {
        if (more > limit - size) {
            throw tooLarge();
        }
        room((int) more);
    }

    CorruptRecords tooLarge() {
        return new CorruptRecords("decompresses to more than " + limit + " bytes");
    }

    /** The bytes were put into {@link #array()} by somebody else. */
    void advance(int count) {
        size += count;
    }

    void truncate(int newSize) {
        size = newSize;
    }

    /** Room for {@code more} bytes behind {@link #size()} in {@link #array()}. */
    void room(int more) {
        if (more > bytes.length - size) {
            grow(more);
        }
    }

    private void grow(int more) {
        if (more > limit - size) {
            throw new IllegalStateException("more than " + limit + " bytes");
        }
        byte[] smaller = bytes;
        bytes = Scratch.take((int) Math.min(limit, Math.max((long) smaller.length * 2, (long) size + more)));
        System.arraycopy(smaller, 0, bytes, 0, size);
        Scratch.give(smaller);
    }

    @Override
    public void write(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        room(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    void writeAll(byte[] from) {
        write(from, 0, from.length);
    }

    void int32(int value) {
        room(4);
        setInt32(size, value);
        size += 4;
    }

    void int32LittleEndian(int value) {
        int32(Integer.reverseBytes(value));
    }

    void int64(long value) {
        int32((int) (value >> 32));
        int32((int) value);
    }

    void setInt32(int position, int value) {
        BatchFormat.int32(bytes, position, value);
    }

    /** A number of variable length, zigzag, as the fields of a v2 record are written. */
    void varint(long value) {
        room(10);
        size = putVarint(bytes, size, value);
    }

    /** Writes the number where there is room, and tells the position behind it. */
    static int putVarint(byte[] to, int at, long value) {
        long rest = (value << 1) ^ (value >> 63);
        int p = at;
        while ((rest & ~0x7fL) != 0) {
            to[p++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[p++] = (byte) rest;
        return p;
    }

    static int sizeOfVarint(long value) {
        return (70 - Long.numberOfLeadingZeros(((value << 1) ^ (value >> 63)) | 1)) / 7;
    }
}
