package dev.kafkaloom.console;

import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.record.ConsumedRecord;
import java.util.List;
import java.util.function.Function;

/** {@code consume}: prints the records of a topic, as they are in it or as a member of a group. */
final class ConsumeCommand implements Command {
    private static final Usage USAGE = new Usage(
            List.of(
                    Flag.value(
                            "-t --topic", "TOPIC", "what to read; by default the first of the configured topic.names"),
                    Flag.value("-g --group", "GROUP", "read as a member of this group, and commit"),
                    Flag.value("-p --partition", "N", "only this partition; not with a group"),
                    Flag.value(
                            "-o --offset",
                            "beginning|end",
                            "where to begin; with a group: where it has committed nothing. beginning by default"),
                    Flag.value("-n --count", "N", "end after so many records"),
                    Flag.toggle("-e --exit", "end where the topic ended when this began"),
                    Flag.value("-f --format", "text|json", "text: the value alone; json: an object a line")),
            null,
            0);

    /**
     * What was asked for.
     *
     * @param partition null for all
     * @param count     how many records at most
     */
    record Order(
            String topic,
            String group,
            Integer partition,
            OffsetReset from,
            long count,
            boolean toTheEnd,
            Function<ConsumedRecord, Answer> format) {}

    @Override
    public String name() {
        return "consume";
    }

    @Override
    public String summary() {
        return "print the records of a topic";
    }

    @Override
    public boolean watchable() {
        return false;
    }

    @Override
    public Usage usage() {
        return USAGE;
    }

    @Override
    public int run(Session session, List<String> args) throws Exception {
        Order order = order(session.loom(), USAGE.parse(args));
        if (order.group() == null) {
            new TopicReading(session, order).run();
        } else {
            new GroupReading(session, order).run();
        }
        return 0;
    }

    static Order order(Loom loom, Arguments arguments) {
        String topic = arguments
                .value("topic")
                .orElseGet(() -> loom.consumerConfig().topics().stream()
                        .findFirst()
                        .orElseThrow(() ->
                                new UsageException("consume needs a topic: -t, or topic.names in the configuration")));
        String group = arguments.value("group").orElse(null);
        Integer partition = arguments.number("partition", 0).orElse(null);
        if (group != null && partition != null) {
            throw new UsageException("-p and -g exclude each other: the group says which partitions a member reads");
        }
        OffsetReset from = switch (arguments.value("offset").orElse("beginning")) {
            case "beginning", "earliest", "smallest" -> OffsetReset.EARLIEST;
            case "end", "latest", "largest" -> OffsetReset.LATEST;
            case String other -> throw new UsageException("-o must be beginning or end, not '" + other + "'");
        };
        Function<ConsumedRecord, Answer> format =
                switch (arguments.value("format").orElse("text")) {
                    case "text" -> RecordText::value;
                    case "json" -> RecordText::json;
                    case String other -> throw new UsageException("-f must be text or json, not '" + other + "'");
                };
        long count = arguments.number("count", 1).map(Integer::longValue).orElse(Long.MAX_VALUE);
        return new Order(topic, group, partition, from, count, arguments.has("exit"), format);
    }
}
