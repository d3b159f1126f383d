package dev.kafkaloom.protocol;

import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads Kafka's primitive types out of a frame. Every length is checked against what is left before anything is allocated; what does not
 * fit is a {@link MalformedMessage}. Bytes come back as read-only views of the frame, not as copies.
 *
 * <p>Not thread-safe: owned by whoever decodes the frame.
 */
public final class WireReader {
    private static final VarHandle INT16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int start;
    private int position;
    private int limit;
    private ByteBuffer all; // of the array, read-only, for slices
    private RecentLists recent;

    /** Reads {@code length} bytes of the array from {@code offset} on. The array belongs to what is read from now on. */
    public WireReader(byte[] bytes, int offset, int length) {
        if (offset < 0 || length < 0 || length > bytes.length - offset) {
            throw new IndexOutOfBoundsException(
                    "offset " + offset + ", length " + length + " of " + bytes.length + " bytes");
        }
        this.bytes = bytes;
        this.start = offset;
        this.position = offset;
        this.limit = offset + length;
    }

    /** Reads what is left in the buffer, without moving its position. Copies only if the buffer has no accessible array. */
    public WireReader(ByteBuffer buffer) {
        int length = buffer.remaining();
        if (buffer.hasArray()) {
            this.bytes = buffer.array();
            this.start = buffer.arrayOffset() + buffer.position();
        } else {
            this.bytes = new byte[length];
            this.start = 0;
            buffer.get(buffer.position(), bytes);
        }
        this.position = start;
        this.limit = start + length;
    }

    /** Bytes left. */
    public int remaining() {
        return limit - position;
    }

    /** Bytes read so far. */
    public int position() {
        return position - start;
    }

    /** One byte; anything but 0 is true. */
    public boolean readBool() {
        return readInt8() != 0;
    }

    public byte readInt8() {
        return bytes[advance(1)];
    }

    public short readInt16() {
        return (short) INT16.get(bytes, advance(2));
    }

    public int readUint16() {
        return readInt16() & 0xffff;
    }

    public int readInt32() {
        return (int) INT32.get(bytes, advance(4));
    }

    public long readUint32() {
        return readInt32() & 0xffff_ffffL;
    }

    public long readInt64() {
        return (long) INT64.get(bytes, advance(8));
    }

    public double readFloat64() {
        return Double.longBitsToDouble(readInt64());
    }

    /** An unsigned varint of at most five bytes and 32 bits. */
    public int readUnsignedVarint() {
        byte first = readInt8();
        return first >= 0 ? first : readLongerVarint(first & 0x7f);
    }

    private int readLongerVarint(int lowest) {
        int value = lowest;
        for (int shift = 7; shift < 35; shift += 7) {
            byte next = readInt8();
            if (shift == 28 && (next & 0xf0) != 0) {
                break;
            }
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("a varint of more than 32 bits");
    }

    /** A zig-zag varint. */
    public int readVarint() {
        int raw = readUnsignedVarint();
        return (raw >>> 1) ^ -(raw & 1);
    }

    /** A zig-zag varlong of at most ten bytes and 64 bits. */
    public long readVarlong() {
        long raw = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = readInt8();
            if (shift == 63 && (next & 0xfe) != 0) {
                break;
            }
            raw |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw malformed("a varlong of more than 64 bits");
    }

    public Uuid readUuid() {
        long most = readInt64();
        long least = readInt64();
        return most == 0 && least == 0 ? Uuid.ZERO : new Uuid(most, least);
    }

    /** A string in the form used from a message's first flexible version on (compact), or the older one; null where the peer sent null. */
    public String readNullableString(boolean compact) {
        int length = compact ? compactLength() : readInt16();
        if (length < 0) {
            requireNull(length);
            return null;
        }
        int at = advance(length);
        return length == 0 ? "" : new String(bytes, at, length, StandardCharsets.UTF_8);
    }

    /** As {@link #readNullableString(boolean)}, but null is malformed. */
    public String readString(boolean compact) {
        return notNull(readNullableString(compact));
    }

    /** A read-only view of the frame; null where the peer sent null. */
    public ByteBuffer readNullableBytes(boolean compact) {
        int length = compact ? compactLength() : readInt32();
        if (length < 0) {
            requireNull(length);
            return null;
        }
        return readSlice(length);
    }

    /** As {@link #readNullableBytes(boolean)}, but null is malformed. */
    public ByteBuffer readBytes(boolean compact) {
        return notNull(readNullableBytes(compact));
    }

    /** As {@link #readNullableBytes(boolean)}, but with the frame's array, which checksums and codecs work on. Not to be written to. */
    public ByteBuffer readNullableRecords(boolean compact) {
        int length = compact ? compactLength() : readInt32();
        if (length < 0) {
            requireNull(length);
            return null;
        }
        int at = advance(length);
        return ByteBuffer.wrap(bytes, at, length).slice();
    }

    /** As {@link #readNullableRecords(boolean)}, but null is malformed. */
    public ByteBuffer readRecords(boolean compact) {
        return notNull(readNullableRecords(compact));
    }

    /**
     * The number of elements of an array, -1 for null. More elements than fit into what is left, at the smallest encoding, are malformed:
     * so a list may be allocated for the answer.
     */
    public int readNullableArrayLength(boolean compact, int smallestElement) {
        int count = compact ? compactLength() : readInt32();
        if (count < -1 || (long) count * smallestElement > remaining()) {
            throw badCount(count, smallestElement);
        }
        return count;
    }

    /** As {@link #readNullableArrayLength(boolean, int)}, but null is malformed. */
    public int readArrayLength(boolean compact, int smallestElement) {
        int count = readNullableArrayLength(compact, smallestElement);
        if (count < 0) {
            throw malformed("null where a list is required");
        }
        return count;
    }

    /** The prefix of a nullable struct: whether one follows. */
    public boolean readPresence() {
        byte prefix = readInt8();
        if (prefix != 1 && prefix != -1) {
            throw malformed("a presence mark of " + prefix + ", expected 1 or -1");
        }
        return prefix == 1;
    }

    /** A read-only view of the next n bytes. */
    public ByteBuffer readSlice(int n) {
        if (n < 0) {
            throw malformed("a length of " + n);
        }
        int at = advance(n);
        if (n == 0) {
            return FieldCheck.NO_BYTES;
        }
        if (all == null) {
            all = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }
        return all.slice(at, n);
    }

    /** Leaves n bytes out. */
    public void skip(int n) {
        if (n < 0) {
            throw malformed("a length of " + n);
        }
        advance(n);
    }

    /** Bytes left over after a decode are an error: the peer and we do not mean the same version. */
    public void expectEnd(String what) {
        if (position != limit) {
            throw new MalformedMessage(what, remaining() + " bytes are left over after byte " + position());
        }
    }

    /** The number of tagged fields of a struct's end. Each takes at least two bytes. */
    public int readTagCount() {
        int count = readUnsignedVarint();
        if (count != 0 && (count < 0 || count > remaining() / 2)) {
            throw malformed((count & 0xffff_ffffL) + " tagged fields, but only " + remaining() + " bytes are left");
        }
        return count;
    }

    /** The next tag, which has to be above the one before (-1 at first). */
    public int readTag(int previous) {
        int tag = readUnsignedVarint();
        if (tag <= previous) {
            throw malformed("tag " + (tag & 0xffff_ffffL) + " after tag " + previous);
        }
        return tag;
    }

    /** Reads the size of a tagged field and narrows the reader to it; the result is for {@link #leaveTagged(int)}. */
    public int enterTagged() {
        int size = readUnsignedVarint();
        if (size < 0 || size > remaining()) {
            throw malformed(
                    "a tagged field of " + (size & 0xffff_ffffL) + " bytes, but only " + remaining() + " are left");
        }
        int outer = limit;
        limit = position + size;
        return outer;
    }

    /** Widens the reader again; the tagged field must have been read whole. */
    public void leaveTagged(int outer) {
        if (position != limit) {
            throw malformed(remaining() + " bytes are left over in a tagged field");
        }
        limit = outer;
    }

    MalformedMessage malformed(String what) {
        return new MalformedMessage("", what + " at byte " + position());
    }

    private int advance(int n) {
        int at = position;
        if (n > limit - at) {
            throw tooFew(n);
        }
        position = at + n;
        return at;
    }

    private MalformedMessage tooFew(int n) {
        return malformed(n + " bytes needed, but only " + remaining() + " are left");
    }

    static int int32At(byte[] bytes, int at) {
        return (int) INT32.get(bytes, at);
    }

    /** So many numbers, at least one. */
    Int32List readInt32s(int count) {
        if (recent == null) {
            recent = new RecentLists();
        }
        return recent.at(bytes, advance(size(count, Integer.BYTES)), count);
    }

    /** So many numbers, at least one. */
    Int64List readInt64s(int count) {
        int at = advance(size(count, Long.BYTES));
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = (long) INT64.get(bytes, at + 8 * i);
        }
        return new Int64List(values);
    }

    private int size(int count, int each) {
        if ((long) count * each > remaining()) {
            throw badCount(count, each);
        }
        return count * each;
    }

    /** -1 for null; a varint beyond the int range turns up as a negative number below -1. */
    private int compactLength() {
        return readUnsignedVarint() - 1;
    }

    private MalformedMessage badCount(int count, int smallestElement) {
        return malformed(
                count < 0
                        ? "an array of " + count + " elements"
                        : "an array of " + count + " elements of at least " + smallestElement + " bytes, but only "
                                + remaining() + " are left");
    }

    private void requireNull(int length) {
        if (length != -1) {
            throw malformed("a length of " + length);
        }
    }

    private <T> T notNull(T value) {
        if (value == null) {
            throw malformed("null where a value is required");
        }
        return value;
    }
}
