package dev.kafkaloom.protocol;

/** How many bytes the variable-length forms take. Unsigned: 7 bits a byte; signed: the same after zig-zag. */
public final class Varints {
    private Varints() {}

    /** Bytes of an unsigned varint, 1 to 5. */
    public static int sizeOfUnsigned(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Bytes of a zig-zag varint, 1 to 5. */
    public static int sizeOf(int value) {
        return sizeOfUnsigned((value << 1) ^ (value >> 31));
    }

    /** Bytes of a zig-zag varlong, 1 to 10. */
    public static int sizeOf(long value) {
        return sizeOfUnsigned((value << 1) ^ (value >> 63));
    }

    /** Bytes of an unsigned varlong, 1 to 10. */
    public static int sizeOfUnsigned(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }
}
