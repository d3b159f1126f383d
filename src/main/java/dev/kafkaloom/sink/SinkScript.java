package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.Sink.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a script that is a sink ({@code sinker.script}) can use. It runs once, at start, and calls {@code sink(...)} with what is to get the
 * records; the other methods are there for that. All of them are imported: {@code sink(each(record -> print(text(record.value()))))}.
 * Thread-safe.
 */
public final class SinkScript {
    private static final ThreadLocal<SinkScript> LOADING = new ThreadLocal<>();

    private final SinkContext context;
    private final ReentrantLock printing = new ReentrantLock();
    private volatile Sink sink;

    SinkScript(SinkContext context) {
        this.context = context;
    }

    /** What handles one record. */
    @FunctionalInterface
    public interface Handler {
        /** Done when it returns; anything thrown hands the record over again, {@link #reject} apart. */
        void handle(ConsumedRecord record) throws Exception;
    }

    /** Thrown for a record that can never be handled. */
    public static final class Rejected extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Rejected(String why) {
            super(why);
        }
    }

    /** A sink that handles record by record; nothing overtakes one that has to be tried again. */
    public static Sink each(Handler handler) {
        return batch -> InOrder.each(batch, record -> one(handler, record));
    }

    private static Outcome one(Handler handler, ConsumedRecord record) throws InterruptedException {
        try {
            handler.handle(record);
            return Outcome.DONE;
        } catch (InterruptedException e) {
            throw e;
        } catch (Rejected e) {
            return new Outcome.Reject(List.of(record), e.getMessage());
        } catch (Exception e) {
            return new Outcome.Retry(Duration.ZERO, e.toString());
        }
    }

    /** A sink that acknowledges later. */
    public static Sink manual(ManualSink sink) {
        return sink;
    }

    /** To be thrown, for a record that can never be handled: {@code throw reject("no such customer")}. */
    public static Rejected reject(String why) {
        return new Rejected(String.valueOf(why));
    }

    /** Bytes as UTF-8; null stays null. */
    public static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** The script that the calling thread is loading. */
    public static SinkScript current() {
        SinkScript script = LOADING.get();
        if (script == null) {
            throw new IllegalStateException("no script is being loaded by this thread");
        }
        return script;
    }

    /** Says where the records go; once. */
    public void sink(Sink wanted) {
        if (wanted == null) {
            throw new IllegalArgumentException("sink(null)");
        }
        if (sink != null) {
            throw new IllegalStateException("sink(...) was called before; a script has one sink");
        }
        sink = wanted;
    }

    /** Writes a line to standard output, or to the console's screen, and flushes it. */
    public void print(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        printing.lock();
        try {
            OutputStream out = context.standardOutput();
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("standard output cannot be written to", e);
        } finally {
            printing.unlock();
        }
    }

    /** The setting {@code sinker.option.<name>}, or this when it is not given. */
    public String option(String name, String otherwise) {
        return context.options().getOrDefault(name, otherwise);
    }

    /** Sends a record to a topic and returns when all in-sync replicas have it; key and value may be null. */
    public void send(String topic, byte[] key, byte[] value) throws InterruptedException {
        context.sender().send(List.of(new RecordSender.Outgoing(topic, -1, -1, key, value, List.of())));
    }

    /** Runs what loads the script on this thread. */
    void loading(Runnable load) {
        LOADING.set(this);
        try {
            load.run();
        } finally {
            LOADING.remove();
        }
    }

    /** What the script registered; null when it did not. */
    Sink registered() {
        return sink;
    }
}
