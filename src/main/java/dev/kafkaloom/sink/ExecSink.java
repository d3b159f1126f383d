package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands records to a child process. With a window of one the child gets a record of a batch when the one before it is settled, so that
 * nothing overtakes a record that is tried again; batches of several partitions or keys are with it at the same time.
 */
final class ExecSink implements Sink {
    private final ExecChild child;
    private final int window;

    ExecSink(ExecChild child, int window) {
        this.child = child;
        this.window = window;
    }

    @Override
    public Outcome accept(List<ConsumedRecord> batch) throws InterruptedException {
        ArrayDeque<ExecWork> out = new ArrayDeque<>();
        List<Outcome> outcomes = new ArrayList<>(batch.size());
        try {
            int next = 0;
            boolean failed = false;
            while (!out.isEmpty() || (next < batch.size() && !failed)) {
                while (out.size() < window && next < batch.size() && !failed) {
                    out.add(child.submit(batch.get(next)));
                    next++;
                }
                Outcome outcome = child.await(out.element());
                out.remove();
                outcomes.add(outcome);
                failed |= outcome instanceof Outcome.Retry;
            }
        } finally {
            out.forEach(child::forget); // there are some only after an interrupt
        }
        return InOrder.of(outcomes, batch);
    }

    @Override
    public void close() {
        child.close();
    }
}
