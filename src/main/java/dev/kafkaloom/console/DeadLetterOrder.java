package dev.kafkaloom.console;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which dead letters are meant. Immutable.
 *
 * @param topic the dead-letter topic
 * @param group whose letters, and with {@code .redrive} behind it where is kept which were sent again
 * @param partitions of the dead-letter topic; null for all
 * @param offsets of the dead-letter topic
 * @param error found in what the sink said; null for any
 * @param source the topic they come from; null for any
 * @param filter of the record as it was
 * @param count how many at most
 * @param done whether those that were sent again are meant as well
 */
record DeadLetterOrder(
        String topic,
        String group,
        SortedSet<Integer> partitions,
        OffsetSpans offsets,
        Pattern error,
        String source,
        Predicate<ConsumedRecord> filter,
        long count,
        boolean done) {
    static final List<Flag> FLAGS = List.of(
            Flag.value("-t --topic", "TOPIC", "the dead-letter topic; by default dead.letter.topic"),
            Flag.value("-g --group", "GROUP", "whose letters; by default group.id"),
            Flag.value("-p --partition", "PARTITIONS", "only these partitions of the dead-letter topic, as in 0,2-4"),
            Flag.values(
                    "-o --offset",
                    "start|end|OFFSET",
                    "only these offsets of the dead-letter topic, or, as PARTITIONS=OFFSET, of some partitions: "
                            + OffsetSpan.GRAMMAR),
            Flag.value("-e --error", "REGEX", "only those whose error has this in it"),
            Flag.value("-s --source", "TOPIC", "only those that come from this topic"),
            Flag.values(
                    "-G --grep",
                    "EXPRESSION",
                    "only those whose record, as it was, matches, all of several: " + RecordFilter.GRAMMAR),
            Flag.value("-n --count", "N", "at most so many"));

    /** Reads the options; {@link UsageException} says what does not fit. */
    static DeadLetterOrder of(Session session, Arguments arguments, long byDefault, Instant now) {
        String configured = session.loom().config().runtime().sinkers().deadLetterTopic();
        String topic = arguments.value("topic").orElse(configured);
        if (topic.isEmpty()) {
            throw new UsageException("which dead-letter topic? -t TOPIC, or dead.letter.topic in the configuration");
        }
        return new DeadLetterOrder(
                topic,
                OffsetCommands.group(session, arguments),
                arguments
                        .value("partition")
                        .map(text -> PartitionList.parse("-p", text))
                        .orElse(null),
                OffsetSpans.parse(arguments.all("offset"), OffsetSpan.ALL.toTheEnd(), now),
                arguments.value("error").map(DeadLetterOrder::pattern).orElse(null),
                arguments.value("source").orElse(null),
                RecordFilter.parse(arguments.all("grep")),
                arguments.number("count", 1).map(Integer::longValue).orElse(byDefault),
                arguments.has("all"));
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new UsageException("-e '" + text + "' is no regular expression: " + e.getDescription());
        }
    }

    /** The group whose committed offsets say what was sent again. */
    String progressGroup() {
        return group + ".redrive";
    }

    boolean has(TopicPartition partition) {
        return partitions == null || partitions.contains(partition.partition());
    }

    /** Whether another group's sink did not take it: nothing that this group could send again. */
    boolean isOfAnotherGroup(DeadLetter letter) {
        return letter instanceof DeadLetter.Sound sound
                && !sound.group().isEmpty()
                && !sound.group().equals(group);
    }

    /** Whether it is meant, as far as its content goes. */
    boolean matches(DeadLetter letter) {
        return switch (letter) {
            case DeadLetter.Sound sound ->
                (error == null || error.matcher(sound.error()).find())
                        && (source == null
                                || source.equals(sound.source().partition().topic()))
                        && filter.test(sound.source());
            case DeadLetter.Foreign foreign -> error == null && source == null && filter.test(foreign.stored());
        };
    }
}
