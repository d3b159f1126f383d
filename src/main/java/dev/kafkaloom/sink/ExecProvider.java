package dev.kafkaloom.sink;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** {@code exec}. */
final class ExecProvider implements SinkProvider {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final List<SinkOption> OPTIONS = List.of(
            SinkOption.required(
                    "command", "the program and its arguments; quotes keep blanks together, no shell is involved"),
            SinkOption.of("window", "records of a batch that it has at a time; more than 1 may overtake a retry", "1"),
            SinkOption.of("timeout.ms", "it is killed and started again when it answers nothing for so long", "60000"),
            SinkOption.of("close.timeout.ms", "for it to end once its input has ended", "5000"));

    @Override
    public String name() {
        return "exec";
    }

    @Override
    public String summary() {
        return "one long-lived child process: a line of JSON in for each record, a line out that says it is done";
    }

    @Override
    public List<SinkOption> options() {
        return OPTIONS;
    }

    @Override
    public Sink open(SinkContext context) {
        Options options = new Options(context, OPTIONS);
        ExecChild.Order order = new ExecChild.Order(
                options.words("command"),
                context.home(),
                options.millis("timeout.ms", 1),
                options.millis("close.timeout.ms", 0),
                PATIENCE);
        int window = options.number("window", 1, 100_000);
        try {
            return new ExecSink(ExecChild.start(order, context.scope()), window);
        } catch (IOException e) {
            throw options.wrong("command", "cannot be started: " + e.getMessage());
        }
    }
}
