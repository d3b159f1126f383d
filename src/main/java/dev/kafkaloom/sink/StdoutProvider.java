package dev.kafkaloom.sink;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** {@code stdout}. */
final class StdoutProvider implements SinkProvider {
    @Override
    public String name() {
        return "stdout";
    }

    @Override
    public String summary() {
        return "a line for each record on standard output, or on the console's screen";
    }

    @Override
    public Sink open(SinkContext context) {
        return new StdoutSink(new PrintStream(context.standardOutput(), false, StandardCharsets.UTF_8));
    }
}
