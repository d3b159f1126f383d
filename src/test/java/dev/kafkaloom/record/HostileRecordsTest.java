package dev.kafkaloom.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class HostileRecordsTest {
    private static final String FORMATS = "dev.kafkaloom.record.RecordSamples#formats";
    private static final DecodeLimits SMALL = new DecodeLimits(1 << 20);

    @ParameterizedTest(name = "v{0} {1}")
    @MethodSource(FORMATS)
    void whatIsCutOffIsDroppedAndWhatIsWholeIsKept(byte magic, Compression codec) {
        List<LogRecord> first = RecordSamples.records(magic, 0).subList(0, 3);
        byte[] whole = bytes(RecordSamples.theirs(magic, codec, first));
        byte[] both = concat(
                whole,
                bytes(RecordSamples.theirs(
                        magic, codec, RecordSamples.records(magic, 3).subList(0, 3))));
        for (int length = 0; length < both.length; length++) {
            List<LogRecord> read =
                    RecordSamples.readByUs(ByteBuffer.wrap(both, 0, length).slice());
            if (length < whole.length) {
                assertThat(read).as("%d bytes", length).isEqualTo(first.subList(0, read.size()));
            } else {
                assertThat(read).as("%d bytes", length).hasSizeLessThan(6).startsWith(first.toArray(LogRecord[]::new));
            }
        }
    }

    /** Not covered by design, because brokers set them without computing the checksum anew: the offset, and v2's leader epoch. */
    @ParameterizedTest(name = "v{0} {1}")
    @MethodSource(FORMATS)
    void everyFlippedBitIsNoticedButThoseThatBrokersSet(byte magic, Compression codec) {
        byte[] whole = bytes(
                RecordSamples.ours(magic, codec, RecordSamples.records(magic, 0).subList(0, 3)));
        int first =
                RecordBatches.split(ByteBuffer.wrap(whole)).getFirst().header().sizeInBytes();
        for (int bit = 0; bit < first * 8; bit++) {
            int at = bit / 8;
            boolean stamped = at < BatchFormat.SIZE
                    || (magic == 2 && at >= BatchFormat.V2_LEADER_EPOCH && at < BatchFormat.MAGIC);
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << (bit % 8));
            assertThat(stamped || isNoticed(flipped)).as("bit %d", bit).isTrue();
        }
    }

    /** As a reader must ask: is it all there, is the checksum right, can it be decoded. */
    private static boolean isNoticed(byte[] bytes) {
        List<RecordBatch> batches = splitOrNone(bytes);
        if (batches.isEmpty()) {
            return true;
        }
        RecordBatch first = batches.getFirst();
        if (!first.crcValid()) {
            return true;
        }
        try {
            return first.decode(SMALL).isEmpty();
        } catch (KafkaException.MalformedMessage e) {
            return true;
        }
    }

    /** The checksum is not asked here: decoding has to be safe on its own. */
    @ParameterizedTest(name = "v{0} {1}")
    @MethodSource(FORMATS)
    void damagedBatchesNeverDoMoreThanFailByName(byte magic, Compression codec) {
        List<LogRecord> records =
                new ArrayList<>(RecordSamples.records(magic, 0).subList(0, 3));
        records.addAll(RecordSamples.records(magic, 3).subList(5, 25));
        byte[] whole = bytes(RecordSamples.ours(magic, codec, records));
        Random random = new Random(magic * 31L + codec.id());
        int refused = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] damaged = damage(whole, random);
            try {
                for (RecordBatch batch : RecordBatches.split(ByteBuffer.wrap(damaged))) {
                    boolean unused = batch.crcValid();
                    assertThat(batch.decode(SMALL).size()).as("%s", unused).isLessThanOrEqualTo(SMALL.maxObjects());
                }
            } catch (KafkaException.MalformedMessage e) {
                assertThat(e).hasMessageContaining("record batch at offset");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private static byte[] damage(byte[] whole, Random random) {
        byte[] damaged = whole.clone();
        switch (random.nextInt(4)) {
            case 0 -> damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            case 2 ->
                ByteBuffer.wrap(damaged)
                        .putInt(
                                random.nextInt(damaged.length - 4),
                                random.nextBoolean() ? Integer.MAX_VALUE - random.nextInt(16) : -random.nextInt(16));
            default -> {
                int at = random.nextInt(damaged.length);
                Arrays.fill(damaged, at, Math.min(damaged.length, at + random.nextInt(20)), (byte)
                        (random.nextBoolean() ? 0xff : 0));
            }
        }
        return damaged;
    }

    /** The payload of a codec cut off anywhere: the size in front of it says that it is whole. */
    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void compressedDataThatEndsEarlyIsRefused(Compression codec) {
        byte[] whole = bytes(RecordSamples.ours(
                (byte) 2, codec, RecordSamples.records((byte) 2, 0).subList(4, 30)));
        for (int length = BatchFormat.V2_RECORDS; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            ByteBuffer.wrap(cut).putInt(BatchFormat.SIZE, length - BatchFormat.LOG_OVERHEAD);
            RecordBatch batch = RecordBatches.split(ByteBuffer.wrap(cut)).getFirst();
            assertThatThrownBy(() -> batch.decode(DecodeLimits.DEFAULT))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(KafkaException.MalformedMessage.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aBombStopsAtTheLimit(Compression codec) {
        byte[] zeros = new byte[64 << 20];
        GrowingBytes bomb = new GrowingBytes(1 << 20);
        codec.compress(zeros, 0, zeros.length, (byte) 2, bomb);
        RecordBatch batch = RecordBatches.split(v2(codec, 1, Arrays.copyOf(bomb.array(), bomb.size())))
                .getFirst();
        long before = Allocated.byThisThread();
        assertThatThrownBy(() -> batch.decode(SMALL))
                .isInstanceOf(KafkaException.MalformedMessage.class)
                .hasMessageContaining("decompresses to more than 1048576 bytes")
                .hasMessageContaining(codec.label());
        assertThat(Allocated.byThisThread() - before).isLessThan(16 << 20);
    }

    @Test
    void aBombOfManyTinyRecordsStopsAtTheLimitOfObjects() throws IOException {
        GrowingBytes records = new GrowingBytes(1 << 20);
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            int body = 6 - 1 + GrowingBytes.sizeOfVarint(i);
            records.varint(body);
            records.write(0);
            records.varint(0);
            records.varint(i);
            records.varint(-1);
            records.varint(-1);
            records.varint(0);
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(records.array(), 0, records.size());
        }
        RecordBatch batch = RecordBatches.split(v2(Compression.GZIP, count, packed.toByteArray()))
                .getFirst();
        assertThat(batch.decode(DecodeLimits.DEFAULT)).hasSize(count);
        assertThatThrownBy(() -> batch.decode(SMALL))
                .isInstanceOf(KafkaException.MalformedMessage.class)
                .hasMessageContaining("more than 16384 records and headers");
    }

    @Test
    void aCountThatCannotFitIsRefusedBeforeAnythingIsAllocated() {
        ByteBuffer batch = v2(Compression.NONE, 1_000_000_000, "x".repeat(100).getBytes(UTF_8));
        long before = Allocated.byThisThread();
        assertThatThrownBy(() -> RecordBatches.split(batch).getFirst().decode(DecodeLimits.DEFAULT))
                .isInstanceOf(KafkaException.MalformedMessage.class)
                .hasMessageContaining("claims 1000000000 records in 100 bytes");
        assertThat(Allocated.byThisThread() - before).isLessThan(1 << 20);
    }

    @Test
    void aSnappyBlockThatClaimsTwoGigabytesIsRefusedBeforeAnythingIsAllocated() {
        byte[] claim = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 1, 2, 3};
        assertThatThrownBy(() -> Compression.SNAPPY.decompress(
                        ByteBuffer.wrap(claim), (byte) 2, new DecodeLimits(Integer.MAX_VALUE)))
                .isInstanceOf(CorruptRecords.class)
                .hasMessageContaining("snappy");
    }

    @Test
    void anLz4CopyFromBeforeTheStartIsRefused() {
        byte[] block = {0x10, 'a', 5, 0, 0x00};
        assertThatThrownBy(() -> Lz4Block.decode(block, 0, block.length, 0, new GrowingBytes(16, 100)))
                .isInstanceOf(CorruptRecords.class)
                .hasMessage("lz4 copy from 5 bytes back where 1 were written");
    }

    @Test
    void goodBatchesBeforeABrokenOneAreKept() {
        byte[] good = bytes(RecordSamples.ours(
                (byte) 2, Compression.NONE, RecordSamples.records((byte) 2, 0).subList(0, 3)));
        byte[] bad = good.clone();
        bad[BatchFormat.MAGIC] = 9;
        assertThat(RecordBatches.split(ByteBuffer.wrap(concat(good, bad)))).hasSize(1);
        assertThatThrownBy(() -> RecordBatches.split(ByteBuffer.wrap(concat(bad, good))))
                .isInstanceOf(KafkaException.MalformedMessage.class)
                .hasMessageContaining("record batch at offset 0")
                .hasMessageContaining("message format v9");
    }

    @Test
    void theSizeOfABatchIsKnownWhileItIsCutOff() {
        byte[] whole = bytes(RecordSamples.ours((byte) 2, Compression.NONE, RecordSamples.records((byte) 2, 0)));
        assertThat(RecordBatches.firstBatchSize(ByteBuffer.wrap(whole, 0, 12).slice()))
                .isEqualTo(whole.length);
        assertThat(RecordBatches.firstBatchSize(ByteBuffer.wrap(whole, 0, 11).slice()))
                .isEqualTo(-1);
        assertThat(RecordBatches.firstBatchSize(ByteBuffer.wrap(new byte[20]))).isEqualTo(-1);
    }

    private static ByteBuffer v2(Compression codec, int count, byte[] payload) {
        ByteBuffer batch = ByteBuffer.allocate(BatchFormat.V2_RECORDS + payload.length);
        batch.putInt(BatchFormat.SIZE, batch.limit() - BatchFormat.LOG_OVERHEAD)
                .put(BatchFormat.MAGIC, (byte) 2)
                .putShort(BatchFormat.V2_ATTRIBUTES, (short) codec.id())
                .putInt(BatchFormat.V2_LAST_OFFSET_DELTA, count - 1)
                .putInt(BatchFormat.V2_COUNT, count)
                .put(BatchFormat.V2_RECORDS, payload);
        return batch;
    }

    private static List<RecordBatch> splitOrNone(byte[] bytes) {
        try {
            return RecordBatches.split(ByteBuffer.wrap(bytes));
        } catch (KafkaException.MalformedMessage e) {
            return List.of();
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return copy;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
