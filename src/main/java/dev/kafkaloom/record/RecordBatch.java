package dev.kafkaloom.record;

import dev.kafkaloom.protocol.KafkaException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One batch of a partition's log: a v2 batch, or a top-level message of format v0/v1 with what is compressed in it. A view of the
 * buffer it was split from; immutable, safe to read from any thread.
 */
public final class RecordBatch {
    private static final int FIRST_CAPACITY = 8192;

    private final ByteBuffer bytes;
    private final BatchHeader header;

    RecordBatch(ByteBuffer bytes, BatchHeader header) {
        this.bytes = bytes;
        this.header = header;
    }

    public BatchHeader header() {
        return header;
    }

    /** Whether the stored checksum is that of the bytes; to be asked before {@link #decode}. */
    public boolean crcValid() {
        return BatchFormat.crcValid(bytes);
    }

    /** The batch as it is on the wire, read-only. */
    public ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer();
    }

    /** The stored checksum: CRC-32C in format v2, CRC-32 before; unsigned. */
    public long crc() {
        return Integer.toUnsignedLong(bytes.getInt(header.magic() == 2 ? BatchFormat.V2_CRC : BatchFormat.V0_CRC));
    }

    /** The attribute bits as they are stored; those that are defined are in the header. */
    public int attributes() {
        return header.magic() == 2
                ? Short.toUnsignedInt(bytes.getShort(BatchFormat.V2_ATTRIBUTES))
                : Byte.toUnsignedInt(bytes.get(BatchFormat.V0_ATTRIBUTES));
    }

    /** What the timestamps of a v2 batch's records count from; before, the message's own timestamp. */
    public long baseTimestamp() {
        return header.magic() == 2 ? bytes.getLong(BatchFormat.V2_BASE_TIMESTAMP) : header.maxTimestamp();
    }

    /** When a compacted log may drop this batch's tombstones or marker (KIP-534), in milliseconds since the epoch; -1 for never. */
    public long deleteHorizon() {
        return header.magic() == 2 && (attributes() & BatchFormat.DELETE_HORIZON) != 0 ? baseTimestamp() : -1;
    }

    /**
     * Decompresses, and walks over the records without copying them. They come in offset order, from the first of the batch (which may
     * be below the offset that was fetched). Those of a control batch are control records: see {@link ControlType}. The batch's CRC is
     * not checked again, those of messages inside a compressed v0/v1 message are.
     *
     * @throws KafkaException.MalformedMessage when the content cannot be decompressed, or to more than the limit
     */
    public RecordCursor cursor(DecodeLimits limits) {
        try {
            return header.magic() == 2
                    ? BatchV2Cursor.open(bytes, header, limits)
                    : MessageCursor.open(bytes, header, limits);
        } catch (CorruptRecords e) {
            throw e.in(header);
        }
    }

    /**
     * Copies of all records, as {@link #cursor} comes by them.
     *
     * @throws KafkaException.MalformedMessage when anything in it is wrong, or it decompresses to more than the limit
     */
    public List<LogRecord> decode(DecodeLimits limits) {
        List<LogRecord> records = new ArrayList<>(Math.clamp(header.recordCount(), 0, FIRST_CAPACITY));
        try (RecordCursor cursor = cursor(limits)) {
            while (cursor.next()) {
                records.add(cursor.copy());
            }
        }
        return records;
    }

    @Override
    public String toString() {
        return header.toString();
    }
}
