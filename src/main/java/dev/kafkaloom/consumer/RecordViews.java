package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.RecordCursor;
import dev.kafkaloom.record.TimestampType;
import java.util.List;

/**
 * Walks over records where they were received or decompressed, without an object or a copy for any of them. {@link #next()} makes the next
 * record the current one, whose key and value lie in {@link #array()}.
 *
 * <p>Owned by the thread whose {@link ViewHandler} was called, and only until that call returns: from then on, and on every other thread, all
 * methods throw {@link IllegalStateException}. The array is lent for the same time: afterwards it holds other answers, so what is to be kept
 * is copied ({@link #copy()}).
 *
 * <pre>{@code
 * while (records.next()) {
 *     sum(records.array(), records.valuePosition(), records.valueLength());
 * }
 * }</pre>
 */
public final class RecordViews {
    private final TopicPartition partition;
    private final long assignmentEpoch;
    private final BatchWalk walk;
    private final long first;
    private final long maxBytes;
    private Thread owner =
            Thread.currentThread(); // null when it is over; by other threads only ever compared with themselves
    private boolean ahead; // the walk stands on a record that next() has not come to
    private RecordCursor record; // the current one; null before the first and behind the last
    private long count;
    private long bytes;

    RecordViews(
            TopicPartition partition, long assignmentEpoch, BatchWalk walk, long first, boolean any, long maxBytes) {
        this.partition = partition;
        this.assignmentEpoch = assignmentEpoch;
        this.walk = walk;
        this.first = first;
        this.ahead = any;
        this.maxBytes = maxBytes;
    }

    /**
     * Goes to the next record, in offset order.
     *
     * @return false behind the last one
     */
    public boolean next() {
        checkOwner();
        record = null;
        if (!ahead && !walk.next(bytes < maxBytes, false)) {
            return false;
        }
        ahead = false;
        record = walk.record();
        count++;
        bytes += Math.max(0, record.keyLength()) + Math.max(0, record.valueLength());
        return true;
    }

    /** Absolute offset in the partition. */
    public long offset() {
        return current().offset();
    }

    /** Milliseconds since the epoch, -1 when the message format has none. */
    public long timestamp() {
        return current().timestamp();
    }

    /** The partition's when its leader took the record in (KIP-320); -1 for not known. */
    public int leaderEpoch() {
        return current().leaderEpoch();
    }

    /** What the timestamp means. */
    public TimestampType timestampType() {
        return current().timestampType();
    }

    /** Where the key and the value of the current record lie, among other bytes. Not to be written to. */
    public byte[] array() {
        return current().array();
    }

    /** First byte of the key in {@link #array()}. */
    public int keyPosition() {
        return current().keyPosition();
    }

    /** -1 when the key is null. */
    public int keyLength() {
        return current().keyLength();
    }

    /** First byte of the value in {@link #array()}. */
    public int valuePosition() {
        return current().valuePosition();
    }

    /** -1 when the value is null. */
    public int valueLength() {
        return current().valueLength();
    }

    /** 0 before message format v2. */
    public int headerCount() {
        return current().headerCount();
    }

    /** The headers in the order written; copies. */
    public List<Header> headers() {
        return current().headers();
    }

    /** The current record as a copy to keep. */
    public ConsumedRecord copy() {
        return ConsumedRecord.of(partition, current(), assignmentEpoch);
    }

    private RecordCursor current() {
        checkOwner();
        if (record == null) {
            throw new IllegalStateException("no record: next() was not called, or returned false");
        }
        return record;
    }

    private void checkOwner() {
        if (owner != Thread.currentThread()) {
            throw new IllegalStateException(
                    "the records of " + partition + " are gone: views are of use only inside the handler's call");
        }
    }

    // ---- for the loop that calls the handler

    /** Whether there is no record in the range at all. */
    boolean isEmpty() {
        return count == 0 && !ahead;
    }

    /** The offset that the range starts at. */
    long first() {
        return first;
    }

    /** Where the range can end at most, known before anything is read. */
    long end() {
        return walk.end();
    }

    /** The offset behind what was seen or passed over; once finished, behind the range. */
    long position() {
        return ahead ? first : walk.position();
    }

    /** {@link Chunk#leaderEpoch()}. */
    int lastLeaderEpoch() {
        return walk.leaderEpoch();
    }

    /** How many records were looked at. */
    long count() {
        return count;
    }

    /** Keys and values of those. */
    long bytes() {
        return bytes;
    }

    /**
     * The handler has returned: what it did not look at is passed over, and nobody sees anything here any more.
     *
     * @throws KafkaException never at a damaged batch: the range ends before it
     */
    void finish() {
        while (next()) {
            // checked like those that are looked at
        }
        abandon();
    }

    /** The handler failed: nobody sees anything here any more. */
    void abandon() {
        owner = null;
        record = null;
    }
}
