package dev.kafkaloom.sink;

import java.util.List;

/** {@code forward}. */
final class ForwardProvider implements SinkProvider {
    private static final List<SinkOption> OPTIONS = List.of(
            SinkOption.required("topic", "where the records go; it must exist"),
            SinkOption.of("partition", "key: by the key, as producers do it; same: the one it came from", "key"),
            SinkOption.of("timestamp", "keep: that of the record; now: when it is forwarded", "keep"));

    @Override
    public String name() {
        return "forward";
    }

    @Override
    public String summary() {
        return "sends each record on to a topic, with its key, headers and timestamp; at least once";
    }

    @Override
    public List<SinkOption> options() {
        return OPTIONS;
    }

    @Override
    public Sink open(SinkContext context) throws InterruptedException {
        Options options = new Options(context, OPTIONS);
        String topic = options.text("topic");
        boolean same = options.word("partition", "key", "same").equals("same");
        boolean keep = options.word("timestamp", "keep", "now").equals("keep");
        if (!context.sender().exists(topic)) {
            throw options.wrong("topic", "does not exist; make it first");
        }
        return new ForwardSink(context.sender(), topic, same, keep);
    }
}
