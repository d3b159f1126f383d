package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.HandlerThreads;
import dev.kafkaloom.consumer.Handling;
import dev.kafkaloom.consumer.Ordering;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Lanes;
import dev.kafkaloom.coroutine.Restart;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.Storage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is stored to the sink. Threads {@code sinker-0}, ... take leases and lay their records, in order, into the lanes of their
 * partition; threads {@code sinker/lane-<n>} hand them to the sink. How much of a partition is out of the storage at a time is bounded, so
 * that one whose records do not get done neither fills the memory nor holds up the others. Thread-safe.
 */
final class Sinkers {
    private static final Logger LOG = LoggerFactory.getLogger(Sinkers.class);
    private static final Duration TAKE_WAIT = Duration.ofMillis(500);
    private static final Restart RESTART = new Restart(Duration.ofMillis(100), Duration.ofSeconds(10), _ -> true);
    private static final Duration LAST_WAIT = Duration.ofMillis(500);
    private static final Duration AFTER_INTERRUPT = Duration.ofMillis(100);
    private static final int PARTITIONS_AT_ONCE = 4096;
    private static final long BYTES_IN_HAND = 64L << 20;

    private final Storage storage;
    private final SinkCalls calls;
    private final SinkGate gate;
    private final SinkFigures figures;
    private final SinkerConfig config;
    private final Handling handling;
    private final int mostInHand;
    private final Scope scope;
    private final Scope threads; // of the lanes
    private final Lanes lanes;
    private final AtomicLong bytesInHand = new AtomicLong();
    private final Map<TopicPartition, PartitionSinking> partitions = new ConcurrentSkipListMap<>();
    private final Map<String, String> failing = new ConcurrentSkipListMap<>(); // sinkers, and what ended them last
    private final List<Coroutine> feeders = new ArrayList<>(); // written by start only
    private volatile boolean ending;

    private Sinkers(
            Storage storage,
            SinkCalls calls,
            SinkGate gate,
            SinkFigures figures,
            SinkerConfig config,
            Handling handling,
            int maxGap,
            Scope scope) {
        this.storage = storage;
        this.calls = calls;
        this.gate = gate;
        this.figures = figures;
        this.config = config;
        this.handling = handling;
        this.mostInHand = Math.max(maxGap, 2 * config.batch());
        this.scope = scope;
        boolean whole = handling.ordering() == Ordering.PARTITION;
        this.threads = scope.child("lanes");
        this.lanes = Lanes.open(
                threads,
                "sinker/lane",
                whole ? PARTITIONS_AT_ONCE : handling.maxInFlight(),
                Integer.MAX_VALUE, // what may wait is bounded by partition
                handling.threads() == HandlerThreads.VIRTUAL);
    }

    /** Starts to take. */
    static Sinkers start(
            Storage storage, SinkCalls calls, SinkGate gate, SinkFigures figures, RuntimeConfig config, Scope parent) {
        Sinkers sinkers = new Sinkers(
                storage,
                calls,
                gate,
                figures,
                config.sinkers(),
                config.consumer().handling(),
                config.consumer().progressMaxGap(),
                parent.child("sinkers"));
        for (int i = 0; i < config.sinkers().sinkers(); i++) {
            String name = "sinker-" + i;
            sinkers.feeders.add(sinkers.scope.supervise(name, RESTART, () -> sinkers.feedWatched(name)));
        }
        return sinkers;
    }

    private void feedWatched(String name) throws InterruptedException {
        try {
            feed(name);
        } catch (RuntimeException | Error e) {
            failing.put(name, e.toString());
            throw e;
        }
    }

    private void feed(String name) throws InterruptedException {
        while (!ending) {
            gate.awaitOpen(() -> ending);
            Coroutine.waitingFor("stored records");
            Lease lease = storage.take(config.batch(), TAKE_WAIT);
            Coroutine.waitingFor(null);
            failing.remove(name);
            if (lease != null) {
                partitions
                        .computeIfAbsent(lease.partition(), tp -> new PartitionSinking(this, tp, lanes.share()))
                        .begin(lease);
            }
        }
    }

    // ---- for partitions and leases

    SinkCalls calls() {
        return calls;
    }

    SinkFigures figures() {
        return figures;
    }

    Ordering ordering() {
        return handling.ordering();
    }

    Duration retryBackoffMax() {
        return config.retryBackoffMax();
    }

    boolean isEnding() {
        return ending;
    }

    void holds(long bytes) {
        bytesInHand.addAndGet(bytes);
    }

    /** Whether a partition that has so many records in hand may have more. */
    boolean hasRoom(int inHand) {
        return inHand == 0 || (inHand + config.batch() <= mostInHand && bytesInHand.get() < BYTES_IN_HAND);
    }

    // ---- for the runtime

    int count() {
        return feeders.size();
    }

    int restarts() {
        return feeders.stream().mapToInt(Coroutine::restarts).sum();
    }

    /** What keeps records from getting done, a line each. */
    List<String> troubles() {
        List<String> lines = new ArrayList<>();
        partitions.values().forEach(each -> each.stopped().ifPresent(lines::add));
        if (threads.isCancelled() && !ending) {
            lines.add("the threads that call the sink have ended, only a new start helps: "
                    + threads.failure().map(Throwable::toString).orElse("they were cancelled"));
        }
        failing.forEach((name, why) -> lines.add(name + " failed and is started again: " + why));
        return lines;
    }

    /** Those of them whose sinking has not stopped. */
    List<TopicPartition> working(Collection<TopicPartition> some) {
        return some.stream()
                .filter(tp -> !partitions.containsKey(tp)
                        || partitions.get(tp).stopped().isEmpty())
                .toList();
    }

    /** Gives those whose sinking has stopped another try: what they hold goes back to the storage. */
    void tryAgain(Collection<TopicPartition> some) {
        some.forEach(tp -> {
            PartitionSinking sinking = partitions.get(tp);
            if (sinking != null) {
                sinking.tryAgain();
            }
        });
    }

    /** The same with all. */
    void tryAgain() {
        tryAgain(partitions.keySet());
    }

    /** Takes nothing more and begins nothing more; what is in the sink's hands may finish within that time, the rest stays stored. */
    void close(Duration within) {
        ending = true;
        long deadline = System.nanoTime() + within.toNanos();
        try {
            long patience = deadline - LAST_WAIT.toNanos();
            endFeeders();
            partitions.values().forEach(PartitionSinking::end);
            for (PartitionSinking each : partitions.values()) {
                if (!each.awaitRest(until(patience))) {
                    LOG.warn("the sink did not finish {} in time; it comes again", each);
                    each.interrupt();
                }
            }
            for (PartitionSinking each : partitions.values()) {
                each.awaitRest(until(deadline));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // no more time
            partitions.values().forEach(PartitionSinking::interrupt);
        } finally {
            scope.close(until(deadline).plus(AFTER_INTERRUPT));
            partitions.values().forEach(PartitionSinking::giveBack);
        }
    }

    private void endFeeders() throws InterruptedException {
        long deadline = System.nanoTime() + TAKE_WAIT.multipliedBy(2).toNanos();
        for (Coroutine feeder : feeders) {
            if (!feeder.join(until(deadline))) {
                feeder.interrupt();
            }
        }
    }

    private static Duration until(long nanoTime) {
        return Duration.ofNanos(Math.max(1, nanoTime - System.nanoTime()));
    }
}
