package dev.kafkaloom.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what is left in the oldest file to the end of the log, so that the file can go: else a few records that nobody gets done would
 * keep every file. Due when files take half as much again as what is stored, and two segments. Owned by the {@link Journal}'s thread.
 */
final class Mover {
    private static final Logger LOG = LoggerFactory.getLogger(Mover.class);
    private static final int BYTES_AT_ONCE = 8 << 20;

    private final SegmentLog log;
    private final Map<Chunk, Chunk.Place> moved = new LinkedHashMap<>();
    private Segment unreadable;

    Mover(SegmentLog log) {
        this.log = log;
    }

    /** @param living bytes of what is stored */
    boolean isDue(long living) {
        Segment oldest = log.oldest();
        return oldest != null
                && oldest != unreadable
                && log.bytes() > living + living / 2 + 2L * log.segmentBytes()
                && !oldest.isDone();
    }

    /** Writes the copies; they have to be synced before {@link #settle}, and if anything fails {@link #revert} is called. */
    void move() throws IOException {
        Segment oldest = log.oldest();
        List<Frames.Ack> acks = new ArrayList<>();
        long bytes = 0;
        log.begin();
        for (Chunk chunk : oldest.living()) {
            ByteBuffer batch = bytes < BYTES_AT_ONCE ? read(chunk) : null;
            if (batch != null) {
                Chunk.Place before = chunk.place();
                chunk.moveTo(log.putStored(Frames.MOVED, chunk.stored, batch));
                moved.put(chunk, before);
                chunk.everything(acks);
                bytes += chunk.size;
            }
        }
        log.putAcks(acks);
        log.flush();
        LOG.debug("{}: {} chunks, {} bytes, were moved to the end of the log", oldest.file, moved.size(), bytes);
    }

    private ByteBuffer read(Chunk chunk) {
        try {
            ByteBuffer batch = ChunkReader.bytes(chunk);
            ChunkReader.batch(batch, chunk.toString());
            return batch;
        } catch (IOException e) {
            unreadable = chunk.place().segment();
            LOG.warn("{} cannot be moved, its file stays: {}", chunk, e.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    void settle() {
        moved.clear();
    }

    void revert() {
        moved.forEach(Chunk::moveTo);
        moved.clear();
    }
}
