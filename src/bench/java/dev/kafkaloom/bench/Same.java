package dev.kafkaloom.bench;

import java.util.Arrays;

/** Nothing is measured unless both sides come to the same result. */
final class Same {
    private Same() {}

    static void bytes(String what, byte[] expected, byte[] found) {
        int at = Arrays.mismatch(expected, found);
        if (at >= 0) {
            throw new IllegalStateException(what + ": " + found.length + " bytes instead of " + expected.length
                    + ", the first difference is at byte " + at);
        }
    }

    static void number(String what, long expected, long found) {
        if (expected != found) {
            throw new IllegalStateException(what + ": " + found + " instead of " + expected);
        }
    }
}
