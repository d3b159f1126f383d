package dev.kafkaloom.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Writes what one process lives through. Every line is with the kernel when a method returns, whole: {@code kill -9} of the process loses
 * nothing that was written. Thread-safe; interrupting a writing thread does no harm.
 */
public final class HistoryWriter implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileOutputStream out; // not a channel: those are closed by an interrupt

    private final String dropped;

    private HistoryWriter(FileOutputStream out, String dropped) {
        this.out = out;
        this.dropped = dropped;
    }

    /** Appends to the file, which is made if it is not there. */
    public static HistoryWriter open(Path file) throws IOException {
        return open(file, null);
    }

    /** One that keeps silent about the delivery of one value: the checker has to notice. */
    public static HistoryWriter open(Path file, String dropped) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return new HistoryWriter(new FileOutputStream(file.toFile(), true), dropped);
    }

    public void send(String producer, String topic, String value) {
        write(at -> new Event.Send(at, producer, topic, value));
    }

    public void ok(String producer, TopicPartition tp, long offset, String value) {
        write(at -> new Event.Ok(at, producer, tp.topic(), tp.partition(), offset, value));
    }

    /** Certainly not written, or aborted. */
    public void fail(String producer, String topic, String value) {
        write(at -> new Event.Fail(at, producer, topic, value));
    }

    /** Perhaps written. */
    public void info(String producer, String topic, String value) {
        write(at -> new Event.Perhaps(at, producer, topic, value));
    }

    public void delivered(String group, String member, long epoch, TopicPartition tp, long offset, String value) {
        if (value.equals(dropped)) {
            return;
        }
        write(at -> new Event.Delivered(at, group, member, epoch, tp.topic(), tp.partition(), offset, value));
    }

    /** To be called before the client can know that they are done; {@code last} is one of them. */
    public void done(String group, String member, long epoch, TopicPartition tp, long first, long last) {
        write(at -> new Event.Done(at, group, member, epoch, tp.topic(), tp.partition(), first, last));
    }

    /** To be called by one thread for each group, after the coordinator's answer; -1 for nothing. */
    public void committed(String group, TopicPartition tp, long offset) {
        write(at -> new Event.Committed(at, group, tp.topic(), tp.partition(), offset));
    }

    public void assigned(String group, String member, long epoch, Collection<TopicPartition> partitions) {
        write(at -> new Event.Assigned(at, group, member, epoch, List.copyOf(partitions)));
    }

    public void revoked(String group, String member, long epoch, Collection<TopicPartition> partitions) {
        write(at -> new Event.Revoked(at, group, member, epoch, List.copyOf(partitions)));
    }

    public void lost(String group, String member, long epoch, Collection<TopicPartition> partitions) {
        write(at -> new Event.Lost(at, group, member, epoch, List.copyOf(partitions)));
    }

    /** By whoever killed it, after it was gone. */
    public void killed(String group, String member) {
        write(at -> new Event.Killed(at, group, member));
    }

    /** Each of these has exactly one owner now. */
    public void rest(String group, Collection<TopicPartition> partitions) {
        write(at -> new Event.Rest(at, group, List.copyOf(partitions)));
    }

    /** The group has to see what is at or after this offset, and nothing before. */
    public void owes(String group, TopicPartition tp, long offset) {
        write(at -> new Event.Owes(at, group, tp.topic(), tp.partition(), offset));
    }

    /** To be called before the seek. */
    public void seek(String group, TopicPartition tp, long offset) {
        write(at -> new Event.Seek(at, group, tp.topic(), tp.partition(), offset));
    }

    /** To be called before the records are deleted. */
    public void deleted(TopicPartition tp, long below) {
        write(at -> new Event.Deleted(at, tp.topic(), tp.partition(), below));
    }

    /** To be called before anything is written or read after it. */
    public void truncated(TopicPartition tp, long to) {
        write(at -> new Event.Truncated(at, tp.topic(), tp.partition(), to));
    }

    public void note(String what) {
        write(at -> new Event.Note(at, what));
    }

    private void write(LongFunction<Event> event) {
        try {
            synchronized (this) { // the clock is read inside: lines of one file are in order
                out.write(line(event.apply(System.nanoTime())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written", e);
        }
    }

    static byte[] line(Event event) throws JsonProcessingException {
        return (JSON.writeValueAsString(event) + "\n").getBytes(StandardCharsets.UTF_8);
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
