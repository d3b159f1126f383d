package dev.kafkaloom.fuzz;

import dev.kafkaloom.fuzz.Guard.Finding;
import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The reader of record batches, for a fuzzer. The first byte of an input says whether the rest is read as it is, or is packed by a codec
 * first, so that the decoder behind it is reached; its highest bit asks for the higher limit. Checksums are made right in either case.
 */
public final class RecordFuzz {
    /**
     * Below the default limit: by the time it is reached the growing memory has been allocated up to three times over, and once more for
     * the records, which are copies.
     */
    static final DecodeLimits LIMITS = new DecodeLimits(12 << 20);

    /** What most inputs are held to, since bombs take their time. */
    private static final DecodeLimits SMALL = new DecodeLimits(1 << 20);

    private static final Guard GUARD = new Guard();

    private RecordFuzz() {}

    /** Called by Jazzer, once an input. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            check(input, GUARD);
        }
    }

    /** Called by Jazzer at the end. */
    public static void fuzzerTearDown() {
        System.out.println("records: " + GUARD.summary());
    }

    static void check(byte[] input, Guard guard) {
        ByteBuffer records = prepared(input);
        try {
            guard.run(
                    Packing.label(input[0]),
                    records.remaining(),
                    () -> outcome(records, input[0] < 0 ? LIMITS : SMALL));
        } catch (Throwable e) {
            throw new Finding(e + "\nfor the corpus: " + Corpus.line(input), e);
        }
    }

    private static ByteBuffer prepared(byte[] input) {
        try {
            return Packing.of(input[0], Arrays.copyOfRange(input, 1, input.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String outcome(ByteBuffer records, DecodeLimits limits) {
        StringBuilder outcome = new StringBuilder();
        try {
            RecordBatches.firstBatchSize(records);
            for (RecordBatch batch : RecordBatches.split(records)) {
                batch.crcValid();
                outcome.append(decoded(batch, limits)).append(';');
            }
        } catch (MalformedMessage e) {
            outcome.append(e.oneLine());
        }
        return outcome.toString();
    }

    private static String decoded(RecordBatch batch, DecodeLimits limits) {
        List<LogRecord> records;
        try {
            records = batch.decode(limits);
        } catch (MalformedMessage e) {
            if (!e.where().startsWith("record batch at offset " + batch.header().baseOffset())) {
                throw new Finding("does not say where: " + e.oneLine(), e);
            }
            return e.oneLine();
        }
        long last = -1;
        // early librdkafka left the offset around a message set at 0
        long highest = batch.header().magic() < 2 && batch.header().lastOffset() == 0
                ? Long.MAX_VALUE
                : batch.header().lastOffset();
        for (LogRecord record : records) {
            if (record.offset() <= last || record.offset() > highest) {
                throw new Finding("offset " + record.offset() + " behind " + last + " in " + batch, null);
            }
            last = record.offset();
        }
        if (!batch.decode(limits).equals(records)) {
            throw new Finding("says something else the second time: " + records, null);
        }
        return records.isEmpty() ? "empty" : "read";
    }
}
