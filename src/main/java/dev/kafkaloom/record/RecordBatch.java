package dev.kafkaloom.record;

import dev.kafkaloom.protocol.KafkaException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One batch of a partition's log: a v2 batch, or a top-level message of format v0/v1 with what is compressed in it. A view of the
 * buffer it was split from; immutable, safe to read from any thread.
 */
public final class RecordBatch {
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

    /**
     * Decompresses and decodes; records are copies, in offset order, from the first of the batch (which may be below the offset that
     * was fetched). Of a control batch they are control records: see {@link ControlType}. The batch's CRC is not checked again, those
     * of messages inside a compressed v0/v1 message are.
     *
     * @throws KafkaException.MalformedMessage when anything in it is wrong, or it decompresses to more than the limit
     */
    public List<LogRecord> decode(DecodeLimits limits) {
        try {
            return header.magic() == 2
                    ? BatchV2Reader.read(bytes, header, limits)
                    : MessageReader.read(bytes, header, limits);
        } catch (CorruptRecords e) {
            throw new KafkaException.MalformedMessage(
                    "record batch at offset " + header.baseOffset() + " (v" + header.magic() + ", "
                            + header.compression().label() + ", " + header.sizeInBytes() + " bytes)",
                    e.getMessage());
        }
    }

    @Override
    public String toString() {
        return header.toString();
    }
}
