package dev.kafkaloom.runtime;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** What has become of records that were handed to the sink, and which it has now. Thread-safe. */
final class SinkFigures {
    private static final long FORGOTTEN_NANOS = Duration.ofMinutes(10).toNanos();

    /** A call of the sink that has not returned. */
    static final class Call {
        private final TopicPartition partition;
        private final long offset;
        private final int records;
        private final Thread thread = Thread.currentThread();
        private final long begun = System.nanoTime();

        private Call(ConsumedRecord first, int records) {
            this.partition = first.partition();
            this.offset = first.offset();
            this.records = records;
        }
    }

    /** A record that the sink has failed with, since then, so often, the last time for that reason at that time. */
    private record Failing(long since, int times, String why, long last, long pause) {
        /** Whether nobody seems to try it any more: its position was moved on. */
        boolean isForgotten(long now) {
            return now - last > pause + FORGOTTEN_NANOS;
        }
    }

    private record At(TopicPartition partition, long offset) {
        static At of(ConsumedRecord record) {
            return new At(record.partition(), record.offset());
        }
    }

    private final LongAdder done = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder failedAttempts = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder deadLettered = new LongAdder();
    private final Latencies latencies = new Latencies();
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final Map<At, Failing> failing = new ConcurrentHashMap<>();

    Call begins(List<ConsumedRecord> records) {
        Call call = new Call(records.getFirst(), records.size());
        calls.add(call);
        return call;
    }

    void ends(Call call) {
        calls.remove(call);
        latencies.note(System.nanoTime() - call.begun);
    }

    void done(ConsumedRecord record) {
        done.increment();
        bytes.add(length(record.key()) + length(record.value()));
        over(record);
    }

    void rejected() {
        rejected.increment();
    }

    void deadLettered(ConsumedRecord record) {
        deadLettered.increment();
        over(record);
    }

    /** The record will not be tried again here. */
    void over(ConsumedRecord record) {
        if (!failing.isEmpty()) {
            failing.remove(At.of(record));
        }
    }

    /** A call left records not done, the first of which is this one; tells how often in a row it was so. */
    int failed(ConsumedRecord first, String why) {
        failedAttempts.increment();
        long now = System.nanoTime();
        return failing.merge(
                        At.of(first),
                        new Failing(now, 1, why, now, 0),
                        (before, last) -> new Failing(before.since, before.times + 1, last.why, now, 0))
                .times();
    }

    /** It will be handed over again after that. */
    void willRetry(ConsumedRecord first, Duration after) {
        retries.increment();
        failing.computeIfPresent(
                At.of(first), (_, it) -> new Failing(it.since, it.times, it.why, it.last, after.toNanos()));
    }

    /** Forgets failing records of partitions that are not here any more. */
    void forget(Predicate<TopicPartition> gone) {
        if (!failing.isEmpty()) {
            failing.keySet().removeIf(at -> gone.test(at.partition));
        }
    }

    long records() {
        return done.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long retries() {
        return retries.sum();
    }

    long rejectedSoFar() {
        return rejected.sum();
    }

    /** What the sink has had, or failed with, for longer than that, a line each. */
    List<String> overdue(Duration deadline) {
        long now = System.nanoTime();
        failing.values().removeIf(it -> it.isForgotten(now));
        List<String> lines = new ArrayList<>();
        for (Call call : calls) {
            long millis = millis(now - call.begun);
            if (millis >= deadline.toMillis()) {
                lines.add("the sink has had " + call.partition + " offset " + call.offset + " for " + millis
                        + " ms, on thread " + call.thread.getName());
            }
        }
        failing.forEach((at, it) -> {
            long millis = millis(now - it.since);
            if (millis >= deadline.toMillis()) {
                lines.add("the sink has not taken " + at.partition + " offset " + at.offset + " for " + millis + " ms, "
                        + it.times + " tries: " + it.why);
            }
        });
        return lines;
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    /** All of it; what somebody else has to tell is passed on. */
    SinkStats stats(String name, SinkGate gate, int sinkers, int restarts, List<String> troubles) {
        long now = System.nanoTime();
        long inFlight = 0;
        long oldest = 0;
        for (Call call : calls) {
            inFlight += call.records;
            oldest = Math.max(oldest, now - call.begun);
        }
        for (Failing each : failing.values()) {
            oldest = Math.max(oldest, now - each.since);
        }
        Latencies.Summary latency = latencies.summary();
        return new SinkStats(
                name,
                done.sum(),
                bytes.sum(),
                failedAttempts.sum(),
                retries.sum(),
                rejected.sum(),
                deadLettered.sum(),
                inFlight,
                failing.size(),
                gate.isPaused(),
                gate.limit(),
                latency.p50(),
                latency.p95(),
                latency.p99(),
                latency.max(),
                Duration.ofNanos(oldest),
                sinkers,
                restarts,
                troubles);
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
