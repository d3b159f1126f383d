package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Prints one line for each record: {@code orders-3@17 key value}, without the key where there is none. Bytes are shown as UTF-8, line
 * breaks and other control characters escaped, so that a record is always one line. Thread-safe: the lines of a batch stay together.
 */
public final class StdoutSink implements Sink {
    private final PrintStream out;

    /** {@code out} is flushed after each batch and not closed. */
    public StdoutSink(PrintStream out) {
        this.out = out;
    }

    @Override
    public Outcome accept(List<ConsumedRecord> batch) throws IOException {
        StringBuilder lines = new StringBuilder(batch.size() * 64);
        batch.forEach(record -> print(record, lines));
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            out.write(bytes, 0, bytes.length);
            out.flush();
            if (out.checkError()) {
                throw new IOException("standard output cannot be written to");
            }
        }
        return Outcome.DONE;
    }

    private static void print(ConsumedRecord record, StringBuilder to) {
        to.append(record.partition()).append('@').append(record.offset());
        if (record.key() != null) {
            printText(record.key(), to.append(' '));
        }
        if (record.value() == null) {
            to.append(" (tombstone)");
        } else {
            printText(record.value(), to.append(' '));
        }
        to.append('\n');
    }

    private static void printText(byte[] bytes, StringBuilder to) {
        new String(bytes, StandardCharsets.UTF_8).codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                case '\t' -> to.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        to.append(String.format("\\u%04x", c));
                    } else {
                        to.appendCodePoint(c);
                    }
                }
            }
        });
    }
}
