package dev.kafkaloom.ordeal;

import dev.kafkaloom.sink.Sink;
import dev.kafkaloom.sink.SinkContext;
import dev.kafkaloom.sink.SinkOption;
import dev.kafkaloom.sink.SinkProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
    public List<SinkOption> options() {
        return List.of(
                SinkOption.required("folder", "where it writes"),
                SinkOption.required("process", "who writes"),
                SinkOption.of("fail", "share of records that are not taken at first", "0"),
                SinkOption.of("sleep", "share of records that are slept over", "0"),
                SinkOption.of("nap.micros", "how long on average", "0"),
                SinkOption.of("poison", "one record of so many can never be done", "0"),
                SinkOption.of("drop", "a record that is kept silent about", "-1"));
    }

    @Override
    public Sink open(SinkContext context) throws IOException {
        Map<String, String> options = context.options();
        return new HistorySink(
                Path.of(options.get("folder")), options.get("process"), HistorySink.Behaviour.of(options));
    }
}
