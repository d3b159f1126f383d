package dev.kafkaloom.ordeal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * One line of what was written down, whoever wrote it: the sink ({@link WorkWriter}), the producer, the reader of the log, or the watch of
 * what is committed ({@link dev.kafkaloom.history.HistoryWriter}). What a line does not have is -1 or null.
 *
 * @param at CLOCK_MONOTONIC in nanoseconds
 * @param print {@link Fingerprint} of the record
 */
record WorkLine(String event, long at, int partition, long offset, String key, long print, String result) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Goes over a file's lines; a last one without an end was cut off when its process was killed: it did not happen. */
    static void read(Path file, Consumer<WorkLine> to) throws IOException {
        try (InputStream in = whole(file);
                JsonParser parser = JSON.createParser(in)) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                to.accept(parse(parser));
            }
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static WorkLine parse(JsonParser parser) throws IOException {
        String event = null;
        long at = -1;
        int partition = -1;
        long offset = -1;
        String key = null;
        long print = -1;
        String result = null;
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            parser.nextToken();
            switch (field) {
                case "e" -> event = parser.getText();
                case "at" -> at = parser.getLongValue();
                case "p", "partition" -> partition = parser.getIntValue();
                case "o", "offset" -> offset = parser.getLongValue();
                case "k" -> key = parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText();
                case "c" -> print = parser.getLongValue();
                case "r" -> result = parser.getText();
                default -> parser.skipChildren();
            }
        }
        return new WorkLine(event, at, partition, offset, key, print, result);
    }

    /** Up to the last line end. */
    private static InputStream whole(Path file) throws IOException {
        long end;
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            end = bytes.length();
            while (end > 0 && at(bytes, end - 1) != '\n') {
                end--;
            }
        }
        return end == 0 ? new ByteArrayInputStream(new byte[0]) : new Part(Files.newInputStream(file), end);
    }

    private static int at(RandomAccessFile bytes, long where) throws IOException {
        bytes.seek(where);
        return bytes.read();
    }

    /** The first bytes of a stream. */
    private static final class Part extends FilterInputStream {
        private long left;

        Part(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int got = super.read(into, from, (int) Math.min(length, left));
            left -= Math.max(got, 0);
            return got;
        }
    }
}
