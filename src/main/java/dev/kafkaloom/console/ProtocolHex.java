package dev.kafkaloom.console;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Bytes as people write them: hex digits with any blanks, line breaks, commas, colons, dashes and {@code 0x} between the bytes. */
final class ProtocolHex {
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();
    private static final int LINE = 16; // bytes

    // the first line of a dump: its offset would pass for bytes
    private static final Pattern OFFSETS =
            Pattern.compile("\\s*(?:0x)?0{4,8}(?::\\s|\\s{2,})", Pattern.CASE_INSENSITIVE);
    private static final Pattern BASE64 = Pattern.compile("\\s*[\\w+/-]{7,}={0,2}\\s*");

    private ProtocolHex() {}

    static String print(byte[] bytes, int length) {
        char[] text = new char[2 * length];
        for (int i = 0; i < length; i++) {
            text[2 * i] = DIGITS[(bytes[i] >> 4) & 15];
            text[2 * i + 1] = DIGITS[bytes[i] & 15];
        }
        return new String(text);
    }

    /** Appends lines of sixteen bytes with their offsets and what they are as text, each behind a line break and the indent. */
    static void dump(byte[] bytes, String indent, StringBuilder to) {
        for (int line = 0; line < bytes.length; line += LINE) {
            to.append('\n').append(indent);
            for (int shift = bytes.length > 1 << 16 ? 20 : 12; shift >= 0; shift -= 4) {
                to.append(DIGITS[(line >> shift) & 15]);
            }
            to.append(' ');
            StringBuilder text = new StringBuilder(LINE);
            for (int i = 0; i < LINE; i++) {
                to.append(i == LINE / 2 ? "  " : " ");
                if (line + i < bytes.length) {
                    byte b = bytes[line + i];
                    to.append(DIGITS[(b >> 4) & 15]).append(DIGITS[b & 15]);
                    text.append(b >= ' ' && b < 127 ? (char) b : '.');
                } else {
                    to.append("  ");
                }
            }
            to.append("  ").append(text);
        }
    }

    /** {@link UsageException} says where there is something else. */
    static byte[] parse(CharSequence text) {
        if (OFFSETS.matcher(text).lookingAt()) {
            throw new UsageException(
                    "not hex alone: the lines of a dump begin with their offsets; xxd -p, or Wireshark's"
                            + " \"as a Hex Stream\", give the bytes alone");
        }
        byte[] bytes = new byte[text.length() / 2 + 1];
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = digit(c);
            if (digit == 0 && (digits & 1) == 0 && i + 1 < text.length() && (text.charAt(i + 1) | 32) == 'x') {
                i++;
            } else if (digit >= 0) {
                bytes[digits >> 1] = (byte) ((bytes[digits >> 1] << 4) | digit);
                digits++;
            } else if (!isBetween(c)) {
                throw new UsageException("not hex: '" + c + "' at character " + (i + 1) + whatElse(text));
            }
        }
        if ((digits & 1) != 0) {
            throw new UsageException("not hex: " + digits + " digits, an odd number");
        }
        return Arrays.copyOf(bytes, digits >> 1);
    }

    private static String whatElse(CharSequence text) {
        if (text.charAt(0) == '/') {
            return " (a file is given as @" + text + ")";
        }
        return BASE64.matcher(text).matches() ? " (base64 becomes bytes by base64 -d, which - reads in a pipe)" : "";
    }

    /** Whether bytes are hex text rather than what the text would stand for. */
    static boolean isText(ByteBuffer bytes) {
        boolean any = false;
        for (int i = 0; i < bytes.limit(); i++) {
            byte b = bytes.get(i);
            boolean digit = digit((char) (b & 0xff)) >= 0;
            if (!digit && !isBetween((char) (b & 0xff)) && (b | 32) != 'x') {
                return false;
            }
            any |= digit;
        }
        return any;
    }

    private static boolean isBetween(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ':' || c == ',' || c == '-';
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        char lower = (char) (c | 32);
        return c < 128 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
