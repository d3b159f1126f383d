package dev.kafkaloom.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files: written at one end, deleted at the other. What is put goes to the file at {@link #flush} and is durable after {@link #force};
 * what a failed flush has written is not part of the log. Owned by the {@link Journal}'s thread, and by its closer behind that.
 */
final class SegmentLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentLog.class);
    private static final int BUFFER = 1 << 20;
    private static final int ACKS_IN_A_FRAME = 3000;

    private final Disk disk;
    private final Path folder;
    private final int segmentBytes;
    /** The frame that begins a segment, by the durable bytes of the one before. */
    private final LongFunction<ByteBuffer> state;

    private final Deque<Segment> closed;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private Segment active; // null: the next flush begins one
    private FileChannel file;
    private long nextNumber;
    private long at; // behind what was put
    private long written; // behind what of it went to the file already

    /** @param closed what there is already, never written to again */
    SegmentLog(Disk disk, Path folder, int segmentBytes, List<Segment> closed, LongFunction<ByteBuffer> state) {
        this.disk = disk;
        this.folder = folder;
        this.segmentBytes = segmentBytes;
        this.closed = new ArrayDeque<>(closed);
        this.nextNumber = closed.isEmpty() ? 1 : closed.getLast().number + 1;
        this.state = state;
    }

    /** Before frames are put that belong together: begins another file when this one is large enough. */
    void begin() throws IOException {
        if (active != null && active.length >= segmentBytes) {
            force();
            roll();
        }
        if (active == null) {
            start();
        } else if (file == null) {
            file = disk.open(active.file);
        }
        at = active.length;
        written = at;
        buffer.clear();
    }

    private void start() throws IOException {
        Segment segment = new Segment(folder, nextNumber);
        disk.delete(segment.file); // a try that failed before anything was in it
        file = disk.create(segment.file);
        try {
            ByteBuffer first = state.apply(closed.isEmpty() ? -1 : closed.getLast().durable);
            Frames.seal(first, 0);
            int size = first.limit();
            disk.write(file, first, 0);
            disk.force(file);
            disk.forceFolder(folder);
            segment.length = size;
            segment.durable = size;
        } catch (IOException e) {
            closeFile();
            throw e;
        }
        active = segment;
        nextNumber++;
    }

    /** The active file is left as it is; the next {@link #begin} makes another one. */
    void roll() {
        if (active != null) {
            closeFile();
            closed.add(active);
            active = null;
        }
    }

    private void closeFile() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            LOG.debug("closing a segment in {}", folder, e);
        }
        file = null;
    }

    private long put(ByteBuffer bytes) throws IOException {
        long position = at;
        ByteBuffer rest = bytes.duplicate();
        at += rest.remaining();
        while (rest.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                spill();
            }
            int some = Math.min(buffer.remaining(), rest.remaining());
            buffer.put(rest.slice(rest.position(), some));
            rest.position(rest.position() + some);
        }
        return position;
    }

    /** Adds records: where they will be. */
    Chunk.Place putStored(byte kind, Frames.Stored stored, ByteBuffer batch) throws IOException {
        ByteBuffer head = Frames.stored(kind, stored, batch.remaining());
        Frames.seal(head, active.durable);
        put(head);
        return new Chunk.Place(active, put(batch), batch.remaining());
    }

    void putAcks(List<Frames.Ack> acks) throws IOException {
        for (int i = 0; i < acks.size(); i += ACKS_IN_A_FRAME) {
            ByteBuffer frame = Frames.acks(acks.subList(i, Math.min(acks.size(), i + ACKS_IN_A_FRAME)));
            Frames.seal(frame, active.durable);
            put(frame);
        }
    }

    void putNotes(List<Frames.Mark> marks) throws IOException {
        if (!marks.isEmpty()) {
            ByteBuffer frame = Frames.notes(marks);
            Frames.seal(frame, active.durable);
            put(frame);
        }
    }

    private void spill() throws IOException {
        buffer.flip();
        disk.write(file, buffer, written);
        written += buffer.limit();
        buffer.clear();
    }

    /** Writes what was put; it survives the end of this process. */
    void flush() throws IOException {
        spill();
        active.length = at;
    }

    /** What was flushed survives the end of the machine. */
    void force() throws IOException {
        if (active != null && active.durable < active.length) {
            if (file == null) {
                file = disk.open(active.file);
            }
            disk.force(file);
            active.durable = active.length;
        }
    }

    /** After a failure: takes away what may have been written of it. */
    void undo() {
        if (active == null) {
            return;
        }
        try {
            if (file != null) {
                disk.truncate(file, active.length);
            }
        } catch (IOException e) {
            LOG.debug("cutting off what was not wholly written to {}", active, e);
            closeFile(); // an interrupt closes it, too; it is opened again
        }
    }

    /** After a failed sync nothing is known of what was written since the last one: it has to be written again, elsewhere. */
    void abandon() {
        if (active == null) {
            return;
        }
        active.length = active.durable;
        undo();
        roll();
    }

    /** Deletes the oldest files, as long as nothing in them is needed. */
    void reclaim() throws IOException {
        while (!closed.isEmpty() && closed.getFirst().isDone() && (active != null || closed.size() > 1)) {
            Segment oldest = closed.getFirst();
            disk.delete(oldest.file);
            closed.removeFirst();
            LOG.debug("{} is done with and deleted, {} bytes", oldest.file, oldest.length);
        }
    }

    /** The oldest file that is not written any more, or null. */
    Segment oldest() {
        return closed.peekFirst();
    }

    /** Of all files. */
    long bytes() {
        long bytes = active == null ? 0 : active.length;
        for (Segment segment : closed) {
            bytes += segment.length;
        }
        return bytes;
    }

    int segmentBytes() {
        return segmentBytes;
    }

    @Override
    public void close() {
        closeFile();
    }
}
