package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import java.util.List;

/** A {@link Sink} that says of each record what became of it. Only those that are not done are handed over again. */
public interface BatchSink extends Sink {
    /**
     * Handles records of one partition.
     *
     * @return an outcome for each record, in the order of the batch
     */
    List<Outcome> acceptEach(List<ConsumedRecord> batch) throws Exception;

    @Override
    default Outcome accept(List<ConsumedRecord> batch) throws Exception {
        return new Outcome.Each(acceptEach(batch));
    }
}
