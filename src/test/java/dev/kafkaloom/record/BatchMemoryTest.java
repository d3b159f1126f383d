package dev.kafkaloom.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory that batches hand on to each other. */
class BatchMemoryTest {
    private static final String FORMATS = "dev.kafkaloom.record.RecordSamples#formats";

    @ParameterizedTest(name = "v{0} {1}")
    @MethodSource(FORMATS)
    void aBatchInUsedMemoryHasTheBytesOfOneInFreshMemory(byte magic, Compression codec) {
        List<LogRecord> records = RecordSamples.records(magic, 0);
        byte[] first = RecordSamples.bytes(filled(magic, codec, records).build());
        for (int round = 0; round < 3; round++) {
            filled(magic, codec, records.reversed()).release();
            BatchBuilder dirty = filled(magic, codec, records.subList(100, 200));
            assertThat(dirty.build().remaining()).isPositive();
            dirty.release();
            BatchBuilder again = filled(magic, codec, records);
            assertThat(RecordSamples.bytes(again.build())).isEqualTo(first);
            again.release();
        }
    }

    @Test
    void aBatchThatWasReleasedIsNoLongerGivenOut() {
        BatchBuilder builder = filled((byte) 2, Compression.NONE, RecordSamples.records((byte) 2, 0));
        builder.release();
        builder.release();
        assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder.append(1, null, null, List.of())).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void twoBatchesNeverShareMemory(Compression codec) {
        List<LogRecord> records = RecordSamples.records((byte) 2, 0);
        List<ByteBuffer> built = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            BatchBuilder builder = filled((byte) 2, codec, records.subList(i, i + 100));
            built.add(builder.build());
            if (i % 3 == 0) {
                built.set(i, null);
                builder.release();
            }
        }
        for (int i = 0; i < 20; i++) {
            if (built.get(i) != null) {
                assertThat(RecordSamples.readByUs(built.get(i)))
                        .extracting(record -> new String(record.value() == null ? new byte[0] : record.value(), UTF_8))
                        .isEqualTo(records.subList(i, i + 100).stream()
                                .map(record -> new String(record.value() == null ? new byte[0] : record.value(), UTF_8))
                                .toList());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void manyThreadsAtOnceGetTheirOwnMemory(Compression codec) throws Exception {
        List<LogRecord> records = RecordSamples.records((byte) 2, 0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> wrong = new ArrayList<>();
            for (int thread = 0; thread < 32; thread++) {
                List<LogRecord> mine = records.subList(thread, thread + 50 + thread);
                wrong.add(threads.submit(() -> {
                    int count = 0;
                    for (int round = 0; round < 30; round++) {
                        BatchBuilder builder = filled((byte) 2, codec, mine);
                        List<LogRecord> read = RecordSamples.readByUs(builder.build());
                        builder.release();
                        for (int i = 0; i < mine.size(); i++) {
                            count += Arrays.equals(
                                            read.get(i).value(), mine.get(i).value())
                                    ? 0
                                    : 1;
                        }
                    }
                    return count;
                }));
            }
            for (Future<Integer> each : wrong) {
                assertThat(each.get()).isZero();
            }
        }
    }

    @Test
    void writingBatchesOfTheSameSizeAllocatesNothingPerRecord() {
        byte[] key = new byte[8];
        byte[] value = new byte[100];
        long least = Long.MAX_VALUE;
        boolean full = false;
        long written = 0;
        for (int round = 0; round < 20; round++) {
            long before = Allocated.byThisThread();
            BatchBuilder builder = BatchBuilder.of((byte) 2, Compression.NONE, 1 << 20);
            for (int i = 0; i < 1000; i++) {
                full |= !builder.append(i, key, value, List.of());
            }
            written += builder.build().remaining();
            builder.release();
            least = Math.min(least, Allocated.byThisThread() - before);
        }
        assertThat(full).isFalse();
        assertThat(written).isGreaterThan(20 * 100_000);
        assertThat(least).isLessThan(4096);
    }

    private static BatchBuilder filled(byte magic, Compression codec, List<LogRecord> records) {
        BatchBuilder builder = BatchBuilder.of(magic, codec, 10 << 20);
        for (LogRecord record : records) {
            assertThat(builder.append(record.timestamp(), record.key(), record.value(), record.headers()))
                    .isTrue();
        }
        return builder;
    }
}
