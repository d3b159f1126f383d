package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import java.util.List;

/**
 * A {@link Sink} that says later what became of a record, from whatever thread, and record by record: {@code KAFKA_CLIENT_API_MODE} MANUAL.
 * Nothing is committed that was not acknowledged. A record that is never acknowledged holds up its partition, or, with
 * {@code sinker.ordering} {@code key}, its key.
 */
@FunctionalInterface
public interface ManualSink extends Sink {
    /**
     * Begins with records of one partition; it may return before they are done, and acknowledge them then.
     *
     * @param batch at least one record, in offset order; copies, safe to keep
     * @param acks to be told of each of them; those that it was not told of when this throws are handed over again
     */
    void begin(List<ConsumedRecord> batch, Acks acks) throws Exception;

    /** Begins, and waits until every record was acknowledged. */
    @Override
    default Outcome accept(List<ConsumedRecord> batch) throws Exception {
        try (Acks acks = new Acks(batch)) {
            try {
                begin(batch, acks);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                acks.retryRest(e.toString());
            }
            return acks.await();
        }
    }
}
