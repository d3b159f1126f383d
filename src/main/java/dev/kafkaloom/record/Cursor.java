package dev.kafkaloom.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads forward through the bytes of a batch; every length is checked against what is left before anything is allocated. */
final class Cursor {
    private final ByteBuffer bytes;
    private final DecodeLimits limits;
    private int objects;

    Cursor(ByteBuffer bytes, DecodeLimits limits) {
        this.bytes = bytes.duplicate();
        this.limits = limits;
    }

    /** Another range under the same limits; what is charged there does not count here. */
    Cursor over(ByteBuffer range) {
        return new Cursor(range, limits);
    }

    int remaining() {
        return bytes.remaining();
    }

    int position() {
        return bytes.position();
    }

    void position(int position) {
        bytes.position(position);
    }

    /** Accounts for objects about to be built. */
    void charge(int count) throws CorruptRecords {
        objects += count;
        if (objects > limits.maxObjects()) {
            throw new CorruptRecords("holds more than " + limits.maxObjects() + " records and headers, the limit for "
                    + limits.maxDecompressedBytes() + " bytes");
        }
    }

    byte int8() throws CorruptRecords {
        need(1);
        return bytes.get();
    }

    int int32() throws CorruptRecords {
        need(4);
        return bytes.getInt();
    }

    long int64() throws CorruptRecords {
        need(8);
        return bytes.getLong();
    }

    int varint() throws CorruptRecords {
        long raw = unsigned(5);
        if (raw >>> 32 != 0) {
            throw new CorruptRecords("varint of more than 32 bits");
        }
        int value = (int) raw;
        return (value >>> 1) ^ -(value & 1);
    }

    long varlong() throws CorruptRecords {
        long raw = unsigned(10);
        return (raw >>> 1) ^ -(raw & 1);
    }

    private long unsigned(int longest) throws CorruptRecords {
        long value = 0;
        for (int i = 0; i < longest; i++) {
            byte next = int8();
            value |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                if (i == 9 && next > 1) {
                    break;
                }
                return value;
            }
        }
        throw new CorruptRecords("varint of more than " + longest + " bytes");
    }

    /** Bytes with a varint length before them, -1 for null. */
    byte[] varBytes(String what) throws CorruptRecords {
        return bytes(varint(), what);
    }

    /** Bytes with an int32 length before them, -1 for null. */
    byte[] bytes(String what) throws CorruptRecords {
        return bytes(int32(), what);
    }

    private byte[] bytes(int length, String what) throws CorruptRecords {
        if (length == -1) {
            return null;
        }
        check(length, what);
        byte[] copy = new byte[length];
        bytes.get(copy);
        return copy;
    }

    String varString(String what) throws CorruptRecords {
        byte[] utf8 = varBytes(what);
        if (utf8 == null) {
            throw new CorruptRecords(what + " is null");
        }
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** A view of the next bytes, which are skipped. */
    ByteBuffer slice(int length, String what) throws CorruptRecords {
        check(length, what);
        ByteBuffer view = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return view;
    }

    private void check(int length, String what) throws CorruptRecords {
        if (length < 0 || length > bytes.remaining()) {
            throw new CorruptRecords(what + " of " + length + " bytes where " + bytes.remaining() + " are left");
        }
    }

    private void need(int count) throws CorruptRecords {
        if (bytes.remaining() < count) {
            throw new CorruptRecords("ends in the middle of a field");
        }
    }
}
