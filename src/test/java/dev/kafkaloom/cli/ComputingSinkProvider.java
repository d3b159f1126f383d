package dev.kafkaloom.cli;

import dev.kafkaloom.sink.Sink;
import dev.kafkaloom.sink.SinkContext;
import dev.kafkaloom.sink.SinkOption;
import dev.kafkaloom.sink.SinkProvider;
import java.util.List;

/** Makes {@code sinker: computing}: it lets go of its processor for no record. */
public final class ComputingSinkProvider implements SinkProvider {
    @Override
    public String name() {
        return "computing";
    }

    @Override
    public String summary() {
        return "computes for each record, for tests";
    }

    @Override
    public List<SinkOption> options() {
        return List.of(SinkOption.of("micros", "how long for each record", "2000"));
    }

    @Override
    public Sink open(SinkContext context) {
        long nanos = Long.parseLong(context.options().getOrDefault("micros", "2000")) * 1000;
        return batch -> {
            long until = System.nanoTime() + nanos * batch.size();
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            return Sink.Outcome.DONE;
        };
    }
}
