package dev.kafkaloom.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCursorTest {
    private static final String FORMATS = "dev.kafkaloom.record.RecordSamples#formats";

    @ParameterizedTest(name = "v{0} {1}")
    @MethodSource(FORMATS)
    void theViewOfEachRecordIsWhatItsCopyHolds(byte magic, Compression codec) {
        List<LogRecord> records = RecordSamples.records(magic, 300);
        for (ByteBuffer bytes : inEveryKindOfBuffer(RecordSamples.theirs(magic, codec, records))) {
            List<LogRecord> read = new ArrayList<>();
            for (RecordBatch batch : RecordBatches.split(bytes)) {
                assertThat(batch.crcValid()).isTrue();
                try (RecordCursor cursor = batch.cursor(DecodeLimits.DEFAULT)) {
                    while (cursor.next()) {
                        read.add(viewed(cursor));
                        assertThat(cursor.copy()).isEqualTo(read.getLast());
                    }
                    assertThat(cursor.next()).isFalse();
                }
            }
            assertThat(read).isEqualTo(records);
        }
    }

    private static LogRecord viewed(RecordCursor cursor) {
        return new LogRecord(
                cursor.offset(),
                cursor.timestamp(),
                cursor.timestampType(),
                range(cursor, cursor.keyPosition(), cursor.keyLength()),
                range(cursor, cursor.valuePosition(), cursor.valueLength()),
                cursor.headers());
    }

    private static byte[] range(RecordCursor cursor, int position, int length) {
        return length == -1 ? null : Arrays.copyOfRange(cursor.array(), position, position + length);
    }

    /** As it comes from a frame, in the middle of an array, read-only, and outside of the heap. */
    private static List<ByteBuffer> inEveryKindOfBuffer(ByteBuffer bytes) {
        ByteBuffer middle = ByteBuffer.allocate(bytes.remaining() + 20)
                .put(7, bytes, bytes.position(), bytes.remaining())
                .slice(7, bytes.remaining());
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining()).put(0, bytes, 0, bytes.remaining());
        return List.of(bytes, middle, middle.asReadOnlyBuffer(), direct);
    }

    /** Numbers of one, two, three and more bytes in every place, which the two ways of reading a record divide between them. */
    @Test
    void numbersOfEveryLengthAreReadAlike() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            long time = random.nextLong() >>> random.nextInt(64);
            List<LogRecord> records = new ArrayList<>();
            long offset = random.nextInt(1000);
            for (int i = 0; i < 20; i++) {
                records.add(new LogRecord(
                        offset,
                        i == 0 ? time : time + (random.nextLong() >> random.nextInt(64)),
                        TimestampType.CREATE_TIME,
                        random.nextInt(5) == 0 ? null : new byte[random.nextInt(1 << random.nextInt(15))],
                        random.nextInt(5) == 0 ? null : new byte[random.nextInt(1 << random.nextInt(16))],
                        random.nextInt(8) == 0 ? List.of(new Header("h", new byte[random.nextInt(200)])) : List.of()));
                offset += 1 + random.nextInt(1 << random.nextInt(20));
            }
            records.removeIf(record -> record.timestamp() < 0);
            if (!records.isEmpty()) {
                assertThat(RecordSamples.readByUs(RecordSamples.theirs((byte) 2, Compression.NONE, records)))
                        .isEqualTo(records);
            }
        }
    }

    @ParameterizedTest(name = "v{0} {1}")
    @MethodSource(FORMATS)
    void aRecordIsGoneWhenItsCursorIsClosed(byte magic, Compression codec) {
        RecordBatch batch = RecordBatches.split(RecordSamples.ours(magic, codec, RecordSamples.records(magic, 0)))
                .getFirst();
        RecordCursor cursor = batch.cursor(DecodeLimits.DEFAULT);
        assertThat(cursor.next()).isTrue();
        cursor.close();
        cursor.close();
        assertThatThrownBy(cursor::array).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(cursor::next).isInstanceOf(IllegalStateException.class);
        assertThat(batch.decode(DecodeLimits.DEFAULT)).isNotEmpty();
    }

    @Test
    void walkingOverABatchAllocatesNothingPerRecord() {
        for (Compression codec : List.of(Compression.NONE, Compression.SNAPPY, Compression.LZ4, Compression.ZSTD)) {
            RecordBatch batch = RecordBatches.split(RecordSamples.ours((byte) 2, codec, thousand()))
                    .getFirst();
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 20; round++) {
                long before = Allocated.byThisThread();
                assertThat(walk(batch)).isEqualTo(100_000);
                least = Math.min(least, Allocated.byThisThread() - before);
            }
            assertThat(least).as("%s", codec).isLessThan(4096);
        }
    }

    private static long walk(RecordBatch batch) {
        long bytes = 0;
        try (RecordCursor cursor = batch.cursor(DecodeLimits.DEFAULT)) {
            while (cursor.next()) {
                bytes += cursor.valueLength();
            }
        }
        return bytes;
    }

    private static List<LogRecord> thousand() {
        List<LogRecord> records = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            byte[] key = ("key " + i).getBytes(UTF_8);
            records.add(new LogRecord(i, 1000, TimestampType.CREATE_TIME, key, new byte[100], List.of()));
        }
        return records;
    }

    @Test
    void aV0SetWhoseOffsetsGoBeyondItsWrapperIsRefused() {
        ByteBuffer wrapper = RecordSamples.theirs(
                (byte) 0,
                Compression.GZIP,
                RecordSamples.records((byte) 0, 2000).subList(0, 3));
        wrapper.putLong(0, 1000);
        RecordBatch batch = RecordBatches.split(wrapper).getFirst();
        assertThatThrownBy(() -> batch.decode(DecodeLimits.DEFAULT))
                .isInstanceOf(KafkaException.MalformedMessage.class)
                .hasMessageContaining("offset 1000 of the compressed message set is below the inner offset 2002");
    }
}
