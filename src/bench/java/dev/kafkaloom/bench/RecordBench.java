package dev.kafkaloom.bench;

import dev.kafkaloom.record.BatchBuilder;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import dev.kafkaloom.record.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A v2 batch of 1000 records: written, and read with its checksum checked: touching keys and values where they lie, copying them, and as the list of
 * objects that a consumer hands out. Every call takes the next of ten batches, so that neither side learns one batch by heart.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordBench {
    static final int SIZE_LIMIT = 128 << 10;
    private static final double SIZE_TOLERANCE = 0.02;

    @Param
    public Codec codec;

    private final Payload payload = new Payload();
    private final byte[][] batches = new byte[Payload.BATCHES][];
    private KafkaBatches kafka;
    private long oursBytes;
    private long kafkaBytes;
    private int turn;

    @Setup
    public void setup() {
        kafka = new KafkaBatches(codec.kafka(), payload);
        for (int i = 0; i < Payload.BATCHES; i++) {
            ByteBuffer ours = filled(i).build();
            ByteBuffer theirs = kafka.write(i);
            batches[i] = new byte[theirs.remaining()];
            theirs.get(theirs.position(), batches[i]);
            oursBytes += ours.remaining();
            kafkaBytes += theirs.remaining();
            long sum = kafka.copies(ByteBuffer.wrap(batches[i]));
            Same.number("their batch copied by us", sum, copies(ByteBuffer.wrap(batches[i])));
            Same.number("their batch read in place by us", sum, view(ByteBuffer.wrap(batches[i])));
            Same.number("their batch read in place by themselves", sum, kafka.view(ByteBuffer.wrap(batches[i])));
            Same.number("their batch as objects of ours", sum, sum(objects(ByteBuffer.wrap(batches[i]))));
            Same.number("their batch as objects of theirs", sum, kafka.sum(kafka.objects(ByteBuffer.wrap(batches[i]))));
            Same.number("our batch copied by kafka-clients", sum, kafka.copies(ours.duplicate()));
            Same.number("our batch copied by us", sum, copies(ours));
        }
        if (Math.abs(oursBytes - kafkaBytes) > kafkaBytes * SIZE_TOLERANCE) {
            throw new IllegalStateException(sizes(codec));
        }
    }

    private static long sum(List<LogRecord> records) {
        long sum = 0;
        for (LogRecord record : records) {
            byte[] value = record.value();
            sum = 31 * sum + record.key()[0] + record.key().length + value[value.length - 3] + value.length;
        }
        return sum;
    }

    /** What the batches come to on either side, for the note below the table. */
    static String sizes(Codec codec) {
        RecordBench bench = new RecordBench();
        bench.codec = codec;
        bench.setup();
        return String.format(
                Locale.ROOT,
                "%s %.1f kB, kafka-clients %.1f kB",
                codec.name().toLowerCase(Locale.ROOT),
                bench.oursBytes / 1e3 / Payload.BATCHES,
                bench.kafkaBytes / 1e3 / Payload.BATCHES);
    }

    private int next() {
        turn = turn + 1 == Payload.BATCHES ? 0 : turn + 1;
        return turn;
    }

    @Benchmark
    public int writeOurs() {
        BatchBuilder builder = filled(next());
        int size = builder.build().remaining();
        builder.release(); // as the producer does when the batch is through
        return size;
    }

    private BatchBuilder filled(int batch) {
        BatchBuilder builder = BatchBuilder.of((byte) 2, codec.ours(), SIZE_LIMIT);
        int first = batch * Payload.RECORDS;
        for (int i = first; i < first + Payload.RECORDS; i++) {
            if (!builder.append(payload.timestamp(i), payload.key(i), payload.value(i), List.of())) {
                throw new IllegalStateException("no room for record " + i);
            }
        }
        return builder;
    }

    @Benchmark
    public int writeKafka() {
        return kafka.write(next()).remaining();
    }

    @Benchmark
    public long copiesOurs() {
        return copies(ByteBuffer.wrap(batches[next()]));
    }

    private static long copies(ByteBuffer bytes) {
        long sum = 0;
        for (var batch : RecordBatches.split(bytes)) {
            requireValid(batch);
            try (RecordCursor record = batch.cursor(DecodeLimits.DEFAULT)) {
                while (record.next()) {
                    byte[] key = record.key();
                    byte[] value = record.value();
                    sum = 31 * sum + key[0] + key.length + value[value.length - 3] + value.length;
                }
            }
        }
        return sum;
    }

    @Benchmark
    public List<LogRecord> objectsOurs() {
        return objects(ByteBuffer.wrap(batches[next()]));
    }

    private static List<LogRecord> objects(ByteBuffer bytes) {
        List<LogRecord> records = new ArrayList<>();
        for (var batch : RecordBatches.split(bytes)) {
            requireValid(batch);
            records.addAll(batch.decode(DecodeLimits.DEFAULT));
        }
        return records;
    }

    private static void requireValid(RecordBatch batch) {
        if (!batch.crcValid()) {
            throw new IllegalStateException("wrong checksum");
        }
    }

    @Benchmark
    public Object objectsKafka() {
        return kafka.objects(ByteBuffer.wrap(batches[next()]));
    }

    @Benchmark
    public long copiesKafka() {
        return kafka.copies(ByteBuffer.wrap(batches[next()]));
    }

    @Benchmark
    public long viewOurs() {
        return view(ByteBuffer.wrap(batches[next()]));
    }

    private static long view(ByteBuffer bytes) {
        long sum = 0;
        for (var batch : RecordBatches.split(bytes)) {
            requireValid(batch);
            try (RecordCursor record = batch.cursor(DecodeLimits.DEFAULT)) {
                while (record.next()) {
                    byte[] from = record.array();
                    int valueEnd = record.valuePosition() + record.valueLength();
                    sum = 31 * sum
                            + from[record.keyPosition()]
                            + record.keyLength()
                            + from[valueEnd - 3]
                            + record.valueLength();
                }
            }
        }
        return sum;
    }

    @Benchmark
    public long viewKafka() {
        return kafka.view(ByteBuffer.wrap(batches[next()]));
    }
}
