package dev.kafkaloom.ordeal;

import dev.kafkaloom.sink.Sink;
import dev.kafkaloom.sink.SinkContext;
import dev.kafkaloom.sink.SinkProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Makes {@code sinker: history}; {@code sinker.option.folder} and {@code .process} say where it writes, {@link HistorySink.Behaviour} the rest. */
public final class HistorySinkProvider implements SinkProvider {
    @Override
    public String name() {
        return "history";
    }

    @Override
    public String summary() {
        return "writes down what it gets, for tests";
    }

    @Override
    public Sink open(SinkContext context) throws IOException {
        Map<String, String> options = context.options();
        if (!options.containsKey("folder") || !options.containsKey("process")) {
            throw new IllegalArgumentException("sinker.option.folder and sinker.option.process are needed");
        }
        return new HistorySink(
                Path.of(options.get("folder")), options.get("process"), HistorySink.Behaviour.of(options));
    }
}
