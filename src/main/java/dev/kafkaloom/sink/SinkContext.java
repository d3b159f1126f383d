package dev.kafkaloom.sink;

import dev.kafkaloom.coroutine.Scope;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a sink is made from.
 *
 * @param options the settings {@code sinker.option.<name>}, without that prefix
 * @param home what relative paths are relative to
 * @param sender sends records to topics
 * @param standardOutput where results go; the console's screen when there is one
 * @param scope owns what the sink runs; closed after the sink
 */
public record SinkContext(
        Map<String, String> options, Path home, RecordSender sender, OutputStream standardOutput, Scope scope) {
    /** Copies the options. */
    public SinkContext {
        options = Map.copyOf(options);
    }

    /** The names of the options only: a value may be a secret. */
    @Override
    public String toString() {
        return "options " + options.keySet().stream().sorted().toList() + " in " + home;
    }
}
