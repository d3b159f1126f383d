package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.RecordHandler;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.Sink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * DIRECTLY: the thread that handles records, a partition's own or that of a lane, hands them to the sink, again and again until they are
 * done. While it waits for the next try it watches whether the partition is being given back; then it stops trying, and the next owner gets
 * the records.
 */
final class SinkFeeder implements RecordHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SinkFeeder.class);
    private static final Duration GLANCE = Duration.ofMillis(50);
    private static final long WARN_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Sink sink;
    private final RuntimeConfig config;
    private final Predicate<TopicPartition> draining;
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final AtomicLong warnedAt = new AtomicLong(System.nanoTime() - WARN_EVERY_NANOS);

    SinkFeeder(Sink sink, RuntimeConfig config, Predicate<TopicPartition> draining) {
        this.sink = sink;
        this.config = config;
        this.draining = draining;
    }

    @Override
    public void handle(TopicPartition partition, List<ConsumedRecord> batch) throws Exception {
        Duration backOff = config.sinkers().retryBackoff();
        List<ConsumedRecord> delivery = batch;
        while (true) {
            switch (attempt(delivery)) {
                case Sink.Outcome.Done _ -> {
                    count(batch);
                    return;
                }
                case Sink.Outcome.Reject reject -> {
                    rejected.add(reject.poison().size());
                    throw new SinkRejected(partition, reject.poison(), reject.why());
                }
                case Sink.Outcome.Each _ -> throw new UnsupportedOperationException("an outcome for each record");
                case Sink.Outcome.Retry retry -> {
                    Duration wait = retry.after().isPositive() ? retry.after() : backOff;
                    retries.increment();
                    LOG.atLevel(mayWarn() ? Level.WARN : Level.DEBUG)
                            .log(
                                    "{}: the sink did not take {} records from offset {} on (try {}), again in {} ms: {}",
                                    partition,
                                    batch.size(),
                                    batch.getFirst().offset(),
                                    delivery.getFirst().deliveryCount(),
                                    wait.toMillis(),
                                    retry.why());
                    pause(partition, wait);
                    backOff = min(backOff.multipliedBy(2), config.sinkers().retryBackoffMax());
                    delivery = again(delivery);
                }
            }
        }
    }

    /** With lanes a sink that is away is away for a thousand records at once: one line a second tells it as well. */
    private boolean mayWarn() {
        long now = System.nanoTime();
        long last = warnedAt.get();
        return now - last >= WARN_EVERY_NANOS && warnedAt.compareAndSet(last, now);
    }

    /** An interrupt is no outcome: it ends the handler. */
    private Sink.Outcome attempt(List<ConsumedRecord> batch) throws InterruptedException {
        try {
            return sink.accept(batch);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.debug("the sink threw", e);
            return new Sink.Outcome.Retry(Duration.ZERO, e.toString());
        }
    }

    private void pause(TopicPartition partition, Duration wait) throws InterruptedException {
        long until = System.nanoTime() + wait.toNanos();
        for (long left = wait.toNanos(); left > 0; left = until - System.nanoTime()) {
            if (draining.test(partition)) {
                throw new InterruptedException(partition + " is being given back while its sink fails");
            }
            Thread.sleep(min(GLANCE, Duration.ofNanos(left)));
        }
    }

    private void count(List<ConsumedRecord> batch) {
        long size = 0;
        for (ConsumedRecord record : batch) {
            size += (record.key() == null ? 0 : record.key().length)
                    + (record.value() == null ? 0 : record.value().length);
        }
        records.add(batch.size());
        bytes.add(size);
    }

    private static List<ConsumedRecord> again(List<ConsumedRecord> batch) {
        return batch.stream()
                .map(r -> new ConsumedRecord(
                        r.partition(),
                        r.offset(),
                        r.timestamp(),
                        r.timestampType(),
                        r.key(),
                        r.value(),
                        r.headers(),
                        r.deliveryCount() + 1,
                        r.leaderEpoch(),
                        r.assignmentEpoch()))
                .toList();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    long records() {
        return records.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long retries() {
        return retries.sum();
    }

    long rejected() {
        return rejected.sum();
    }
}
