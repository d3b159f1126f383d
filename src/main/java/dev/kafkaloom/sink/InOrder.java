package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.Sink.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Handles a batch record by record, up to the first that has to be tried again: what follows must not overtake it. */
final class InOrder {
    private InOrder() {}

    /** What handles one record. */
    @FunctionalInterface
    interface One {
        Outcome accept(ConsumedRecord record) throws InterruptedException;
    }

    static Outcome each(List<ConsumedRecord> batch, One one) throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        for (ConsumedRecord record : batch) {
            Outcome outcome = one.accept(record);
            outcomes.add(outcome);
            if (outcome instanceof Outcome.Retry) {
                break;
            }
        }
        return of(outcomes, batch);
    }

    /** The outcome of a batch of which only the first ones have been tried. */
    static Outcome of(List<Outcome> first, List<ConsumedRecord> batch) {
        if (first.size() == batch.size() && first.stream().allMatch(Outcome.Done.class::isInstance)) {
            return Outcome.DONE;
        }
        if (batch.size() == 1) {
            return first.getFirst();
        }
        List<Outcome> outcomes = new ArrayList<>(first);
        int failed = 0;
        while (failed < first.size() - 1 && !(first.get(failed) instanceof Outcome.Retry)) {
            failed++;
        }
        while (outcomes.size() < batch.size()) {
            outcomes.add(Outcome.Retry.untried("offset " + batch.get(failed).offset() + " before it is not done"));
        }
        return new Outcome.Each(outcomes);
    }
}
