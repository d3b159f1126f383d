package dev.kafkaloom.protocol;

import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes Kafka's primitive types into an array that grows.
 *
 * <p>Not thread-safe: owned by whoever encodes the message.
 */
public final class WireWriter {
    private static final int LONGEST_STRING = Short.MAX_VALUE;
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;
    private static final VarHandle INT16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int size;

    /** Starts empty, with room for so many bytes. */
    public WireWriter(int initialCapacity) {
        this.bytes = new byte[Math.max(16, initialCapacity)];
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** The array written to: its first {@link #size()} bytes count. Another one after the next write that needs more room. */
    public byte[] array() {
        return bytes;
    }

    /** What was written, as a view; later writes may or may not show in it. */
    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }

    /** What was written, as a copy. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets what was written and keeps the room. */
    public void reset() {
        size = 0;
    }

    /** Overwrites four bytes that were written before, for a length known only now. */
    public void setInt32(int position, int value) {
        if (position < 0 || position > size - 4) {
            throw new IndexOutOfBoundsException("position " + position + " of " + size);
        }
        INT32.set(bytes, position, value);
    }

    public void writeBool(boolean value) {
        writeInt8((byte) (value ? 1 : 0));
    }

    public void writeInt8(byte value) {
        int at = room(1);
        bytes[at] = value;
    }

    public void writeInt16(short value) {
        int at = room(2);
        INT16.set(bytes, at, value);
    }

    /** 0 to 65535. */
    public void writeUint16(int value) {
        if (value < 0 || value > 0xffff) {
            throw new InvalidRequest(value + " does not fit into 16 bits without sign");
        }
        writeInt16((short) value);
    }

    public void writeInt32(int value) {
        int at = room(4);
        INT32.set(bytes, at, value);
    }

    /** 0 to 4294967295. */
    public void writeUint32(long value) {
        if (value < 0 || value > 0xffff_ffffL) {
            throw new InvalidRequest(value + " does not fit into 32 bits without sign");
        }
        writeInt32((int) value);
    }

    public void writeInt64(long value) {
        int at = room(8);
        INT64.set(bytes, at, value);
    }

    public void writeFloat64(double value) {
        writeInt64(Double.doubleToRawLongBits(value));
    }

    public void writeUnsignedVarint(int value) {
        int at = room(5);
        size = putVarint(at, value);
    }

    /** A zig-zag varint. */
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    /** A zig-zag varlong. */
    public void writeVarlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        int at = room(10);
        while ((rest & ~0x7fL) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        size = at;
    }

    public void writeUuid(Uuid value) {
        writeInt64(value.mostSignificantBits());
        writeInt64(value.leastSignificantBits());
    }

    public void writeString(String value) {
        writeString(value, false);
    }

    public void writeNullableString(String value) {
        writeNullableString(value, false);
    }

    public void writeCompactString(String value) {
        writeString(value, true);
    }

    public void writeCompactNullableString(String value) {
        writeNullableString(value, true);
    }

    /** The form used from a message's first flexible version on (compact), or the older one. */
    public void writeString(String value, boolean compact) {
        writeNullableString(notNull(value), compact);
    }

    /** As {@link #writeString(String, boolean)}, null allowed. */
    public void writeNullableString(String value, boolean compact) {
        if (value == null) {
            writeStringLength(-1, compact);
            return;
        }
        int length = value.length();
        if (length <= LONGEST_STRING && isAscii(value, length)) {
            writeStringLength(length, compact);
            copyLowBytes(value, length);
        } else {
            writeText(value.getBytes(StandardCharsets.UTF_8), compact);
        }
    }

    private void writeText(byte[] text, boolean compact) {
        if (text.length > LONGEST_STRING) {
            throw new InvalidRequest("a string of " + text.length + " bytes, Kafka allows " + LONGEST_STRING);
        }
        writeStringLength(text.length, compact);
        writeRaw(text, 0, text.length);
    }

    private static boolean isAscii(String value, int length) {
        int bits = 0;
        for (int i = 0; i < length; i++) {
            bits |= value.charAt(i);
        }
        return bits < 0x80;
    }

    @SuppressWarnings("deprecation") // it drops the upper bytes, which are zero here, and makes no array of its own
    private void copyLowBytes(String ascii, int length) {
        int at = room(length);
        ascii.getBytes(0, length, bytes, at);
    }

    public void writeBytes(ByteBuffer value) {
        writeBytes(value, false);
    }

    public void writeNullableBytes(ByteBuffer value) {
        writeNullableBytes(value, false);
    }

    public void writeCompactBytes(ByteBuffer value) {
        writeBytes(value, true);
    }

    public void writeCompactNullableBytes(ByteBuffer value) {
        writeNullableBytes(value, true);
    }

    /** What is left in the buffer, whose position does not move. The form of {@code records} as well. */
    public void writeBytes(ByteBuffer value, boolean compact) {
        writeNullableBytes(notNull(value), compact);
    }

    /** As {@link #writeBytes(ByteBuffer, boolean)}, null allowed. */
    public void writeNullableBytes(ByteBuffer value, boolean compact) {
        if (value == null) {
            writeArrayLength(-1, compact);
        } else {
            writeArrayLength(value.remaining(), compact);
            writeRaw(value);
        }
    }

    /** The number of elements of an array (or of bytes), -1 for null. */
    public void writeArrayLength(int count) {
        writeInt32(count);
    }

    /** As {@link #writeArrayLength(int)}, as count + 1 in an unsigned varint. */
    public void writeCompactArrayLength(int count) {
        writeUnsignedVarint(count + 1);
    }

    /** The form used from a message's first flexible version on (compact), or the older one. */
    public void writeArrayLength(int count, boolean compact) {
        if (compact) {
            writeCompactArrayLength(count);
        } else {
            writeArrayLength(count);
        }
    }

    /** As {@link #writeArrayLength(int, boolean)}: the number of elements of a list, -1 for null. */
    public void writeArrayLength(List<?> list, boolean compact) {
        writeArrayLength(list == null ? -1 : list.size(), compact);
    }

    /** The prefix of a nullable struct. */
    public void writePresence(boolean present) {
        writeInt8((byte) (present ? 1 : -1));
    }

    /** Bytes without a length; the buffer's position does not move. */
    public void writeRaw(ByteBuffer value) {
        int length = value.remaining();
        int at = room(length);
        value.get(value.position(), bytes, at, length);
    }

    /** Bytes without a length. */
    public void writeRaw(byte[] from, int offset, int length) {
        int at = room(length);
        System.arraycopy(from, offset, bytes, at, length);
    }

    /** Starts a tagged field whose size is not known yet; the result is for {@link #endTagged(int)}. */
    public int beginTagged(int tag) {
        writeUnsignedVarint(tag);
        return room(1);
    }

    /** Puts the size in front of the tagged field, moving it when the size needs more than the one byte kept free. */
    public void endTagged(int mark) {
        int length = size - mark - 1;
        int more = Varints.sizeOfUnsigned(length) - 1;
        if (more > 0) {
            room(more);
            System.arraycopy(bytes, mark + 1, bytes, mark + 1 + more, length);
        }
        putVarint(mark, length);
    }

    private void writeStringLength(int length, boolean compact) {
        if (compact) {
            writeUnsignedVarint(length + 1);
        } else {
            writeInt16((short) length);
        }
    }

    private int putVarint(int position, int value) {
        int at = position;
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        return at;
    }

    /** Makes room for n bytes, counts them as written, and answers where they start. */
    private int room(int n) {
        int at = size;
        if (n > bytes.length - at) {
            grow(n);
        }
        size = at + n;
        return at;
    }

    private void grow(int n) {
        long needed = (long) size + n;
        if (needed > LARGEST_ARRAY) {
            throw new InvalidRequest("a message of more than " + LARGEST_ARRAY + " bytes");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(LARGEST_ARRAY, Math.max(needed, bytes.length * 2L)));
    }

    private static <T> T notNull(T value) {
        if (value == null) {
            throw new InvalidRequest("null where the protocol requires a value");
        }
        return value;
    }
}
