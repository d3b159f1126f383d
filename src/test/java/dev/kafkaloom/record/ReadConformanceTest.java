package dev.kafkaloom.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.KafkaException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Apache's MemoryRecords writes, in every release that the build has, ours reads to the same headers and records. */
class ReadConformanceTest {
    private static final String RELEASES = "dev.kafkaloom.record.ReadConformanceTest#releases";
    /** Formats with their codecs: 4 each of v0 and v1, 5 of v2. */
    private static final int FORMATS = 4 + 4 + 5;
    /** Formats, codecs and shapes: v0 has 5, v1 7, v2 14. */
    private static final int COMBINATIONS = 5 * 4 + 7 * 4 + 14 * 5;

    private static Map<String, ApacheRecords> apache;

    static Set<String> releases() {
        if (apache == null) {
            apache = ApacheReleases.all();
        }
        return apache.keySet();
    }

    @BeforeAll
    static void thereAreThreeReleases() {
        assertThat(releases()).hasSize(3);
    }

    @AfterAll
    static void unload() {
        apache = null;
    }

    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void everyShapeInEveryFormatAndCodecIsReadAsApacheReadsIt(String release) {
        int compared = 0;
        for (BatchPlan format : formats()) {
            for (Shape shape : Shape.of(format.magic)) {
                for (int seed = 0; seed < 3; seed++) {
                    BatchPlan plan = shape.plan(format.magic, format.codec, new Random(seed));
                    byte[] written = apache.get(release).write(plan);
                    String what = plan + " " + shape + " " + seed;
                    assertSameRead(release, written, what);
                    assertThat(records(read(written))).as(what).isEqualTo(plan.expected());
                }
                compared++;
            }
        }
        assertThat(compared).isEqualTo(COMBINATIONS);
        System.out.println("Records read alike, kafka-clients " + release + ": " + compared
                + " combinations of format, codec and shape");
    }

    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void controlBatchesOfEveryTypeAreReadAsApacheReadsThem(String release) {
        for (ControlType type : ControlType.values()) {
            for (Compression codec : Compression.values()) {
                BatchPlan plan = new BatchPlan((byte) 2, codec);
                plan.baseOffset = 41;
                plan.leaderEpoch = 6;
                if (type == ControlType.COMMIT || type == ControlType.ABORT) {
                    plan.producer(9, 2, -1).transactional = true;
                }
                byte[] written = apache.get(release).writeControl(type, plan);
                assertSameRead(release, written, type + " " + codec);
                SeenBatch batch = read(written).getFirst();
                assertThat(batch.header().control()).isTrue();
                assertThat(ControlType.of(batch.records().getFirst())).isEqualTo(type);
            }
        }
    }

    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void batchesThatCompactionEmptiedKeepTheirOffsetsAndProducer(String release) {
        BatchPlan plan = new BatchPlan((byte) 2, Compression.ZSTD).producer(12, 3, 40);
        plan.baseOffset = 1000;
        plan.lastOffset = 1099;
        plan.leaderEpoch = 4;
        plan.transactional = true;
        byte[] headerOnly = apache.get(release).writeEmpty(plan);
        plan.add(1, 5, null, new byte[10], List.of());
        byte[] cleaned = apache.get(release).compact(apache.get(release).write(plan));
        byte[] withCodec = headerOnly.clone();
        withCodec[BatchFormat.V2_ATTRIBUTES + 1] |= (byte) Compression.LZ4.id();
        for (byte[] written : List.of(headerOnly, cleaned, withCrc(withCodec))) {
            assertSameRead(release, written, "empty");
            SeenBatch empty = read(written).getFirst();
            assertThat(empty.records()).isEmpty();
            assertThat(empty.header().nextOffset()).isEqualTo(1100);
            assertThat(empty.header().producerId()).isEqualTo(12);
        }
    }

    /** The broker sets offset, epoch and time in the header, or in the outer message alone, of what a producer sent. */
    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void whatABrokerStampsOnBatchesCounts(String release) {
        int compared = 0;
        for (BatchPlan format : formats()) {
            for (long appendTime : new long[] {-1, 1_650_000_000_000L}) {
                if (format.magic == 0 && appendTime >= 0) {
                    continue;
                }
                BatchPlan plan = Shape.MANY.plan(format.magic, format.codec, new Random(3));
                boolean single = format.magic < 2 && format.codec == Compression.NONE;
                if (single) {
                    plan.records.subList(1, plan.records.size()).clear();
                }
                byte[] stamped = apache.get(release).append(apache.get(release).write(plan), 70_000, 5, appendTime);
                String what = plan + " " + appendTime;
                assertSameRead(release, stamped, what);
                List<LogRecord> records = records(read(stamped));
                if (format.magic > 0) {
                    assertThat(records.getLast().offset()).as(what).isEqualTo(70_000);
                }
                if (appendTime >= 0) {
                    assertThat(records).as(what).allMatch(record -> record.timestamp() == appendTime);
                }
                compared++;
            }
        }
        assertThat(compared).isEqualTo(FORMATS + 4 + 5);
    }

    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void whatTheLogCleanerLeavesIsReadAsApacheReadsIt(String release) {
        int compared = 0;
        for (BatchPlan format : formats()) {
            for (Shape shape : Set.of(Shape.MANY, Shape.GAPS)) {
                BatchPlan plan = shape.plan(format.magic, format.codec, new Random(4));
                byte[] cleaned = apache.get(release).compact(apache.get(release).write(plan));
                assertSameRead(release, cleaned, plan + " " + shape);
                if (cleaned[BatchFormat.MAGIC] != plan.magic) {
                    plan.timestampType = TimestampType.CREATE_TIME; // 4.x rewrites v0 and v1 as v2
                }
                assertThat(records(read(cleaned)))
                        .as("%s %s", plan, shape)
                        .isEqualTo(plan.expected().stream()
                                .filter(record -> record.offset() % 3 == 0)
                                .toList());
                compared++;
            }
        }
        assertThat(compared).isEqualTo(FORMATS * 2);
    }

    /** A log that was written by clients of every age, as a fetch cuts it off. */
    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void severalBatchesAreReadUpToTheOneThatIsCutOff(String release) {
        Random random = new Random(17);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        for (int round = 0; round < 2; round++) {
            for (BatchPlan format : formats()) {
                List<Shape> shapes = Shape.of(format.magic);
                Shape shape = shapes.get(random.nextInt(shapes.size()));
                BatchPlan plan = (shape == Shape.LARGE ? Shape.PLAIN : shape).plan(format.magic, format.codec, random);
                log.writeBytes(apache.get(release).write(plan));
            }
        }
        byte[] whole = log.toByteArray();
        assertSameRead(release, whole, "whole");
        for (int i = 0; i < 60; i++) {
            int length = random.nextInt(whole.length);
            assertSameRead(release, Arrays.copyOf(whole, length), length + " of " + whole.length + " bytes");
        }
    }

    /** Kafka's own writer takes no time below -1, yet nothing in the formats forbids it. */
    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void timesBefore1970AreReadAsApacheReadsThem(String release) {
        for (Compression codec : Compression.values()) {
            byte[] v2 = apache.get(release).write(Shape.MANY.plan((byte) 2, codec, new Random(1)));
            ByteBuffer.wrap(v2)
                    .putLong(BatchFormat.V2_BASE_TIMESTAMP, -1_000_000)
                    .putLong(BatchFormat.V2_MAX_TIMESTAMP, -996_507);
            assertSameRead(release, withCrc(v2), "v2 " + codec);
            assertThat(records(read(v2)).getLast().timestamp()).isEqualTo(-1_000_000 + 499 * 7);
        }
        BatchPlan one = new BatchPlan((byte) 1, Compression.NONE);
        one.add(0, 1, null, null, List.of());
        byte[] v1 = apache.get(release).write(one);
        ByteBuffer.wrap(v1).putLong(BatchFormat.V1_TIMESTAMP, Long.MIN_VALUE);
        assertSameRead(release, withCrc(v1), "v1");
        assertThat(records(read(v1)).getFirst().timestamp()).isEqualTo(Long.MIN_VALUE);
    }

    /** Inner offsets as a v0.10 client counts them, as v0.9 did, with holes, and under a wrapper that was never stamped. */
    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void theOffsetsInsideACompressedMessageAreReadAsApacheReadsThem(String release) {
        int compared = 0;
        for (byte magic = 0; magic <= 1; magic++) {
            for (Compression codec : List.of(Compression.GZIP, Compression.SNAPPY, Compression.LZ4)) {
                for (long[] inner : new long[][] {{0, 1, 2}, {0, 5, 9}, {300, 301, 302}, {298, 300, 302}}) {
                    for (long wrapper : new long[] {302, 5000, 0}) {
                        byte[] nested = nested(magic, codec, wrapper, inner);
                        assertSameRead(release, nested, "v" + magic + " " + codec + " " + Arrays.toString(inner));
                        compared++;
                    }
                }
            }
        }
        assertThat(compared).isEqualTo(2 * 3 * 4 * 3);
    }

    /**
     * Damaged where no checksum tells: what we accept, Apache accepts, and reads the same. The other way round it need not hold, since
     * Apache takes any negative length for null and any order of offsets.
     */
    @ParameterizedTest(name = "kafka-clients {0}")
    @MethodSource(RELEASES)
    void whatWeAcceptOfDamagedBatchesApacheReadsTheSame(String release) {
        Random random = new Random(23);
        int accepted = 0;
        for (int round = 0; round < 3000; round++) {
            byte magic = (byte) random.nextInt(3);
            List<Shape> shapes = Shape.of(magic);
            Shape shape = shapes.get(random.nextInt(shapes.size()));
            if (shape == Shape.LARGE || shape == Shape.MANY) {
                continue;
            }
            byte[] log = apache.get(release).write(shape.plan(magic, Compression.NONE, random));
            byte[] damaged =
                    Arrays.copyOf(log, ByteBuffer.wrap(log).getInt(BatchFormat.SIZE) + BatchFormat.LOG_OVERHEAD);
            int from = magic == 2 ? BatchFormat.V2_ATTRIBUTES : BatchFormat.MAGIC + 1;
            int at = from + random.nextInt(Math.min(100, damaged.length - from));
            damaged[at] = (byte) (random.nextBoolean() ? random.nextInt() : damaged[at] ^ (1 << random.nextInt(8)));
            withCrc(damaged);
            try {
                List<SeenBatch> ours = read(damaged);
                accepted++;
                assertThat(ours)
                        .as("round %d", round)
                        .isEqualTo(apache.get(release).read(damaged));
            } catch (KafkaException.MalformedMessage e) {
                assertThat(e).hasMessageContaining("record batch at offset");
            }
        }
        assertThat(accepted).isBetween(500, 2500);
    }

    /** Made by hand: an uncompressed set of Apache's as the value of a message with a codec. */
    private static byte[] nested(byte magic, Compression codec, long wrapperOffset, long[] inner) {
        ByteArrayOutputStream set = new ByteArrayOutputStream();
        for (long offset : inner) {
            BatchPlan message = new BatchPlan(magic, Compression.NONE);
            message.baseOffset = offset;
            message.add(0, 5, new byte[] {(byte) offset}, new byte[] {1, 2}, List.of());
            set.writeBytes(apache.values().iterator().next().write(message));
        }
        GrowingBytes compressed = new GrowingBytes(64);
        codec.compress(set.toByteArray(), 0, set.size(), magic, compressed);
        BatchPlan wrapper = new BatchPlan(magic, Compression.NONE);
        wrapper.baseOffset = wrapperOffset;
        wrapper.add(0, 5, null, Arrays.copyOf(compressed.array(), compressed.size()), List.of());
        byte[] bytes = apache.values().iterator().next().write(wrapper);
        bytes[BatchFormat.V0_ATTRIBUTES] = (byte) codec.id();
        return withCrc(bytes);
    }

    private static byte[] withCrc(byte[] batch) {
        boolean v2 = batch[BatchFormat.MAGIC] == 2;
        int from = v2 ? BatchFormat.V2_ATTRIBUTES : BatchFormat.MAGIC;
        java.util.zip.Checksum crc = v2 ? new CRC32C() : new CRC32();
        crc.update(batch, from, batch.length - from);
        ByteBuffer.wrap(batch).putInt(v2 ? BatchFormat.V2_CRC : BatchFormat.V0_CRC, (int) crc.getValue());
        return batch;
    }

    /** Every format with every codec it has. */
    private static List<BatchPlan> formats() {
        List<BatchPlan> formats = List.of((byte) 0, (byte) 1, (byte) 2).stream()
                .flatMap(magic -> List.of(Compression.values()).stream()
                        .filter(codec -> codec.knownTo(magic))
                        .map(codec -> new BatchPlan(magic, codec)))
                .toList();
        assertThat(formats).hasSize(FORMATS);
        return formats;
    }

    private static void assertSameRead(String release, byte[] bytes, String what) {
        assertThat(read(bytes)).as(what).isEqualTo(apache.get(release).read(bytes));
    }

    private static List<SeenBatch> read(byte[] bytes) {
        return RecordBatches.split(ByteBuffer.wrap(bytes)).stream()
                .map(batch -> {
                    assertThat(batch.crcValid()).as("%s", batch).isTrue();
                    return new SeenBatch(
                            batch.header(), batch.crc(), batch.deleteHorizon(), batch.decode(DecodeLimits.DEFAULT));
                })
                .toList();
    }

    private static List<LogRecord> records(List<SeenBatch> batches) {
        return batches.stream().flatMap(batch -> batch.records().stream()).toList();
    }
}
