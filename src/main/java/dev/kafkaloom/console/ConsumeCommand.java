package dev.kafkaloom.console;

import java.time.Instant;
import java.util.List;

/** {@code consume}: prints the records of topics, as they are in them or as a member of a group. */
final class ConsumeCommand implements Command {
    private static final Usage USAGE = new Usage(
            List.of(
                    Flag.values(
                            "-t --topic",
                            "TOPIC",
                            "what to read, ^REGEX for all topics that begin so; by default the first of the configured topic.names"),
                    Flag.value("-g --group", "GROUP", "read as a member of this group, and commit"),
                    Flag.value("-p --partition", "PARTITIONS", "only these partitions, as in 0,2-4; not with a group"),
                    Flag.values(
                            "-o --offset",
                            "start|end|OFFSET",
                            "what to read of each partition, or, as PARTITIONS=OFFSET, of some: " + OffsetSpan.GRAMMAR
                                    + ". start by default; with a group only where it begins when it has committed nothing"),
                    Flag.value("-n --count", "N", "end after so many records"),
                    Flag.toggle("-e --exit", "end where the topic ended when this began"),
                    Flag.values(
                            "-G --grep",
                            "EXPRESSION",
                            "show only records that match, all of several: " + RecordFilter.GRAMMAR),
                    Flag.value(
                            "-f --format",
                            "text|json|TEMPLATE",
                            "text: the value alone; json: an object a line; or a template: " + RecordTemplate.GRAMMAR),
                    Flag.value(
                            "--isolation",
                            "read_committed|read_uncommitted",
                            "whether records of open and aborted transactions are left out; isolation.level by default")),
            null,
            0);

    @Override
    public String name() {
        return "consume";
    }

    @Override
    public String summary() {
        return "print the records of topics";
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
    public List<String> examples() {
        return List.of(
                "consume -t orders -o -10 -e            the last ten records of each partition",
                "consume -t orders -p 0 -o 100:200      offsets 100 to 199",
                "consume -t orders -o @-1h:end -f json  the last hour",
                "consume -t orders -G k:^customer-7 -G '!v:test' -f '%p %o %k %v\\n'");
    }

    @Override
    public int run(Session session, List<String> args) throws Exception {
        ConsumeOrder order = ConsumeOrder.of(session.loom(), USAGE.parse(args), Instant.now());
        if (order.group() == null) {
            new TopicReading(session, order).run();
        } else {
            new GroupReading(session, order).run();
        }
        return 0;
    }
}
