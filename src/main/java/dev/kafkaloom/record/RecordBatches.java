package dev.kafkaloom.record;

import dev.kafkaloom.protocol.KafkaException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Splits what a Fetch response's {@code records} holds: any mix of v2 batches and v0/v1 messages. Stateless, no I/O. */
public final class RecordBatches {
    private RecordBatches() {}

    /**
     * The batches, in order, as views of {@code records} whose position is not moved. Nothing is decompressed and no CRC is checked. A
     * batch that is cut off at the end is dropped: brokers cut at the size that was asked for. What cannot be a batch ends the list,
     * so that the good ones before it are not lost; as the very first thing it is an error.
     *
     * @throws KafkaException.MalformedMessage when the first batch's fixed part contradicts itself
     */
    public static List<RecordBatch> split(ByteBuffer records) {
        List<RecordBatch> batches = new ArrayList<>();
        int at = records.position();
        while (records.limit() - at >= BatchFormat.UP_TO_MAGIC) {
            try {
                int size = sizeAt(records, at);
                if (size > records.limit() - at) {
                    break;
                }
                ByteBuffer batch = records.slice(at, size);
                batches.add(new RecordBatch(batch, BatchFormat.header(batch)));
                at += size;
            } catch (CorruptRecords e) {
                if (batches.isEmpty()) {
                    throw new KafkaException.MalformedMessage(
                            "record batch at offset " + records.getLong(at), e.getMessage());
                }
                break;
            }
        }
        return batches;
    }

    /**
     * The size the first batch claims, in bytes, even when the buffer holds less of it: what a fetch limit must grow to. -1 when fewer
     * than 12 bytes are there or the claim is impossible.
     */
    public static int firstBatchSize(ByteBuffer records) {
        if (records.remaining() < BatchFormat.LOG_OVERHEAD) {
            return -1;
        }
        int size = records.getInt(records.position() + BatchFormat.SIZE);
        return size < BatchFormat.V0_SMALLEST || size > Integer.MAX_VALUE - BatchFormat.LOG_OVERHEAD
                ? -1
                : size + BatchFormat.LOG_OVERHEAD;
    }

    private static int sizeAt(ByteBuffer records, int at) throws CorruptRecords {
        byte magic = records.get(at + BatchFormat.MAGIC);
        if (magic < 0 || magic > 2) {
            throw new CorruptRecords("message format v" + magic + " is unknown, v0 to v2 are defined");
        }
        long size = (long) records.getInt(at + BatchFormat.SIZE) + BatchFormat.LOG_OVERHEAD;
        if (size < BatchFormat.smallest(magic)) {
            throw new CorruptRecords(
                    "size " + size + " is less than the " + BatchFormat.smallest(magic) + " bytes of format v" + magic);
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }
}
