package dev.kafkaloom.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What ours writes is what Apache's MemoryRecordsBuilder writes, in every release that the build has: the same bytes for no compression,
 * gzip, snappy and lz4. Of zstd, whose frames name the size of their content in ours, the same header and the same content.
 */
class WriteConformanceTest {
    private static final String RELEASES = "dev.kafkaloom.record.WriteConformanceTest#releases";
    /** Formats, codecs and shapes: v0 has 5, v1 7, v2 14. */
    private static final int COMBINATIONS = 5 * 4 + 7 * 4 + 14 * 5;

    private static Map<String, ApacheRecords> apache;

    static Set<String> releases() {
        if (apache == null) {
            apache = ApacheReleases.all();
        }
        return apache.keySet();
    }

    @AfterAll
    static void unload() {
        apache = null;
    }

    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void everyShapeInEveryFormatAndCodecIsWrittenAsApacheWritesIt(String release) {
        int same = 0;
        int alike = 0;
        for (byte magic = 0; magic <= 2; magic++) {
            for (Compression codec : Compression.values()) {
                for (Shape shape : codec.knownTo(magic) ? Shape.of(magic) : List.<Shape>of()) {
                    for (int seed = 0; seed < 3; seed++) {
                        BatchPlan plan = shape.plan(magic, codec, new Random(seed));
                        compare(release, plan, plan + " " + shape + " " + seed);
                    }
                    if (codec == Compression.ZSTD) {
                        alike++;
                    } else {
                        same++;
                    }
                }
            }
        }
        assertThat(same + alike).isEqualTo(COMBINATIONS);
        assertThat(alike).as("zstd only").isEqualTo(Shape.values().length);
        System.out.println("Records written, kafka-clients " + release + ": " + same
                + " combinations of format, codec and shape byte for byte, " + alike + " (zstd) by header and content");
    }

    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void everyLevelIsWrittenAsApacheWritesIt(String release) {
        Map<Compression, int[]> levels = Map.of(
                Compression.GZIP, new int[] {-1, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                Compression.LZ4, new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17},
                Compression.ZSTD, new int[] {-131_072, -1, 1, 3, 9, 15});
        levels.forEach((codec, each) -> {
            for (int level : each) {
                BatchPlan plan = Shape.MANY.plan((byte) 2, codec, new Random(level));
                plan.level = level;
                compare(release, plan, plan + " level " + level);
            }
        });
    }

    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void theMarkersOfTransactionsAreThoseOfApache(String release) {
        for (ControlType type : List.of(ControlType.COMMIT, ControlType.ABORT)) {
            BatchPlan plan = new BatchPlan((byte) 2, Compression.NONE).producer(9, 2, -1);
            plan.baseOffset = 41;
            plan.leaderEpoch = 6;
            plan.transactional = true;
            ByteBuffer ours = BatchBuilder.endTransaction(
                    options(plan), type, ApacheRecords.COORDINATOR_EPOCH, ApacheRecords.CONTROL_TIME);
            assertThat(RecordSamples.bytes(ours)).isEqualTo(apache.get(release).writeControl(type, plan));
        }
    }

    private static void compare(String release, BatchPlan plan, String what) {
        byte[] ours = write(plan);
        byte[] theirs = apache.get(release).write(plan);
        if (plan.codec == Compression.ZSTD) {
            assertThat(header(ours)).as(what).isEqualTo(header(theirs));
            assertThat(content(ours)).as(what).isEqualTo(content(theirs));
            assertThat(ours.length).as(what).isLessThanOrEqualTo(theirs.length + theirs.length / 50 + 8);
        } else {
            assertThat(ours).as(what).isEqualTo(theirs);
        }
        List<SeenBatch> seen = apache.get(release).read(ours);
        assertThat(seen.stream().flatMap(batch -> batch.records().stream()).toList())
                .as(what)
                .isEqualTo(plan.expected());
        assertThat(seen.getFirst().deleteHorizon()).as(what).isEqualTo(plan.deleteHorizon);
    }

    private static byte[] write(BatchPlan plan) {
        BatchBuilder builder = BatchBuilder.of(options(plan), 10 << 20);
        for (LogRecord r : plan.records) {
            assertThat(builder.appendAt(r.offset(), r.timestamp(), r.key(), r.value(), r.headers()))
                    .isTrue();
        }
        return RecordSamples.bytes(builder.build());
    }

    private static BatchOptions options(BatchPlan plan) {
        return new BatchOptions(
                plan.magic,
                plan.codec,
                plan.level,
                plan.baseOffset,
                plan.lastOffset,
                plan.appendTime,
                plan.producerId,
                plan.producerEpoch,
                plan.baseSequence,
                plan.transactional,
                plan.control,
                plan.leaderEpoch,
                plan.deleteHorizon);
    }

    /** Without size and checksum, which the content decides. */
    private static byte[] header(byte[] batch) {
        byte[] header = Arrays.copyOf(batch, BatchFormat.V2_RECORDS);
        ByteBuffer.wrap(header).putInt(BatchFormat.SIZE, 0).putInt(BatchFormat.V2_CRC, 0);
        return header;
    }

    private static byte[] content(byte[] batch) {
        ByteBuffer payload = ByteBuffer.wrap(batch, BatchFormat.V2_RECORDS, batch.length - BatchFormat.V2_RECORDS)
                .slice();
        try {
            return RecordSamples.bytes(Compression.ZSTD.decompress(payload, (byte) 2, DecodeLimits.DEFAULT));
        } catch (CorruptRecords e) {
            throw new AssertionError(e);
        }
    }
}
