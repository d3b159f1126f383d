package dev.kafkaloom.bench;

import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.apache.kafka.common.utils.Utils;

/** What kafka-clients' producer and consumer do with a batch, pooled buffers included. */
final class KafkaBatches {
    private static final Header[] NO_HEADERS = {};

    private final Compression compression;
    private final Payload payload;
    private final ByteBuffer pooled =
            ByteBuffer.allocate(RecordBench.SIZE_LIMIT); // the producer's BufferPool hands it out again
    private final BufferSupplier supplier = BufferSupplier.create(); // the consumer keeps one

    KafkaBatches(Compression compression, Payload payload) {
        this.compression = compression;
        this.payload = payload;
    }

    ByteBuffer write(int batch) {
        pooled.clear();
        MemoryRecordsBuilder builder =
                MemoryRecords.builder(pooled, compression, TimestampType.CREATE_TIME, 0, RecordBench.SIZE_LIMIT);
        int first = batch * Payload.RECORDS;
        for (int i = first; i < first + Payload.RECORDS; i++) {
            if (!builder.hasRoomFor(payload.timestamp(i), payload.key(i), payload.value(i), NO_HEADERS)) {
                throw new IllegalStateException("no room for record " + i);
            }
            builder.append(payload.timestamp(i), payload.key(i), payload.value(i), NO_HEADERS);
        }
        builder.close();
        return builder.build().buffer();
    }

    long view(ByteBuffer bytes) {
        long sum = 0;
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
            batch.ensureValid();
            try (CloseableIterator<Record> records = batch.streamingIterator(supplier)) {
                while (records.hasNext()) {
                    Record record = records.next();
                    ByteBuffer key = record.key();
                    ByteBuffer value = record.value();
                    sum = 31 * sum
                            + key.get(key.position())
                            + key.remaining()
                            + value.get(value.limit() - 3)
                            + value.remaining();
                }
            }
        }
        return sum;
    }

    long copies(ByteBuffer bytes) {
        long sum = 0;
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
            batch.ensureValid();
            try (CloseableIterator<Record> records = batch.streamingIterator(supplier)) {
                while (records.hasNext()) {
                    Record record = records.next();
                    byte[] key = Utils.toArray(record.key());
                    byte[] value = Utils.toArray(record.value());
                    sum = 31 * sum + key[0] + key.length + value[value.length - 3] + value.length;
                }
            }
        }
        return sum;
    }
}
