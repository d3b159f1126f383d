package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.RecordHandler;
import dev.kafkaloom.consumer.RetryLater;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * DIRECTLY: the thread that handles records, a partition's own or that of a lane, hands them to the sink. What is not done is handed over
 * again: on a partition's own thread after a wait, in which it watches whether the partition is being given back; from a lane after the
 * lane was free for others. What is not done when the partition is given back, the next owner gets.
 */
final class DirectFeeder implements RecordHandler {
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final SinkCalls calls;
    private final boolean inLanes;
    private final Predicate<TopicPartition> draining;

    /** {@code inLanes}: records come one by one, and may be put off. */
    DirectFeeder(SinkCalls calls, boolean inLanes, Predicate<TopicPartition> draining) {
        this.calls = calls;
        this.inLanes = inLanes;
        this.draining = draining;
    }

    @Override
    public void handle(TopicPartition partition, List<ConsumedRecord> batch) throws Exception {
        SinkCalls.Left left = attempt(partition, batch);
        while (!left.isEmpty()) {
            if (inLanes) {
                boolean counts = left.records().getFirst().deliveryCount()
                        > batch.getFirst().deliveryCount();
                throw new RetryLater(left.after(), left.why(), counts);
            }
            pause(partition, left.after());
            left = attempt(partition, left.records());
        }
    }

    private SinkCalls.Left attempt(TopicPartition partition, List<ConsumedRecord> records)
            throws InterruptedException, SinkRejected {
        return calls.attempt(records, () -> draining.test(partition), _ -> {});
    }

    private void pause(TopicPartition partition, Duration wait) throws InterruptedException {
        long until = System.nanoTime() + wait.toNanos();
        for (long left = wait.toNanos(); left > 0; left = until - System.nanoTime()) {
            if (draining.test(partition)) {
                throw new InterruptedException(partition + " is being given back while its sink fails");
            }
            Thread.sleep(Duration.ofNanos(Math.min(GLANCE.toNanos(), left)));
        }
    }
}
