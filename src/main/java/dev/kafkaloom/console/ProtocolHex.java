package dev.kafkaloom.console;

import java.util.Arrays;

/** Bytes as people write them: hex digits with any blanks, line breaks, commas, colons and {@code 0x} between the bytes. */
final class ProtocolHex {
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private ProtocolHex() {}

    static String print(byte[] bytes, int length) {
        char[] text = new char[2 * length];
        for (int i = 0; i < length; i++) {
            text[2 * i] = DIGITS[(bytes[i] >> 4) & 15];
            text[2 * i + 1] = DIGITS[bytes[i] & 15];
        }
        return new String(text);
    }

    /** {@link UsageException} says where there is something else. */
    static byte[] parse(CharSequence text) {
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
                throw new UsageException("not hex: '" + c + "' at character " + (i + 1)
                        + (i == 0 && c == '/' ? " (a file is given as @" + text + ")" : ""));
            }
        }
        if ((digits & 1) != 0) {
            throw new UsageException("not hex: " + digits + " digits, an odd number");
        }
        return Arrays.copyOf(bytes, digits >> 1);
    }

    /** Whether bytes are hex text rather than what the text would stand for. */
    static boolean isText(byte[] bytes) {
        boolean any = false;
        for (byte b : bytes) {
            boolean digit = digit((char) (b & 0xff)) >= 0;
            if (!digit && !isBetween((char) (b & 0xff)) && (b | 32) != 'x') {
                return false;
            }
            any |= digit;
        }
        return any;
    }

    private static boolean isBetween(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ':' || c == ',';
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        char lower = (char) (c | 32);
        return c < 128 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
