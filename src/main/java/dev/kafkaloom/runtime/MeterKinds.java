package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.PartitionSnapshot;
import dev.kafkaloom.coroutine.CoroutineRegistry;
import dev.kafkaloom.storage.StorageStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What {@link Meters} shows, as tables. Prometheus writes a dot as an underscore and puts {@code _total} behind what only grows. */
final class MeterKinds {
    private static final double MICROS = 1e-6;

    private MeterKinds() {}

    /**
     * A meter.
     *
     * @param name behind {@code kafka.loom.}, with the unit at its end
     * @param grows whether it is a counter
     * @param of NaN while it is not known
     */
    record Kind<T>(String name, boolean grows, String about, ToDoubleFunction<T> of) {}

    static final List<Kind<RuntimeSnapshot>> RUNTIME = List.of(
            gauge("ready", "1 when /health/ready says so", it -> one(it.ready())),
            gauge("uptime.seconds", "since the runtime was started", it -> seconds(it.uptime())),
            counter("records", "records that the sink is done with", RuntimeSnapshot::consumedRecords),
            counter(
                    "bytes",
                    "keys and values of the records that the sink is done with",
                    RuntimeSnapshot::consumedBytes),
            gauge(
                    "block.size",
                    "records taken in and not done, those that are stored included",
                    RuntimeSnapshot::inProgress),
            gauge("lag.records", "records in Kafka that are neither done nor stored", it -> known(it.lagRecords())),
            gauge(
                    "lag.seconds",
                    "age of the oldest record that the sink is not done with",
                    it -> it.lagSeconds(Instant.now())),
            counter("rebalances", "rebalances after the first join", RuntimeSnapshot::rebalances),
            gauge("members.failed", "members that have given up for good", RuntimeSnapshot::failedMembers),
            counter(
                    "late.acks",
                    "what was done after its partition had been taken away",
                    it -> it.group().lateAcks()),
            gauge(
                    "handlers.overdue",
                    "handlers beyond handler.deadline.ms",
                    it -> it.overdueHandlers().size()),
            gauge(
                    "watchdog.delay.seconds",
                    "how long a virtual thread waits to run, now",
                    it -> seconds(it.carrierDelay())),
            gauge("watchdog.delay.worst.seconds", "the longest such wait so far", it -> seconds(it.worstStarvation())),
            gauge("coroutines", "living threads of the program", _ -> CoroutineRegistry.living()),
            counter("coroutine.restarts", "threads started again after a failure", _ -> CoroutineRegistry.restarts()));

    static final List<Kind<SinkStats>> SINK = List.of(
            counter("sink.failed.attempts", "calls of the sink that left a record not done", SinkStats::failedAttempts),
            counter("sink.retries", "how often records had to be handed over again", SinkStats::retries),
            counter("sink.rejected", "records that the sink cannot ever handle", SinkStats::rejected),
            counter("sink.dead.letters", "records that went to the dead-letter topic", SinkStats::deadLettered),
            gauge("sink.in.flight", "records in the sink's hands", SinkStats::inFlight),
            gauge("sink.retrying", "records that the sink has failed with and gets again", SinkStats::retrying),
            gauge("sink.paused", "1 while the sinkers are paused by hand", it -> one(it.paused())),
            gauge("sink.rate.limit", "records a second at most; 0: no limit", SinkStats::recordsPerSecond),
            gauge(
                    "sink.oldest.seconds",
                    "how long the sink has been trying its oldest record",
                    it -> seconds(it.oldestInHand())),
            gauge(
                    "sink.troubles",
                    "reasons for which records do not get done",
                    it -> it.troubles().size()),
            gauge("sinkers", "threads that take from the storage", SinkStats::sinkers),
            counter("sinker.restarts", "how often one of these was started again", SinkStats::restarts));

    /** Of {@code sink.latency.seconds}, by quantile. */
    static final Map<String, ToDoubleFunction<SinkStats>> LATENCY = Map.of(
            "0.5", it -> it.p50Micros() * MICROS,
            "0.95", it -> it.p95Micros() * MICROS,
            "0.99", it -> it.p99Micros() * MICROS,
            "1", it -> it.maxMicros() * MICROS);

    static final List<Kind<StorageStats>> STORAGE = List.of(
            gauge("storage.pending", "records that wait for a sinker", StorageStats::pending),
            gauge("storage.leased", "records in sinkers' hands", StorageStats::leased),
            gauge("storage.bytes", "what they take", it -> known(it.bytes())),
            gauge("storage.limit.records", "most records", it -> limit(it.limitRecords())),
            gauge("storage.limit.bytes", "most bytes", it -> limit(it.limitBytes())),
            counter("storage.appended", "records stored", StorageStats::appended),
            counter("storage.skipped", "records that were stored already", StorageStats::skipped),
            counter("storage.lost", "records that were stored, were lost and were read again", StorageStats::lost),
            counter(
                    "storage.redelivered",
                    "records handed out again after a lease that ended",
                    StorageStats::redelivered),
            gauge(
                    "storage.trouble",
                    "1 while nothing can be stored or taken",
                    it -> one(it.trouble().isPresent())));

    static final List<Kind<PartitionSnapshot>> PARTITION = List.of(
            gauge(
                    "partition.lag.records",
                    "records in Kafka that are neither done nor stored",
                    it -> known(it.undone())),
            gauge("partition.lag.seconds", "age of the oldest of these", it -> it.secondsBehind(Instant.now())),
            counter("partition.records", "records done or stored, in this assignment", PartitionSnapshot::records),
            gauge("partition.buffered.bytes", "fetched and not handed out", PartitionSnapshot::bufferedBytes),
            gauge("partition.in.hand", "records that a handler has in hand", PartitionSnapshot::inHand),
            gauge("partition.paused", "1 while it is paused by hand", it -> one(it.paused())));

    static final List<Kind<StorageStats.PartitionStats>> STORED = List.of(
            gauge("storage.partition.pending", "records that wait for a sinker", StorageStats.PartitionStats::pending),
            gauge("storage.partition.leased", "records in sinkers' hands", StorageStats.PartitionStats::leased),
            gauge("storage.partition.oldest.seconds", "age of the oldest record stored", MeterKinds::age));

    private static <T> Kind<T> gauge(String name, String about, ToDoubleFunction<T> of) {
        return new Kind<>(name, false, about, of);
    }

    private static <T> Kind<T> counter(String name, String about, ToDoubleFunction<T> of) {
        return new Kind<>(name, true, about, of);
    }

    private static double one(boolean yes) {
        return yes ? 1 : 0;
    }

    private static double known(long value) {
        return value < 0 ? Double.NaN : value;
    }

    private static double limit(long value) {
        return value == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : value;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static double age(StorageStats.PartitionStats of) {
        return of.oldestTimestamp() < 0
                ? Double.NaN
                : Math.max(0, System.currentTimeMillis() - of.oldestTimestamp()) / 1000.0;
    }
}
