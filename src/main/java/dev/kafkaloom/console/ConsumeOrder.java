package dev.kafkaloom.console;

import dev.kafkaloom.consumer.IsolationLevel;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.record.ConsumedRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * What {@code consume} was asked for. Immutable.
 *
 * @param topics by name
 * @param expressions further topics, as they were asked for
 * @param pattern the same in one, for a whole name; null for none
 * @param group null for none
 * @param partitions of each topic; null for all
 * @param offsets what to read of each partition; with a group only whether it ends
 * @param reset with a group: where to begin when it has committed nothing
 * @param count how many records to show at most
 * @param toTheEnd whether to end where the topics ended at the beginning
 * @param filter which records are shown
 */
record ConsumeOrder(
        List<String> topics,
        List<String> expressions,
        Pattern pattern,
        String group,
        SortedSet<Integer> partitions,
        OffsetSpans offsets,
        OffsetReset reset,
        long count,
        boolean toTheEnd,
        IsolationLevel isolation,
        Predicate<ConsumedRecord> filter,
        Function<RecordTemplate.Line, Answer> format) {

    /** Reads the options; {@link UsageException} says what does not fit. */
    static ConsumeOrder of(Loom loom, Arguments arguments, Instant now) {
        List<String> named = arguments.all("topic").isEmpty() ? configured(loom) : arguments.all("topic");
        String group = arguments.value("group").orElse(null);
        if (group != null && arguments.has("partition")) {
            throw new UsageException("-p and -g exclude each other: the group says which partitions a member reads");
        }
        OffsetSpans offsets = OffsetSpans.parse(arguments.all("offset"), OffsetSpan.ALL, now);
        boolean toTheEnd = arguments.has("exit");
        OffsetReset reset = OffsetReset.EARLIEST;
        if (group != null) {
            reset = reset(offsets, now);
            toTheEnd |= offsets.all().to() != null;
        }
        List<String> expressions =
                named.stream().filter(name -> name.startsWith("^")).distinct().toList();
        return new ConsumeOrder(
                named.stream().filter(name -> !name.startsWith("^")).distinct().toList(),
                expressions,
                pattern(expressions),
                group,
                arguments
                        .value("partition")
                        .map(text -> PartitionList.parse("-p", text))
                        .orElse(null),
                offsets,
                reset,
                arguments.number("count", 1).map(Integer::longValue).orElse(Long.MAX_VALUE),
                toTheEnd,
                isolation(loom, arguments),
                RecordFilter.parse(arguments.all("grep")),
                format(arguments.value("format").orElse("text")));
    }

    private static List<String> configured(Loom loom) {
        return List.of(loom.consumerConfig().topics().stream()
                .findFirst()
                .orElseThrow(
                        () -> new UsageException("consume needs a topic: -t, or topic.names in the configuration")));
    }

    /** All patterns in one. As everywhere with {@code ^regex}, it need not reach to the end of the name. */
    private static Pattern pattern(List<String> expressions) {
        if (expressions.isEmpty()) {
            return null;
        }
        try {
            return Pattern.compile(
                    expressions.stream().map(each -> "(?:" + each + ").*").collect(Collectors.joining("|")));
        } catch (PatternSyntaxException e) {
            throw new UsageException(
                    "-t " + String.join(" -t ", expressions) + " is no regular expression: " + e.getDescription());
        }
    }

    /** A group goes on where it has committed: an offset only says where it begins when it has not. */
    private static OffsetReset reset(OffsetSpans offsets, Instant now) {
        boolean ends = offsets.all().to() == null || offsets.all().to().equals(new OffsetSpan.End(0));
        if (offsets.others().isEmpty() && ends) {
            switch (offsets.all().from()) {
                case OffsetSpan.Start(long after)
                when after == 0 -> {
                    return OffsetReset.EARLIEST;
                }
                case OffsetSpan.End(long before)
                when before == 0 -> {
                    return OffsetReset.LATEST;
                }
                case OffsetSpan.Time(long millis)
                when millis <= now.toEpochMilli() -> {
                    return OffsetReset.byDuration(Duration.ofMillis(now.toEpochMilli() - millis));
                }
                default -> {}
            }
        }
        throw new UsageException(
                "with -g a group goes on where it has committed, and -o says where it begins when it has not:"
                        + " start, end, @TIME, each perhaps with :end; kafka.offset_commit moves a group");
    }

    private static IsolationLevel isolation(Loom loom, Arguments arguments) {
        return arguments
                .value("isolation")
                .map(text -> switch (text.toLowerCase(Locale.ROOT).replace('-', '_')) {
                    case "read_committed" -> IsolationLevel.READ_COMMITTED;
                    case "read_uncommitted" -> IsolationLevel.READ_UNCOMMITTED;
                    default ->
                        throw new UsageException(
                                "--isolation must be read_committed or read_uncommitted, not '" + text + "'");
                })
                .orElse(loom.consumerConfig().isolation());
    }

    private static Function<RecordTemplate.Line, Answer> format(String text) {
        return switch (text) {
            case "text" -> line -> RecordText.value(line.record());
            case "json" -> line -> RecordText.json(line.record());
            case String template
            when template.indexOf('%') >= 0 || template.indexOf('\\') >= 0 -> RecordTemplate.parse(template)::format;
            default ->
                throw new UsageException("-f must be text, json or a template such as '%p %o %k %v\\n', not '" + text
                        + "'; allowed in one: " + RecordTemplate.GRAMMAR);
        };
    }

    /** What is read, in words. */
    String subject() {
        return pattern == null ? String.join(", ", topics) : "topics " + pattern;
    }
}
