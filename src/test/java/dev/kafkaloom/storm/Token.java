package dev.kafkaloom.storm;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What a call puts into its request and finds again in its own response only. A checksum tells another call's token, which is a
 * response matched wrongly, from one that was garbled on the way.
 */
final class Token {
    private static final String PREFIX = "storm-";
    private static final int CHECK_BITS = 24;
    private static final int DIGITS = 12;

    private Token() {}

    /** The token as a number. */
    static long number(long call) {
        return (call << CHECK_BITS) | check(call);
    }

    /** The token as a name. */
    static String name(long call) {
        return PREFIX + HexFormat.of().toHexDigits(number(call), DIGITS);
    }

    /** Whether some call's token is this one. */
    static boolean isToken(long number) {
        return number >= 0 && number == number(number >>> CHECK_BITS);
    }

    /** The same of a name. */
    static boolean isToken(String name) {
        try {
            long call = Long.parseLong(name.substring(PREFIX.length()), 16) >>> CHECK_BITS;
            return name.equals(name(call)); // a bit that turns a letter into a capital one leaves the number as it was
        } catch (NumberFormatException | IndexOutOfBoundsException _) {
            return false;
        }
    }

    private static long check(long call) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, call));
        return crc.getValue() >>> (Integer.SIZE - CHECK_BITS);
    }
}
