package dev.kafkaloom.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.params.provider.Arguments;

/** Batches for the tests of this package: ours, and those of Apache's client. */
final class RecordSamples {
    private RecordSamples() {}

    /** Every message format with every codec it knows. */
    static Stream<Arguments> formats() {
        return Stream.of((byte) 0, (byte) 1, (byte) 2)
                .flatMap(magic -> Stream.of(Compression.values())
                        .filter(codec -> codec.knownTo(magic))
                        .map(codec -> Arguments.of(magic, codec)));
    }

    /** Null and empty keys and values, timestamps that go back, headers where the format has them, and something compressible. */
    static List<LogRecord> records(byte magic, long baseOffset) {
        List<LogRecord> records = new ArrayList<>();
        add(records, magic, baseOffset, 1000, null, null);
        add(records, magic, baseOffset, 900, new byte[0], new byte[0]);
        add(records, magic, baseOffset, 1_700_000_000_000L, "schlüssel".getBytes(UTF_8), "wert".getBytes(UTF_8));
        byte[] noise = new byte[100_000];
        new Random(7).nextBytes(noise);
        add(records, magic, baseOffset, 1001, "noise".getBytes(UTF_8), noise);
        add(
                records,
                magic,
                baseOffset,
                1002,
                "run".getBytes(UTF_8),
                "abcabcabcabd".repeat(20_000).getBytes(UTF_8));
        for (int i = 0; i < 200; i++) {
            add(records, magic, baseOffset, 2000 + i, ("k" + i).getBytes(UTF_8), ("value of " + i).getBytes(UTF_8));
        }
        return records;
    }

    private static void add(
            List<LogRecord> records, byte magic, long baseOffset, long timestamp, byte[] key, byte[] value) {
        int index = records.size();
        List<Header> headers = magic < 2 || index % 2 == 0
                ? List.of()
                : List.of(
                        new Header("trace", ("t" + index).getBytes(UTF_8)),
                        new Header("", null),
                        new Header("ünï", new byte[0]));
        records.add(new LogRecord(
                baseOffset + index,
                magic == 0 ? -1 : timestamp,
                magic == 0 ? dev.kafkaloom.record.TimestampType.NONE : dev.kafkaloom.record.TimestampType.CREATE_TIME,
                key,
                value,
                headers));
    }

    /** Written by the code under test. */
    static ByteBuffer ours(byte magic, Compression codec, List<LogRecord> records) {
        BatchBuilder builder = BatchBuilder.of(magic, codec, 10 << 20);
        for (LogRecord record : records) {
            if (!builder.append(record.timestamp(), record.key(), record.value(), record.headers())) {
                throw new AssertionError("does not fit");
            }
        }
        return builder.build();
    }

    /** Written by kafka-clients. */
    static ByteBuffer theirs(byte magic, Compression codec, List<LogRecord> records) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(1024),
                magic,
                theirCodec(codec),
                TimestampType.CREATE_TIME,
                records.getFirst().offset());
        for (LogRecord record : records) {
            org.apache.kafka.common.header.Header[] headers = record.headers().stream()
                    .map(h -> new RecordHeader(h.key(), h.value()))
                    .toArray(org.apache.kafka.common.header.Header[]::new);
            builder.appendWithOffset(record.offset(), record.timestamp(), record.key(), record.value(), headers);
        }
        return builder.build().buffer();
    }

    static org.apache.kafka.common.compress.Compression theirCodec(Compression codec) {
        return org.apache.kafka.common.compress.Compression.of(CompressionType.forId(codec.id()))
                .build();
    }

    static org.apache.kafka.common.compress.Compression theirCodec(Compression codec, int level) {
        return switch (codec) {
            case GZIP ->
                org.apache.kafka.common.compress.Compression.gzip().level(level).build();
            case LZ4 ->
                org.apache.kafka.common.compress.Compression.lz4().level(level).build();
            case ZSTD ->
                org.apache.kafka.common.compress.Compression.zstd().level(level).build();
            case NONE, SNAPPY -> theirCodec(codec);
        };
    }

    /** Read by kafka-clients, its own validity check included. */
    static List<LogRecord> readByThem(ByteBuffer batches) {
        List<LogRecord> records = new ArrayList<>();
        for (MutableRecordBatch batch :
                MemoryRecords.readableRecords(batches.duplicate()).batches()) {
            batch.ensureValid();
            for (Record record : batch) {
                record.ensureValid();
                List<Header> headers = new ArrayList<>();
                for (org.apache.kafka.common.header.Header header : record.headers()) {
                    headers.add(new Header(header.key(), header.value()));
                }
                records.add(new LogRecord(
                        record.offset(),
                        record.timestamp(),
                        type(batch.timestampType()),
                        bytes(record.key()),
                        bytes(record.value()),
                        headers));
            }
        }
        return records;
    }

    private static dev.kafkaloom.record.TimestampType type(TimestampType type) {
        return switch (type) {
            case NO_TIMESTAMP_TYPE -> dev.kafkaloom.record.TimestampType.NONE;
            case CREATE_TIME -> dev.kafkaloom.record.TimestampType.CREATE_TIME;
            case LOG_APPEND_TIME -> dev.kafkaloom.record.TimestampType.LOG_APPEND_TIME;
        };
    }

    static byte[] bytes(ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        return copy;
    }

    /** Read by the code under test. */
    static List<LogRecord> readByUs(ByteBuffer batches) {
        List<LogRecord> records = new ArrayList<>();
        for (RecordBatch batch : RecordBatches.split(batches)) {
            if (!batch.crcValid()) {
                throw new AssertionError("CRC of " + batch);
            }
            records.addAll(batch.decode(DecodeLimits.DEFAULT));
        }
        return records;
    }
}
