package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.BatchHeader;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordCursor;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes over the records of one mail after the other where they lie: checks and decompresses one batch at a time and passes over what is
 * not to be seen. Owned by the thread that reads the partition; no I/O.
 */
final class BatchWalk {
    private static final Logger LOG = LoggerFactory.getLogger(BatchWalk.class);

    private final TopicPartition partition;
    private final FetchConfig config;
    private final OnCorrupt onCorrupt;
    private final DecodeLimits limits;

    private List<RecordBatch> batches = List.of();
    private int nextBatch;
    private AbortedTransactions aborted;
    private long position;
    private BatchHeader header; // of the batch being read
    private RecordCursor cursor; // null between two
    private long decompressed;
    private int leaderEpoch = -1;
    private KafkaException damage; // what comes next
    private final AtomicLong damagedBatches = new AtomicLong();

    BatchWalk(TopicPartition partition, FetchConfig config, OnCorrupt onCorrupt) {
        this.partition = partition;
        this.config = config;
        this.onCorrupt = onCorrupt;
        int largest = DecodeLimits.DEFAULT.maxDecompressedBytes();
        this.limits = new DecodeLimits(Math.clamp(config.maxBufferedBytes(), largest, Integer.MAX_VALUE));
    }

    /** Starts on new mail; whatever was left of the last is dropped. Records below {@code from} are left out. */
    void open(Mail.Batches mail, long from) {
        close();
        batches = mail.batches();
        aborted = config.isolation() == IsolationLevel.READ_COMMITTED
                ? new AbortedTransactions(mail.aborted(), limits)
                : null;
        position = from;
        decompressed = 0;
    }

    /** Lets go of the mail: nothing of its memory is looked at any more. */
    void close() {
        closeBatch();
        batches = List.of();
        nextBatch = 0;
        damage = null;
    }

    /**
     * Goes to the next record that is to be seen.
     *
     * @param mayOpen whether the batch behind the one being read may be opened
     * @param mayThrow whether a damaged batch is to be thrown; otherwise it ends the walk, and the next call that may throws it
     * @return false when there is none
     * @throws KafkaException at a damaged batch, unless such are skipped
     */
    boolean next(boolean mayOpen, boolean mayThrow) {
        while (cursor != null || (mayOpen && openBatch(mayThrow))) {
            try {
                while (cursor.next()) {
                    if (cursor.offset() >= position) {
                        position = cursor.offset() + 1;
                        return true;
                    }
                }
                passBatch();
            } catch (KafkaException.MalformedMessage e) {
                damaged(e.in(partition.toString()));
            }
        }
        return false;
    }

    /** The record that {@link #next} went to. */
    RecordCursor record() {
        return cursor;
    }

    /** The offset behind all that was seen or passed over. */
    long position() {
        return position;
    }

    /** Where the mail ends, if nothing in it is damaged. */
    long end() {
        return batches.isEmpty()
                ? position
                : Math.max(position, batches.getLast().header().nextOffset());
    }

    /** Of the batch that was read last; -1 for none. */
    int leaderEpoch() {
        return leaderEpoch;
    }

    /** What the batch that was opened last holds decompressed; 0 when it was not compressed. */
    long decompressedBytes() {
        return decompressed;
    }

    /** How many damaged batches were skipped. May be asked from any thread. */
    long damagedBatches() {
        return damagedBatches.get();
    }

    /** Makes the next batch that has something to see the one being read. False when there is none, or a damaged one is next. */
    private boolean openBatch(boolean mayThrow) {
        while (damage == null && nextBatch < batches.size()) {
            RecordBatch next = batches.get(nextBatch++);
            header = next.header();
            try {
                if (open(next)) {
                    return true;
                }
                passBatch();
            } catch (KafkaException e) {
                damaged(e);
            }
        }
        if (damage != null && mayThrow) {
            throw damage;
        }
        return false;
    }

    private boolean open(RecordBatch next) {
        if (config.checkCrcs() && !next.crcValid()) {
            throw new KafkaException.BrokerError(
                    ErrorCode.CORRUPT_MESSAGE,
                    "checksum of " + partition + " offsets " + header.baseOffset() + " to " + header.lastOffset());
        }
        boolean hidden = aborted != null && aborted.hides(next);
        if (hidden || header.control() || header.nextOffset() <= position) {
            return false;
        }
        try {
            cursor = next.cursor(limits);
        } catch (KafkaException.MalformedMessage e) {
            throw e.in(partition.toString());
        }
        decompressed = header.compression() == Compression.NONE ? 0 : cursor.size();
        return true;
    }

    private void passBatch() {
        closeBatch();
        leaderEpoch = header.partitionLeaderEpoch();
        position = Math.max(position, header.nextOffset());
    }

    private void damaged(KafkaException cause) {
        closeBatch();
        if (onCorrupt == OnCorrupt.STOP) {
            damage = cause;
            return;
        }
        damagedBatches.incrementAndGet();
        LOG.warn("skipped: {}", cause.oneLine());
        passBatch();
    }

    private void closeBatch() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }
}
