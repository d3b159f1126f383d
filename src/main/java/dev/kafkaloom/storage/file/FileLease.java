package dev.kafkaloom.storage.file;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.Lease;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Records of a partition in a sinker's hands. Any thread may mark them as done, without a lock. */
final class FileLease implements Lease {
    private final Shelf shelf;
    final StoredPartition partition;
    final List<StoredPartition.Piece> pieces; // their offsets rise
    private final long token;
    private final AtomicInteger left;
    private List<ConsumedRecord> records = List.of(); // set before anybody else sees the lease
    private volatile boolean valid = true; // set to false under the shelf's lock

    FileLease(Shelf shelf, StoredPartition partition, List<StoredPartition.Piece> pieces, long token) {
        this.shelf = shelf;
        this.partition = partition;
        this.pieces = pieces;
        this.token = token;
        this.left = new AtomicInteger(
                pieces.stream().mapToInt(StoredPartition.Piece::undone).sum());
    }

    void load(List<ConsumedRecord> loaded) {
        records = loaded;
    }

    @Override
    public TopicPartition partition() {
        return partition.name;
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public List<ConsumedRecord> records() {
        return records;
    }

    @Override
    public void passOn() {
        shelf.passOn(this);
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public boolean done(long offset) {
        if (!valid) {
            return false;
        }
        for (StoredPartition.Piece piece : pieces) {
            int index = piece.chunk().indexOf(offset);
            if (index >= piece.from() && index < piece.to()) {
                if (piece.chunk().markDone(index)) {
                    left.decrementAndGet();
                    shelf.done(piece.chunk());
                }
                return true;
            }
        }
        throw new IllegalArgumentException("offset " + offset + " is not in the lease of " + this);
    }

    @Override
    public void close() {
        shelf.close(this);
    }

    int left() {
        return left.get();
    }

    /** Under the shelf's lock. */
    void end() {
        valid = false;
    }

    @Override
    public String toString() {
        return partition.name + ", " + records.size() + " records"
                + (records.isEmpty() ? "" : " from offset " + records.getFirst().offset()) + ", token " + token;
    }
}
