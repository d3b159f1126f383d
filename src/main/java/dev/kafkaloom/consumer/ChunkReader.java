package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.BatchHeader;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.RecordBatch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns raw batches into chunks of records: checks, decompresses, decodes one batch at a time and leaves out what is not to be seen.
 * Owned by the thread that reads the partition; no I/O.
 */
final class ChunkReader {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkReader.class);

    private final TopicPartition partition;
    private final long assignmentEpoch;
    private final FetchConfig config;
    private final OnCorrupt onCorrupt;
    private final int maxRecords;
    private final long maxBytes;
    private final DecodeLimits limits;

    private Iterator<RecordBatch> batches = List.<RecordBatch>of().iterator();
    private AbortedTransactions aborted;
    private long position;
    private RecordBatch batch; // the one being read, null between two
    private List<LogRecord> decoded = List.of();
    private int at;
    private long decompressed;
    private KafkaException corruptAhead;
    private long corruptBatches;

    ChunkReader(
            TopicPartition partition, long assignmentEpoch, FetchConfig config, OnCorrupt onCorrupt, int maxRecords) {
        this.partition = partition;
        this.assignmentEpoch = assignmentEpoch;
        this.config = config;
        this.onCorrupt = onCorrupt;
        this.maxRecords = maxRecords;
        this.maxBytes = config.maxPartitionBytes();
        int largest = DecodeLimits.DEFAULT.maxDecompressedBytes();
        this.limits = new DecodeLimits(Math.clamp(config.maxBufferedBytes(), largest, Integer.MAX_VALUE));
    }

    /** Starts on new mail; whatever was left of the last is dropped. Records below {@code from} are left out. */
    void open(Mail.Batches mail, long from) {
        batches = mail.batches().iterator();
        aborted = config.isolation() == IsolationLevel.READ_COMMITTED
                ? new AbortedTransactions(mail.aborted(), limits)
                : null;
        position = from;
        batch = null;
        corruptAhead = null;
        decompressed = 0;
    }

    /**
     * The next chunk, or null when the mail is read to its end. It ends with the batch that brings it to
     * {@code max.partition.fetch.bytes}: a megabyte of compressed batches may hold gigabytes.
     *
     * @throws KafkaException at a damaged batch, after the chunks before it, unless such are skipped
     */
    Chunk next() {
        List<ConsumedRecord> records = new ArrayList<>();
        long first = position;
        long bytes = 0;
        while (records.size() < maxRecords && (batch != null || (bytes < maxBytes && openBatch(records.isEmpty())))) {
            while (at < decoded.size() && records.size() < maxRecords) {
                LogRecord record = decoded.get(at++);
                if (record.offset() >= position) {
                    records.add(ConsumedRecord.of(partition, record, assignmentEpoch));
                    bytes += length(record.key()) + length(record.value());
                    position = record.offset() + 1;
                }
            }
            if (at >= decoded.size()) {
                position = Math.max(position, batch.header().nextOffset());
                batch = null;
            }
        }
        return position == first ? null : new Chunk(records, first, position, bytes);
    }

    /** Decompressed bytes of the batch being read; 0 when it was not compressed, because its copies are about to be handled. */
    long decompressedBytes() {
        return decompressed;
    }

    /** How many damaged batches were skipped. */
    long corruptBatches() {
        return corruptBatches;
    }

    /** Makes the next batch that has something to see the one being read. False when there is none, or a damaged one is next. */
    private boolean openBatch(boolean mayThrow) {
        if (corruptAhead != null && mayThrow) {
            throw corruptAhead;
        }
        while (corruptAhead == null && batches.hasNext()) {
            RecordBatch next = batches.next();
            try {
                if (decode(next)) {
                    batch = next;
                    return true;
                }
            } catch (KafkaException e) {
                if (onCorrupt == OnCorrupt.STOP) {
                    corruptAhead = e;
                    return !mayThrow ? false : openBatch(true);
                }
                corruptBatches++;
                LOG.warn("skipped: {}", e.oneLine());
            }
            position = Math.max(position, next.header().nextOffset());
        }
        return false;
    }

    private boolean decode(RecordBatch next) {
        BatchHeader header = next.header();
        if (config.checkCrcs() && !next.crcValid()) {
            throw new KafkaException.BrokerError(
                    ErrorCode.CORRUPT_MESSAGE,
                    "checksum of " + partition + " offsets " + header.baseOffset() + " to " + header.lastOffset());
        }
        if (header.nextOffset() <= position || (aborted != null && aborted.hides(next)) || header.control()) {
            return false;
        }
        try {
            decoded = next.decode(limits);
        } catch (KafkaException.MalformedMessage e) {
            throw e.in(partition.toString());
        }
        at = 0;
        decompressed = header.compression() == Compression.NONE ? 0 : size(decoded);
        return true;
    }

    private static long size(List<LogRecord> records) {
        long size = 0;
        for (LogRecord record : records) {
            size += 64L + length(record.key()) + length(record.value());
        }
        return size;
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
