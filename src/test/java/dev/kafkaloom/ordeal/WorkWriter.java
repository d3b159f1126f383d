package dev.kafkaloom.ordeal;

import dev.kafkaloom.record.ConsumedRecord;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes what a sink gets and what becomes of it. Every line is with the kernel when a method returns, so that {@code kill -9} of the process
 * loses nothing; what is done is written before the sink can say so. Thread-safe.
 */
final class WorkWriter implements AutoCloseable {
    /** What became of a record. */
    enum Result {
        DONE("done"),
        RETRY("retry"),
        REJECT("reject"),
        /** The sink was interrupted. */
        STOPPED("stopped");

        private final String word;

        Result(String word) {
            this.word = word;
        }
    }

    private final FileOutputStream out; // not a channel: those are closed by an interrupt

    private WorkWriter(FileOutputStream out) {
        this.out = out;
    }

    /** Appends to {@code work-<process>.jsonl}. */
    static WorkWriter open(Path folder, String process) throws IOException {
        Files.createDirectories(folder);
        WorkWriter writer = new WorkWriter(new FileOutputStream(
                folder.resolve("work-" + process + ".jsonl").toFile(), true));
        writer.write("start", "");
        return writer;
    }

    void begin(ConsumedRecord record) {
        String key = record.key() == null ? "null" : '"' + new String(record.key(), StandardCharsets.UTF_8) + '"';
        begin(record.partition().partition(), record.offset(), key, Fingerprint.of(record), record.deliveryCount());
    }

    void begin(int partition, long offset, String quotedKey, long print, int delivery) {
        write(
                "begin",
                ",\"p\":" + partition + ",\"o\":" + offset + ",\"k\":" + quotedKey + ",\"c\":" + print + ",\"d\":"
                        + delivery);
    }

    void end(ConsumedRecord record, Result result) {
        end(record.partition().partition(), record.offset(), result);
    }

    void end(int partition, long offset, Result result) {
        write("end", ",\"p\":" + partition + ",\"o\":" + offset + ",\"r\":\"" + result.word + "\"");
    }

    private void write(String event, String rest) {
        try {
            synchronized (this) { // the clock is read inside: lines of one file are in order
                String line = "{\"e\":\"" + event + "\",\"at\":" + System.nanoTime() + rest + "}\n";
                out.write(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written", e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
