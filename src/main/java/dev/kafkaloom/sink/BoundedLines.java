package dev.kafkaloom.sink;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads lines of UTF-8 from a stream that nobody vouches for: what a line has beyond its limit is dropped. One thread. */
final class BoundedLines {
    private final InputStream in;
    private final byte[] line;

    BoundedLines(InputStream in, int limit) {
        this.in = new BufferedInputStream(in, 1 << 13);
        this.line = new byte[limit];
    }

    /** The next line without its end; null at the end of the stream. */
    String next() throws IOException {
        int length = 0;
        boolean any = false;
        for (int b = in.read(); b >= 0; b = in.read()) {
            any = true;
            if (b == '\n') {
                return text(length);
            }
            if (length < line.length) {
                line[length] = (byte) b;
                length++;
            }
        }
        return any ? text(length) : null;
    }

    private String text(int length) {
        boolean carriageReturn = length > 0 && line[length - 1] == '\r';
        return new String(Arrays.copyOf(line, carriageReturn ? length - 1 : length), StandardCharsets.UTF_8);
    }
}
