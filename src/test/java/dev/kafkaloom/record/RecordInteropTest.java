package dev.kafkaloom.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xerial.snappy.Snappy;

class RecordInteropTest {
    private static final String FORMATS = "dev.kafkaloom.record.RecordSamples#formats";

    @ParameterizedTest(name = "v{0} {1}")
    @MethodSource(FORMATS)
    void apacheReadsWhatWeWrote(byte magic, Compression codec) {
        List<LogRecord> records = RecordSamples.records(magic, 0);
        assertThat(RecordSamples.readByThem(RecordSamples.ours(magic, codec, records)))
                .isEqualTo(records);
    }

    @ParameterizedTest(name = "v{0} {1}")
    @MethodSource(FORMATS)
    void weReadWhatApacheWroteAtAnyOffset(byte magic, Compression codec) {
        List<LogRecord> records = RecordSamples.records(magic, 5_000_000_000L);
        ByteBuffer batches = RecordSamples.theirs(magic, codec, records);
        assertThat(RecordSamples.readByUs(batches)).isEqualTo(records);
        assertThat(RecordSamples.readByUs(batches.asReadOnlyBuffer())).isEqualTo(records);
        assertThat(RecordBatches.split(batches).getLast().header().nextOffset())
                .isEqualTo(records.getLast().offset() + 1);
    }

    @ParameterizedTest(name = "v{0} {1}")
    @MethodSource(FORMATS)
    void weReadWhatWeWrote(byte magic, Compression codec) {
        List<LogRecord> records = RecordSamples.records(magic, 0);
        assertThat(RecordSamples.readByUs(RecordSamples.ours(magic, codec, records)))
                .isEqualTo(records);
    }

    @ParameterizedTest(name = "v{0} {1}")
    @MethodSource(FORMATS)
    void theWriterIsAsCompactAsApaches(byte magic, Compression codec) {
        List<LogRecord> records = RecordSamples.records(magic, 0);
        int theirs = RecordSamples.theirs(magic, codec, records).remaining();
        int ours = RecordSamples.ours(magic, codec, records).remaining();
        assertThat(ours).isLessThanOrEqualTo(theirs + theirs / 10);
        if (codec == Compression.NONE) {
            assertThat(RecordSamples.ours(magic, codec, records))
                    .isEqualTo(
                            magic == 2
                                    ? withoutLeaderEpoch(RecordSamples.theirs(magic, codec, records))
                                    : RecordSamples.theirs(magic, codec, records));
        }
    }

    private static ByteBuffer withoutLeaderEpoch(ByteBuffer batch) {
        return batch.putInt(BatchFormat.V2_LEADER_EPOCH, -1);
    }

    @Test
    void theHeaderOfAV2BatchSaysWhatApacheSays() {
        MemoryRecords theirs = MemoryRecords.withTransactionalRecords(
                (byte) 2,
                77,
                RecordSamples.theirCodec(Compression.LZ4),
                4711,
                (short) 3,
                9,
                12,
                new SimpleRecord(50, "a".getBytes(UTF_8)),
                new SimpleRecord(40, "b".getBytes(UTF_8)));
        assertThat(RecordBatches.split(theirs.buffer()).getFirst().header())
                .isEqualTo(new BatchHeader(
                        77,
                        78,
                        theirs.sizeInBytes(),
                        (byte) 2,
                        Compression.LZ4,
                        TimestampType.CREATE_TIME,
                        true,
                        false,
                        4711,
                        (short) 3,
                        9,
                        12,
                        2,
                        50));
    }

    @Test
    void controlBatchesAreFlaggedAndTheirRecordsNamed() {
        ByteBuffer commit = MemoryRecords.withEndTransactionMarker(
                        9,
                        1,
                        2,
                        5,
                        (short) 0,
                        new org.apache.kafka.common.record.internal.EndTransactionMarker(
                                org.apache.kafka.common.record.internal.ControlRecordType.COMMIT, 3))
                .buffer();
        RecordBatch batch = RecordBatches.split(commit).getFirst();
        assertThat(batch.header().control()).isTrue();
        assertThat(batch.header().nextOffset()).isEqualTo(10);
        assertThat(ControlType.of(batch.decode(DecodeLimits.DEFAULT).getFirst()))
                .isEqualTo(ControlType.COMMIT);
    }

    @ParameterizedTest(name = "v{0} {1}")
    @MethodSource(FORMATS)
    void logAppendTimeHoldsForEveryRecordOfTheBatch(byte magic, Compression codec) {
        if (magic == 0) {
            return;
        }
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(1024),
                magic,
                RecordSamples.theirCodec(codec),
                org.apache.kafka.common.record.TimestampType.LOG_APPEND_TIME,
                10,
                123456);
        builder.append(1, "k".getBytes(UTF_8), "v".getBytes(UTF_8));
        builder.append(2, "k".getBytes(UTF_8), "w".getBytes(UTF_8));
        List<LogRecord> records = RecordSamples.readByUs(builder.build().buffer());
        assertThat(records).extracting(LogRecord::timestamp).containsExactly(123456L, 123456L);
        assertThat(records).extracting(LogRecord::offset).containsExactly(10L, 11L);
        assertThat(records).extracting(LogRecord::timestampType).containsOnly(TimestampType.LOG_APPEND_TIME);
    }

    @Test
    void gapsOfCompactionStayGaps() {
        for (byte magic = 0; magic <= 2; magic++) {
            MemoryRecordsBuilder builder = MemoryRecords.builder(
                    ByteBuffer.allocate(1024),
                    magic,
                    RecordSamples.theirCodec(Compression.GZIP),
                    org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                    100);
            builder.appendWithOffset(103, 5, null, "a".getBytes(UTF_8));
            builder.appendWithOffset(110, 6, null, "b".getBytes(UTF_8));
            RecordBatch batch = RecordBatches.split(builder.build().buffer()).getFirst();
            assertThat(batch.header().nextOffset()).isEqualTo(111);
            assertThat(batch.decode(DecodeLimits.DEFAULT))
                    .extracting(LogRecord::offset)
                    .containsExactly(103L, 110L);
        }
    }

    @Test
    void aV1WrapperWithAbsoluteInnerOffsetsReadsLikeOneWithRelativeOnes() {
        ByteBuffer relative = RecordSamples.theirs(
                (byte) 1, Compression.NONE, RecordSamples.records((byte) 1, 300).subList(0, 3));
        byte[] set = new byte[relative.remaining()];
        relative.get(set);
        assertThat(RecordSamples.readByUs(wrapper((byte) 1, 302, set)))
                .extracting(LogRecord::offset)
                .containsExactly(300L, 301L, 302L);
    }

    @Test
    void aV1WrapperLeftAtOffsetZeroCountsFromZero() {
        ByteBuffer inner = RecordSamples.ours(
                (byte) 1, Compression.NONE, RecordSamples.records((byte) 1, 0).subList(0, 3));
        byte[] set = new byte[inner.remaining()];
        inner.get(set);
        assertThat(RecordSamples.readByUs(wrapper((byte) 1, 0, set)))
                .extracting(LogRecord::offset)
                .containsExactly(0L, 1L, 2L);
    }

    @Test
    void messageSetsInsideMessageSetsAreRefused() {
        ByteBuffer inner = RecordSamples.ours(
                (byte) 0, Compression.GZIP, RecordSamples.records((byte) 0, 0).subList(0, 3));
        byte[] set = new byte[inner.remaining()];
        inner.get(set);
        RecordBatch batch = RecordBatches.split(wrapper((byte) 0, 2, set)).getFirst();
        assertThatThrownBy(() -> batch.decode(DecodeLimits.DEFAULT))
                .isInstanceOf(KafkaException.MalformedMessage.class)
                .hasMessageContaining("compressed again");
    }

    @Test
    void snappyWithoutTheXerialFramingIsRead() throws IOException, CorruptRecords {
        byte[] content = "raw block raw block raw block".getBytes(UTF_8);
        assertThat(Compression.SNAPPY.decompress(
                        ByteBuffer.wrap(Snappy.compress(content)), (byte) 0, DecodeLimits.DEFAULT))
                .isEqualTo(ByteBuffer.wrap(content));
    }

    @Test
    void formatV0CarriesTheLz4ChecksumThatOldBrokersExpectAndV1TheRightOne() throws CorruptRecords {
        byte[] content = "x".repeat(1000).getBytes(UTF_8);
        GrowingBytes v0 = new GrowingBytes(16);
        Compression.LZ4.compress(content, 0, content.length, (byte) 0, v0);
        GrowingBytes v1 = new GrowingBytes(16);
        Compression.LZ4.compress(content, 0, content.length, (byte) 1, v1);
        assertThat(v0.array()[6]).isNotEqualTo(v1.array()[6]);
        assertThat(v1.array()[6]).isEqualTo((byte) 0x82); // of FLG 0x60, BD 0x40
        assertThat(Compression.LZ4.decompress(v0.toBuffer(), (byte) 1, DecodeLimits.DEFAULT))
                .isEqualTo(ByteBuffer.wrap(content));
        assertThat(Compression.LZ4.decompress(v1.toBuffer(), (byte) 0, DecodeLimits.DEFAULT))
                .isEqualTo(ByteBuffer.wrap(content));
        assertThatThrownBy(() -> Compression.LZ4.decompress(v0.toBuffer(), (byte) 2, DecodeLimits.DEFAULT))
                .isInstanceOf(CorruptRecords.class);
    }

    private static ByteBuffer wrapper(byte magic, long offset, byte[] set) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(1024),
                magic,
                RecordSamples.theirCodec(Compression.NONE),
                org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                offset);
        GrowingBytes compressed = new GrowingBytes(16);
        Compression.GZIP.compress(set, 0, set.length, magic, compressed);
        builder.append(0, null, compressed.toBuffer());
        ByteBuffer message = builder.build().buffer();
        message.put(BatchFormat.V0_ATTRIBUTES, (byte) Compression.GZIP.id());
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(message.slice(BatchFormat.MAGIC, message.limit() - BatchFormat.MAGIC));
        return message.putInt(BatchFormat.V0_CRC, (int) crc.getValue());
    }
}
