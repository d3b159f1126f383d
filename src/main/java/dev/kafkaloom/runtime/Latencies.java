package dev.kafkaloom.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long calls took, over the last one to two minutes, to an eighth of the value. Thread-safe; noting one takes two atomic additions at
 * most.
 */
final class Latencies {
    private static final long TERM_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int STEPS = 8; // of each power of two
    private static final int LOWEST = 3; // below 8 microseconds they are told apart exactly
    private static final int BUCKETS = STEPS * (64 - LOWEST + 1);

    private static final class Term {
        private final long from;
        private final AtomicIntegerArray counts = new AtomicIntegerArray(BUCKETS);
        private final AtomicLong max = new AtomicLong();

        private Term(long from) {
            this.from = from;
        }
    }

    /** Percentiles, in microseconds; all 0 when there was no call. */
    record Summary(long p50, long p95, long p99, long max) {}

    private volatile Term before = new Term(System.nanoTime() - TERM_NANOS);
    private volatile Term now = new Term(System.nanoTime());

    void note(long nanos) {
        Term term = term();
        long micros = Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos));
        term.counts.incrementAndGet(bucket(micros));
        if (micros > term.max.get()) {
            term.max.accumulateAndGet(micros, Math::max);
        }
    }

    private Term term() {
        Term term = now;
        return System.nanoTime() - term.from < TERM_NANOS ? term : next();
    }

    private synchronized Term next() {
        long time = System.nanoTime();
        long age = time - now.from;
        if (age >= TERM_NANOS) {
            before = age < 2 * TERM_NANOS ? now : new Term(time - TERM_NANOS);
            now = new Term(time);
        }
        return now;
    }

    synchronized Summary summary() {
        Term last = term();
        long[] counts = new long[BUCKETS];
        long all = 0;
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] = (long) last.counts.get(i) + before.counts.get(i);
            all += counts[i];
        }
        long max = Math.max(last.max.get(), before.max.get());
        return new Summary(at(counts, all, 0.5, max), at(counts, all, 0.95, max), at(counts, all, 0.99, max), max);
    }

    private static long at(long[] counts, long all, double part, long max) {
        long left = (long) Math.ceil(all * part);
        for (int i = 0; i < BUCKETS && left > 0; i++) {
            left -= counts[i];
            if (left <= 0) {
                return Math.min(max, upper(i));
            }
        }
        return 0;
    }

    static int bucket(long micros) {
        if (micros < STEPS) {
            return (int) micros;
        }
        int power = 63 - Long.numberOfLeadingZeros(micros);
        int step = (int) (micros >>> (power - LOWEST)) - STEPS;
        return (power - LOWEST + 1) * STEPS + step;
    }

    /** The largest value that falls into the bucket. */
    static long upper(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int power = bucket / STEPS - 1 + LOWEST;
        int step = bucket % STEPS + STEPS;
        return ((step + 1L) << (power - LOWEST)) - 1;
    }
}
