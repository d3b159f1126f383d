package dev.kafkaloom.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.apache.kafka.common.utils.Utils;

/** What kafka-clients' producer and consumer do with a batch, pooled buffers included. */
final class KafkaBatches {
    private static final String TOPIC = "orders";
    private static final Header[] NO_HEADERS = {};

    private final Compression compression;
    private final Payload payload;
    private final ByteBuffer pooled =
            ByteBuffer.allocate(RecordBench.SIZE_LIMIT); // the producer's BufferPool hands it out again
    private final ByteArrayDeserializer bytes = new ByteArrayDeserializer();
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

    /** As the consumer makes them, with the deserializer that only copies. */
    List<ConsumerRecord<byte[], byte[]>> objects(ByteBuffer bytes) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
            batch.ensureValid();
            Optional<Integer> epoch =
                    batch.partitionLeaderEpoch() < 0 ? Optional.empty() : Optional.of(batch.partitionLeaderEpoch());
            try (CloseableIterator<Record> records = batch.streamingIterator(supplier)) {
                while (records.hasNext()) {
                    all.add(object(batch, records.next(), epoch));
                }
            }
        }
        return all;
    }

    private ConsumerRecord<byte[], byte[]> object(MutableRecordBatch batch, Record record, Optional<Integer> epoch) {
        Headers headers = new RecordHeaders(record.headers());
        byte[] key = bytes.deserialize(TOPIC, headers, record.key());
        byte[] value = bytes.deserialize(TOPIC, headers, record.value());
        return new ConsumerRecord<>(
                TOPIC,
                0,
                record.offset(),
                record.timestamp(),
                batch.timestampType(),
                record.keySize(),
                record.valueSize(),
                key,
                value,
                headers,
                epoch,
                Optional.empty());
    }

    long sum(List<ConsumerRecord<byte[], byte[]>> records) {
        long sum = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            byte[] value = record.value();
            sum = 31 * sum + record.key()[0] + record.key().length + value[value.length - 3] + value.length;
        }
        return sum;
    }
}
