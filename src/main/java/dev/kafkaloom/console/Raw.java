package dev.kafkaloom.console;

import java.util.Arrays;

/**
 * Bytes that go out as they are, such as the value of a record and a line break.
 *
 * @param bytes belongs to this answer: nobody writes to it any more
 */
@SuppressWarnings("ArrayRecordComponent")
public record Raw(byte[] bytes) implements Answer {
    @Override
    public boolean equals(Object other) {
        return other instanceof Raw(byte[] theirs) && Arrays.equals(bytes, theirs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Raw[" + bytes.length + " bytes]";
    }
}
