package dev.kafkaloom.console;

import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Tells a person how far a long reading is, about once a second. Belongs to one thread at a time. */
final class ReadingProgress {
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);

    private final Output out;
    private long records;
    private long bytes;
    private long toldRecords;
    private long toldAt = System.nanoTime();

    ReadingProgress(Output out) {
        this.out = out;
    }

    /** A record was read, whether it is shown or not. */
    void read(ConsumedRecord record) {
        records++;
        bytes += length(record.key()) + length(record.value());
    }

    /** Tells it when it is time. {@code lag} is how many offsets are left, negative when unknown. */
    void tell(LongSupplier lag) throws IOException {
        long now = System.nanoTime();
        if (now - toldAt < PERIOD) {
            return;
        }
        double perSecond = (records - toldRecords) * 1e9 / (now - toldAt);
        out.progress(line(records, bytes, perSecond, lag.getAsLong()));
        toldAt = now;
        toldRecords = records;
    }

    static String line(long records, long bytes, double perSecond, long lag) {
        String line =
                String.format(Locale.ROOT, "%,d records, %,.1f MB, %,.0f records/s", records, bytes / 1e6, perSecond);
        return lag < 0 ? line : line + String.format(Locale.ROOT, ", lag %,d", lag);
    }

    /** Takes the line away. */
    void end() throws IOException {
        out.progress("");
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
