package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordCursor;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns raw batches into chunks of records, as copies or as views. Owned by the thread that reads the partition; no I/O.
 */
final class ChunkReader {
    private final TopicPartition partition;
    private final long assignmentEpoch;
    private final int maxRecords;
    private final long maxBytes;
    private final BatchWalk walk;
    private int usual; // how many records the last chunk had

    ChunkReader(
            TopicPartition partition, long assignmentEpoch, FetchConfig config, OnCorrupt onCorrupt, int maxRecords) {
        this.partition = partition;
        this.assignmentEpoch = assignmentEpoch;
        this.maxRecords = maxRecords;
        this.maxBytes = config.maxPartitionBytes();
        this.walk = new BatchWalk(partition, config, onCorrupt);
    }

    /** Starts on new mail; whatever was left of the last is dropped. Records below {@code from} are left out. */
    void open(Mail.Batches mail, long from) {
        walk.open(mail, from);
    }

    /** Has done with the mail: its memory may be given back. */
    void close() {
        walk.close();
    }

    /**
     * The next chunk, or null when the mail is read to its end. It ends with the batch that brings it to
     * {@code max.partition.fetch.bytes}: a megabyte of compressed batches may hold gigabytes.
     *
     * @throws KafkaException at a damaged batch, after the records before it, unless such are skipped
     */
    Chunk next() {
        return next(maxRecords);
    }

    /** The same with at most so many records, 1 at least. */
    Chunk next(int most) {
        List<ConsumedRecord> records = new ArrayList<>(Math.min(most, usual));
        long first = walk.position();
        long bytes = 0;
        while (records.size() < most && walk.next(bytes < maxBytes, walk.position() == first)) {
            RecordCursor record = walk.record();
            records.add(ConsumedRecord.of(partition, record, assignmentEpoch));
            bytes += Math.max(0, record.keyLength()) + Math.max(0, record.valueLength());
        }
        usual = records.size();
        return walk.position() == first ? null : new Chunk(records, first, walk.position(), bytes, walk.leaderEpoch());
    }

    /**
     * The next records where they lie, or null when the mail is read to its end. They have to be {@linkplain RecordViews#finish
     * finished} before anything else is asked of this reader. As many as make a chunk by its bytes, however many records these are.
     *
     * @throws KafkaException at a damaged batch, after the records before it, unless such are skipped
     */
    RecordViews nextViews() {
        long first = walk.position();
        boolean any = walk.next(true, true);
        return !any && walk.position() == first
                ? null
                : new RecordViews(partition, assignmentEpoch, walk, first, any, maxBytes);
    }

    /** Decompressed bytes of the batch being read; 0 when it was not compressed, because its copies are about to be handled. */
    long decompressedBytes() {
        return walk.decompressedBytes();
    }

    /** How many damaged batches were skipped. */
    long corruptBatches() {
        return walk.damagedBatches();
    }
}
