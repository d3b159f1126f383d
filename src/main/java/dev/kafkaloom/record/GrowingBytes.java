package dev.kafkaloom.record;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A byte array that grows with what is written to it, up to a limit. Owned by one thread. */
final class GrowingBytes extends OutputStream {
    private static final int LARGEST = Integer.MAX_VALUE - 16;

    private final int limit;
    private byte[] bytes;
    private int size;

    GrowingBytes(long capacity, int limit) {
        this.limit = Math.min(limit, LARGEST);
        this.bytes = new byte[Math.clamp(capacity, 1, this.limit)];
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

    /** Room for {@code more} bytes behind {@link #size()}, or the one clear error about the limit. */
    void reserve(long more) throws CorruptRecords {
        if (more > limit - size) {
            throw new CorruptRecords("decompresses to more than " + limit + " bytes");
        }
        grow((int) more);
    }

    /** The bytes were put into {@link #array()} by somebody else. */
    void advance(int count) {
        size += count;
    }

    void truncate(int newSize) {
        size = newSize;
    }

    private void grow(int more) {
        if (more > limit - size) {
            throw new IllegalStateException("more than " + limit + " bytes");
        }
        if (more > bytes.length - size) {
            int wanted = (int) Math.min(limit, Math.max((long) bytes.length * 2, (long) size + more));
            bytes = Arrays.copyOf(bytes, wanted);
        }
    }

    @Override
    public void write(int value) {
        grow(1);
        bytes[size++] = (byte) value;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        grow(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    void writeAll(byte[] from) {
        write(from, 0, from.length);
    }

    void int16(int value) {
        grow(2);
        bytes[size++] = (byte) (value >> 8);
        bytes[size++] = (byte) value;
    }

    void int32(int value) {
        grow(4);
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
        bytes[position] = (byte) (value >> 24);
        bytes[position + 1] = (byte) (value >> 16);
        bytes[position + 2] = (byte) (value >> 8);
        bytes[position + 3] = (byte) value;
    }

    /** Zigzag, as the fields of a v2 record are written. */
    void varint(int value) {
        unsigned(((value << 1) ^ (value >> 31)) & 0xffff_ffffL);
    }

    /** Zigzag. */
    void varlong(long value) {
        unsigned((value << 1) ^ (value >> 63));
    }

    private void unsigned(long value) {
        grow(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    static int sizeOfVarint(int value) {
        return sizeOfUnsigned(((value << 1) ^ (value >> 31)) & 0xffff_ffffL);
    }

    static int sizeOfVarlong(long value) {
        return sizeOfUnsigned((value << 1) ^ (value >> 63));
    }

    private static int sizeOfUnsigned(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }
}
