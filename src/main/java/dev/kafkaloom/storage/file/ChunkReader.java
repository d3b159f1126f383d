package dev.kafkaloom.storage.file;

import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import dev.kafkaloom.record.RecordCursor;
import dev.kafkaloom.storage.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives the records of chunks: from memory as long as not too much is kept there, else from their files, each read with a channel of its
 * own because an interrupt closes it. Thread-safe.
 */
final class ChunkReader {
    /** Guessed: what a record of no content takes on the heap. */
    private static final int RECORD_BYTES = 160;

    private static final long MOST_KEPT =
            Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 16);
    private static final DecodeLimits LIMITS = new DecodeLimits(Integer.MAX_VALUE - 64);

    private final AtomicLong kept = new AtomicLong();

    /** Keeps records that are about to be taken, if there is room for them. */
    void keep(Chunk chunk, List<ConsumedRecord> records) {
        if (kept.get() + weight(chunk) <= MOST_KEPT && chunk.keep(List.copyOf(records))) {
            kept.addAndGet(weight(chunk));
        }
    }

    void forget(Chunk chunk) {
        if (chunk.forget()) {
            kept.addAndGet(-weight(chunk));
        }
    }

    private static long weight(Chunk chunk) {
        return chunk.size + (long) RECORD_BYTES * chunk.count;
    }

    /** What is not done of the lease's records, with the delivery that this is. */
    List<ConsumedRecord> read(FileLease lease) throws IOException, InterruptedException {
        List<ConsumedRecord> records = new ArrayList<>(lease.left());
        for (StoredPartition.Piece piece : lease.pieces) {
            List<ConsumedRecord> all = records(piece.chunk());
            for (int i = piece.from(); i < piece.to(); i++) {
                if (!piece.chunk().isDone(i)) {
                    records.add(delivery(all.get(i), piece.chunk().deliveries(i)));
                }
            }
        }
        return records;
    }

    private static ConsumedRecord delivery(ConsumedRecord record, int count) {
        return count == record.deliveryCount()
                ? record
                : new ConsumedRecord(
                        record.partition(),
                        record.offset(),
                        record.timestamp(),
                        record.timestampType(),
                        record.key(),
                        record.value(),
                        record.headers(),
                        count,
                        record.leaderEpoch(),
                        record.assignmentEpoch());
    }

    /** All records of a chunk, on their first delivery. */
    private List<ConsumedRecord> records(Chunk chunk) throws IOException, InterruptedException {
        List<ConsumedRecord> inMemory = chunk.records();
        if (inMemory != null) {
            return inMemory;
        }
        List<ConsumedRecord> read = decode(chunk);
        keep(chunk, read);
        return read;
    }

    private static List<ConsumedRecord> decode(Chunk chunk) throws IOException, InterruptedException {
        RecordBatch batch = batch(bytes(chunk), chunk.toString());
        List<ConsumedRecord> records = new ArrayList<>(chunk.count);
        try (RecordCursor at = batch.cursor(LIMITS)) {
            while (at.next()) {
                records.add(new ConsumedRecord(
                        chunk.partition(),
                        at.offset(),
                        at.timestamp(),
                        chunk.stored.type(),
                        at.key(),
                        at.value(),
                        at.headers(),
                        1,
                        at.leaderEpoch(),
                        chunk.assignmentEpoch));
            }
        }
        if (records.size() != chunk.count) {
            throw new Damaged(chunk + " has " + records.size() + " records instead of " + chunk.count);
        }
        return records;
    }

    /** The one batch in there, its checksum checked. */
    static RecordBatch batch(ByteBuffer bytes, String where) throws Damaged {
        List<RecordBatch> batches = RecordBatches.split(bytes);
        if (batches.size() != 1 || !batches.getFirst().crcValid()) {
            throw new Damaged(where + " is not what was written there: its checksum does not match");
        }
        return batches.getFirst();
    }

    /** Its batch as it is in the file, unchecked. */
    static ByteBuffer bytes(Chunk chunk) throws IOException, InterruptedException {
        while (true) {
            Chunk.Place place = chunk.place();
            try (FileChannel file = FileChannel.open(place.segment().file, StandardOpenOption.READ)) {
                ByteBuffer bytes = ByteBuffer.allocate(place.batchSize());
                while (bytes.hasRemaining()) {
                    if (file.read(bytes, place.batchAt() + bytes.position()) < 0) {
                        throw new Damaged(chunk + " ends " + bytes.remaining() + " bytes early");
                    }
                }
                return bytes.flip();
            } catch (ClosedByInterruptException _) {
                Thread.interrupted();
                throw new InterruptedException("interrupted while it read " + chunk);
            } catch (IOException e) {
                if (place.equals(chunk.place())) {
                    throw e;
                } // else it was moved to another file meanwhile
            }
        }
    }

    /** The oldest records of each partition, in turn. */
    List<StoredRecord> peek(Shelf shelf, int max) throws IOException, InterruptedException {
        List<StoredRecord> seen = new ArrayList<>();
        List<List<StoredPartition.Piece>> partitions = shelf.oldest(max);
        int share = partitions.isEmpty() ? 0 : Math.max(1, (max + partitions.size() - 1) / partitions.size());
        for (List<StoredPartition.Piece> pieces : partitions) {
            int end = Math.min(max, seen.size() + share);
            for (StoredPartition.Piece piece : pieces) {
                if (seen.size() < end) {
                    look(shelf, piece.chunk(), end, seen);
                }
            }
        }
        return seen;
    }

    private void look(Shelf shelf, Chunk chunk, int end, List<StoredRecord> to)
            throws IOException, InterruptedException {
        List<ConsumedRecord> all = records(chunk);
        Chunk.Place place = chunk.place();
        for (int i = 0; i < chunk.count && to.size() < end; i++) {
            if (!chunk.isDone(i)) {
                ConsumedRecord record = delivery(all.get(i), chunk.deliveries(i));
                to.add(new StoredRecord(record, shelf.isLeased(chunk, i), place.segment() + "@" + place.batchAt()));
            }
        }
    }
}
