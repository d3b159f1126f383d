package dev.kafkaloom.runtime;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One call of the sink after another, and what its answers mean. Knows nothing of where records come from. Thread-safe. */
final class SinkCalls {
    private static final Logger LOG = LoggerFactory.getLogger(SinkCalls.class);
    private static final long WARN_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MOST_DOUBLINGS = 30;
    private static final Duration LONGEST_WAIT = Duration.ofDays(365); // so that no sum of nanoseconds overflows

    /**
     * What has to be handed over again.
     *
     * @param records in their order, empty when all are done; the delivery count is that of the next delivery
     * @param after how long to wait before; zero: not at all
     * @param why in a line
     */
    record Left(List<ConsumedRecord> records, Duration after, String why) {
        private static final Left NOTHING = new Left(List.of(), Duration.ZERO, "");

        boolean isEmpty() {
            return records.isEmpty();
        }
    }

    private final Sink sink;
    private final SinkerConfig config;
    private final SinkGate gate;
    private final SinkFigures figures;
    private final DeadLetterWriter deadLetters; // null without
    private final AtomicLong warnedAt = new AtomicLong(System.nanoTime() - WARN_EVERY_NANOS);

    SinkCalls(Sink sink, SinkerConfig config, SinkGate gate, SinkFigures figures, DeadLetterWriter deadLetters) {
        this.sink = sink;
        this.config = config;
        this.gate = gate;
        this.figures = figures;
        this.deadLetters = deadLetters;
    }

    /**
     * Hands records of one partition to the sink, once, or the first of them, and deals with those that it rejects or has tried too often.
     * Records that have failed together too often are handed over one by one, so that no record goes to the dead letters for another.
     *
     * @param givenUp asked while it waits at the gate
     * @param done is told of each record that is done, dead letters included
     * @throws InterruptedException also when it was given up; nothing was done then
     * @throws SinkRejected when there is nowhere to put a rejected record
     */
    Left attempt(List<ConsumedRecord> records, BooleanSupplier givenUp, Consumer<ConsumedRecord> done)
            throws InterruptedException, SinkRejected {
        List<ConsumedRecord> now = records.subList(0, atOnce(records));
        gate.pass(now.size(), givenUp);
        Left left = new Sorting(now, done).sort(call(now, givenUp));
        if (now.size() == records.size()) {
            return left;
        }
        List<ConsumedRecord> all = new ArrayList<>(left.records);
        all.addAll(records.subList(now.size(), records.size()));
        return new Left(all, left.after, left.why);
    }

    private int atOnce(List<ConsumedRecord> records) {
        long limit = gate.limit();
        long most = limit == 0 ? records.size() : Math.min(records.size(), limit); // no more than a second's at once
        int together = 0;
        while (together < most && !isExhausted(records.get(together), 1)) {
            together++;
        }
        return Math.max(1, together);
    }

    /** Whether so many more deliveries than it has had would be too many. */
    private boolean isExhausted(ConsumedRecord record, int allowance) {
        return config.maxAttempts() > 0 && record.deliveryCount() >= config.maxAttempts() + allowance;
    }

    /** An interrupt that asks it to end is no outcome: it ends the handler. */
    private Sink.Outcome call(List<ConsumedRecord> records, BooleanSupplier givenUp) throws InterruptedException {
        SinkFigures.Call call = figures.begins(records);
        try {
            return sink.accept(records);
        } catch (InterruptedException e) {
            if (isToEnd(givenUp)) {
                throw e;
            }
            return new Sink.Outcome.Retry(Duration.ZERO, "interrupted by nobody but the sink: " + e);
        } catch (Throwable e) { // an Error of a sink's own, too: records must not be lost by it
            LOG.debug("the sink threw", e);
            return new Sink.Outcome.Retry(
                    Duration.ZERO,
                    Objects.requireNonNullElse(e.toString(), e.getClass().getName()));
        } finally {
            figures.ends(call);
            if (Thread.interrupted() && isToEnd(givenUp)) { // else left behind by the sink: it would end the partition
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isToEnd(BooleanSupplier givenUp) {
        return givenUp.getAsBoolean()
                || Coroutine.current().map(Coroutine::isCancelRequested).orElse(true);
    }

    /** Sorts the records of one call by what became of them. */
    private final class Sorting {
        private final List<ConsumedRecord> records;
        private final Consumer<ConsumedRecord> done;
        private final List<ConsumedRecord> left = new ArrayList<>();
        private ConsumedRecord firstLeft;
        private Duration after = Duration.ZERO;
        private String why = "";

        private Sorting(List<ConsumedRecord> records, Consumer<ConsumedRecord> done) {
            this.records = records;
            this.done = done;
        }

        private Left sort(Sink.Outcome outcome) throws InterruptedException, SinkRejected {
            switch (outcome) {
                case null -> again(records, new Sink.Outcome.Retry(Duration.ZERO, "the sink returned null"));
                case Sink.Outcome.Done _ -> records.forEach(this::done);
                case Sink.Outcome.Retry retry -> again(records, retry);
                case Sink.Outcome.Reject reject -> reject(reject);
                case Sink.Outcome.Each each -> each(each.outcomes());
            }
            if (left.isEmpty()) {
                return Left.NOTHING;
            }
            int times = figures.failed(firstLeft, why);
            Duration wait = after.isPositive() ? after : backOff(times);
            figures.willRetry(firstLeft, wait);
            tell(times, wait);
            return new Left(left, wait, why);
        }

        private void each(List<Sink.Outcome> outcomes) throws InterruptedException, SinkRejected {
            if (outcomes.size() != records.size()) {
                again(
                        records,
                        new Sink.Outcome.Retry(
                                Duration.ZERO,
                                "the sink told of " + outcomes.size() + " records when it was given "
                                        + records.size()));
                return;
            }
            for (int i = 0; i < records.size(); i++) {
                ConsumedRecord record = records.get(i);
                switch (outcomes.get(i)) {
                    case Sink.Outcome.Done _ -> done(record);
                    case Sink.Outcome.Retry retry -> again(List.of(record), retry);
                    case Sink.Outcome.Reject reject -> putAside(record, reject.why());
                    case Sink.Outcome.Each _ ->
                        again(
                                List.of(record),
                                new Sink.Outcome.Retry(Duration.ZERO, "the sink told of many records for one"));
                }
            }
        }

        private void reject(Sink.Outcome.Reject reject) throws InterruptedException, SinkRejected {
            Set<Long> poison = new HashSet<>();
            reject.poison().forEach(record -> poison.add(record.offset()));
            if (records.stream().noneMatch(record -> poison.contains(record.offset()))) {
                String what = "the sink rejected none of the records it was given: " + reject.why();
                again(records, new Sink.Outcome.Retry(Duration.ZERO, what));
                return;
            }
            for (ConsumedRecord record : records) {
                if (poison.contains(record.offset())) {
                    putAside(record, reject.why());
                } else {
                    done(record);
                }
            }
        }

        /** Those that failed together are not out of attempts together. */
        private void again(List<ConsumedRecord> some, Sink.Outcome.Retry retry) throws InterruptedException {
            boolean alone = some.size() == 1;
            for (ConsumedRecord record : some) {
                if (retry.tried() && alone && isExhausted(record, 0)) {
                    toDeadLetters(record, "not done after " + record.deliveryCount() + " attempts: " + retry.why());
                } else {
                    keep(record, retry.tried() ? record.redelivered() : record, retry.after(), retry.why());
                }
            }
        }

        private void putAside(ConsumedRecord record, String reason) throws InterruptedException, SinkRejected {
            figures.rejected();
            if (deadLetters == null) {
                throw new SinkRejected(record, reason);
            }
            toDeadLetters(record, reason);
        }

        private void toDeadLetters(ConsumedRecord record, String reason) throws InterruptedException {
            try {
                deadLetters.write(record, reason);
            } catch (RuntimeException e) {
                keep(record, record, Duration.ZERO, deadLetters.failure(record, reason, e));
                return;
            }
            figures.deadLettered(record);
            done.accept(record);
        }

        private void done(ConsumedRecord record) {
            figures.done(record);
            done.accept(record);
        }

        private void keep(ConsumedRecord record, ConsumedRecord next, Duration wanted, String reason) {
            if (firstLeft == null) {
                firstLeft = record;
                why = reason;
            }
            if (wanted.compareTo(after) > 0) {
                after = wanted.compareTo(LONGEST_WAIT) < 0 ? wanted : LONGEST_WAIT;
            }
            left.add(next);
        }

        private void tell(int times, Duration wait) {
            LOG.atLevel(mayWarn() ? Level.WARN : Level.DEBUG)
                    .log(
                            "{}: the sink did not take {} of {} records from offset {} on (try {}), again in {} ms: {}",
                            firstLeft.partition(),
                            left.size(),
                            records.size(),
                            firstLeft.offset(),
                            times,
                            wait.toMillis(),
                            why);
        }
    }

    private Duration backOff(int times) {
        Duration doubled = config.retryBackoff().multipliedBy(1L << Math.min(times - 1, MOST_DOUBLINGS));
        return doubled.compareTo(config.retryBackoffMax()) < 0 ? doubled : config.retryBackoffMax();
    }

    /** With lanes a sink that is away is away for a thousand records at once: one line a second tells it as well. */
    private boolean mayWarn() {
        long now = System.nanoTime();
        long last = warnedAt.get();
        return now - last >= WARN_EVERY_NANOS && warnedAt.compareAndSet(last, now);
    }
}
