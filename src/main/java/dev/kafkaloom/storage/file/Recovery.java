package dev.kafkaloom.storage.file;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log when the folder is opened. What a crash cut off at the end is dropped: nobody was told that it is stored. What is damaged
 * although it was durable is said by name and counted, the file is kept under another name, and reading goes on behind it. Owned by one
 * thread.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Path folder;
    private final Disk disk;
    private final boolean readOnly;
    private final Map<TopicPartition, StoredPartition> partitions = new TreeMap<>();
    private final Map<Long, Chunk> chunks = new HashMap<>();
    private String group;
    private long nextSeq = 1;
    private long lost;
    private boolean damaged; // something before what is read now
    private Frames.Stored spoilt; // whose batch is bad, if only that is
    private Segment last;

    /** What there is: files from the oldest on, partitions with their chunks that are not done, how many records were damaged. */
    record Found(
            List<Segment> segments, Collection<StoredPartition> partitions, long nextSeq, long lost, String group) {}

    private Recovery(Path folder, Disk disk, boolean readOnly) {
        this.folder = folder;
        this.disk = disk;
        this.readOnly = readOnly;
    }

    /** For a storage that goes on with it; cuts off torn tails. */
    static Found of(Path folder, Disk disk, String group) throws IOException {
        Recovery recovery = new Recovery(folder, disk, false);
        Found found = recovery.read();
        if (found.group() == null || found.group().equals(group)) {
            return found;
        }
        long records = found.partitions().stream()
                .flatMap(p -> p.chunks.values().stream())
                .mapToLong(Chunk::left)
                .sum();
        if (records > 0) {
            throw new IOException("KAFKA_STORAGE_FILE_DIR: " + folder + " has " + records + " records of group "
                    + found.group() + ", not of " + group
                    + ": start once with that group to have them sunk, or use another folder");
        }
        for (Segment segment : found.segments()) {
            Files.delete(segment.file); // marks of another group say nothing about this one
        }
        return new Found(List.of(), List.of(), 1, 0, group);
    }

    /** Only looks, changes nothing. */
    static Found look(Path folder) throws IOException {
        return new Recovery(folder, Disk.REAL, true).read();
    }

    private Found read() throws IOException {
        List<Segment> segments = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.mapToLong(Segment::numberOf)
                    .filter(number -> number >= 0)
                    .sorted()
                    .forEach(number -> segments.add(new Segment(folder, number)));
        }
        for (Segment segment : List.copyOf(segments)) {
            long begun = System.nanoTime();
            try {
                scan(segment);
            } catch (NoSuchFileException e) {
                if (!readOnly) {
                    throw e;
                } // whoever has the folder was done with it
            }
            if (segment.length == 0 && !readOnly) {
                Files.delete(segment.file);
            }
            if (segment.length == 0) {
                segments.remove(segment);
            }
            LOG.debug(
                    "{}: {} bytes read in {} ms",
                    segment.file,
                    segment.length,
                    (System.nanoTime() - begun) / 1_000_000);
        }
        for (Chunk chunk : chunks.values()) {
            if (chunk.isDone()) {
                chunk.leave();
            } else {
                partitions.get(chunk.partition()).chunks.put(chunk.seq(), chunk);
            }
        }
        if (damaged) {
            partitions.values().forEach(StoredPartition::suspect);
        }
        return new Found(segments, partitions.values(), nextSeq, lost, group);
    }

    private void scan(Segment segment) throws IOException {
        try (FileChannel file = FileChannel.open(segment.file, StandardOpenOption.READ)) {
            long size = file.size();
            SegmentReader in = new SegmentReader(file, size);
            long good = 0;
            while (good < size) {
                spoilt = null;
                Frames.Head head = in.frame(good);
                if (head == null || !take(segment, in, good, head)) {
                    long next = in.nextDurable(good);
                    if (next < 0) {
                        break;
                    }
                    damaged(segment, good, next);
                    good = next;
                } else {
                    good += head.size();
                }
            }
            if (good == 0 && in.isForeign()) {
                LOG.warn("{} is not what a storage writes; it is kept as {}", segment.file, keep(segment));
            }
            cut(segment, good, size);
        }
    }

    /** Takes in the frame; false when it is not what was written. */
    private boolean take(Segment segment, SegmentReader in, long at, Frames.Head head) throws IOException {
        ByteBuffer meta = in.meta();
        try {
            switch (head.kind()) {
                case Frames.STATE -> state(Frames.read(meta, Frames::readState), segment);
                case Frames.ACKS -> Frames.read(meta, Frames::readAcks).forEach(this::ack);
                case Frames.NOTES -> Frames.read(meta, Frames::readMarks).forEach(mark -> advance(mark, mark.mark()));
                default -> {
                    Frames.Stored stored = Frames.read(meta, Frames::readStored);
                    if (!isWhole(segment, stored, in, at, head)) {
                        spoilt = stored;
                        return false;
                    }
                    if (head.kind() == Frames.RECORDS) {
                        advance(mark(stored), stored.first());
                    }
                }
            }
            return true;
        } catch (Damaged e) {
            LOG.debug("{} at {}", segment.file, at, e);
            return false;
        }
    }

    private boolean isWhole(Segment segment, Frames.Stored stored, SegmentReader in, long at, Frames.Head head)
            throws IOException {
        try {
            records(segment, stored, in, at, head);
            return true;
        } catch (Damaged | KafkaException.MalformedMessage e) {
            LOG.debug("{} at {}", segment.file, at, e);
            return false;
        }
    }

    /** Moves a partition's mark; a gap behind damage is taken for what was there. */
    private void advance(Frames.Mark to, long first) {
        StoredPartition partition = partition(to.partition());
        if (damaged && partition.isMarked() && partition.mark() < first) {
            partition.lost(partition.mark());
        }
        partition.recover(to);
    }

    private static Frames.Mark mark(Frames.Stored stored) {
        return new Frames.Mark(stored.partition(), stored.topicId(), stored.next(), stored.committed());
    }

    private void state(Frames.State state, Segment segment) {
        group = state.group();
        nextSeq = Math.max(nextSeq, state.nextSeq());
        if (last != null && last.number == segment.number - 1 && last.length < state.previousLength()) {
            lost++;
            damaged = true;
            LOG.error(
                    "{} has {} good bytes, but {} were written and synced: what was stored behind them is read from the broker"
                            + " again, if it still has it",
                    last.file,
                    last.length,
                    state.previousLength());
        }
        state.marks().forEach(mark -> advance(mark, mark.mark()));
    }

    private void ack(Frames.Ack ack) {
        Chunk chunk = chunks.get(ack.seq());
        if (chunk != null) {
            chunk.apply(ack);
        }
    }

    private void records(Segment segment, Frames.Stored stored, SegmentReader in, long at, Frames.Head head)
            throws IOException {
        long batchAt = at + Frames.HEAD + head.metaSize();
        RecordBatch batch = ChunkReader.batch(in.batch(batchAt, head.batchSize()), segment.file + " at " + batchAt);
        long[] offsets = new long[batch.header().recordCount()];
        int count = 0;
        long timestamp = -1;
        try (RecordCursor record = batch.cursor(new DecodeLimits(Integer.MAX_VALUE - 64))) {
            while (record.next()) {
                timestamp = count == 0 ? record.timestamp() : timestamp;
                offsets[count++] = record.offset();
            }
        }
        if (count == 0 || count != offsets.length) {
            throw new Damaged("a batch of " + count + " records");
        }
        nextSeq = Math.max(nextSeq, stored.seq() + 1);
        Chunk before = chunks.get(stored.seq());
        Chunk chunk = before != null ? before : new Chunk(stored, 0, timestamp, head.size(), offsets);
        chunk.moveTo(new Chunk.Place(segment, batchAt, head.batchSize()));
        chunks.put(stored.seq(), chunk);
        partition(stored.partition());
    }

    private StoredPartition partition(TopicPartition name) {
        return partitions.computeIfAbsent(name, StoredPartition::new);
    }

    private void damaged(Segment segment, long from, long to) {
        String what = "of some partition";
        if (spoilt != null) {
            partition(spoilt.partition()).lost(spoilt.first());
            advance(mark(spoilt), spoilt.first());
            what = "of " + spoilt.partition() + " from offset " + spoilt.first() + " to " + (spoilt.next() - 1);
        }
        lost++;
        damaged = true;
        LOG.error(
                "{}: the bytes from {} to {} are not what was written and synced there: the records in them, {}, are read from the"
                        + " broker again, if it still has them; the file is kept as {}",
                segment.file,
                from,
                to,
                what,
                keep(segment));
    }

    private Path keep(Segment segment) {
        Path copy = segment.file.resolveSibling(segment.file.getFileName() + ".damaged");
        try {
            if (!readOnly && !Files.exists(copy)) {
                Files.copy(segment.file, copy);
            }
        } catch (IOException e) {
            LOG.warn("{} could not be kept as {}: {}", segment.file, copy, e.toString());
        }
        return copy;
    }

    /** Drops what is behind the last good frame, and makes durable what a killed process had only written. */
    private void cut(Segment segment, long good, long size) throws IOException {
        segment.length = good;
        segment.durable = good;
        last = segment;
        if (readOnly) {
            return;
        }
        if (good < size) {
            LOG.info(
                    "{}: the last {} bytes were not wholly written when the process or the machine ended; dropped",
                    segment.file,
                    size - good);
        }
        try (FileChannel file = disk.open(segment.file)) {
            if (good < size) {
                disk.truncate(file, good);
            }
            disk.force(file);
        }
    }
}
