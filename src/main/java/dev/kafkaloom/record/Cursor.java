package dev.kafkaloom.record;

/**
 * Reads forward through a range of an array; every length is checked against what is left before it is believed. Owned by one thread.
 */
final class Cursor {
    private final byte[] bytes;
    private final int limit;
    private int at;

    Cursor(byte[] bytes, int from, int limit) {
        this.bytes = bytes;
        this.limit = limit;
        this.at = from;
    }

    int remaining() {
        return limit - at;
    }

    int limit() {
        return limit;
    }

    int position() {
        return at;
    }

    void position(int position) {
        at = position;
    }

    byte int8() throws CorruptRecords {
        need(1);
        return bytes[at++];
    }

    int int32() throws CorruptRecords {
        need(4);
        int value = BatchFormat.int32(bytes, at);
        at += 4;
        return value;
    }

    long int64() throws CorruptRecords {
        need(8);
        long value = BatchFormat.int64(bytes, at);
        at += 8;
        return value;
    }

    /** Nearly every number in a record fits one byte or two: only those are small enough to be inlined. */
    int varint() throws CorruptRecords {
        int p = at;
        if (p < limit - 1) {
            int raw = bytes[p];
            if (raw >= 0) {
                at = p + 1;
                return (raw >>> 1) ^ -(raw & 1);
            }
            int second = bytes[p + 1];
            if (second >= 0) {
                at = p + 2;
                raw = (raw & 0x7f) | (second << 7);
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        return longVarint();
    }

    private int longVarint() throws CorruptRecords {
        long raw = unsigned(5);
        if (raw >>> 32 != 0) {
            throw new CorruptRecords("varint of more than 32 bits");
        }
        int value = (int) raw;
        return (value >>> 1) ^ -(value & 1);
    }

    long varlong() throws CorruptRecords {
        int p = at;
        if (p < limit && bytes[p] >= 0) {
            at = p + 1;
            long raw = bytes[p];
            return (raw >>> 1) ^ -(raw & 1);
        }
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

    /** Goes behind a field of that length, -1 for null. */
    void skip(int length, String what) throws CorruptRecords {
        if (length > limit - at || length < -1) {
            throw new CorruptRecords(what + " of " + length + " bytes where " + (limit - at) + " are left");
        }
        at += Math.max(length, 0);
    }

    private void need(int count) throws CorruptRecords {
        if (limit - at < count) {
            throw new CorruptRecords("ends in the middle of a field");
        }
    }
}
