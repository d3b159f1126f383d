package dev.kafkaloom.console;

import dev.kafkaloom.admin.LogRange;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.Optional;

/**
 * An offset as it is typed: {@code start}, {@code end}, or a number.
 *
 * @param exact the number; -1 for the two words
 */
record OffsetWord(boolean end, long exact) {
    static final OffsetWord START = new OffsetWord(false, -1);
    static final OffsetWord END = new OffsetWord(true, -1);

    static OffsetWord parse(String text) {
        return switch (text) {
            case "start", "beginning", "earliest" -> START;
            case "end", "latest" -> END;
            case String number when number.matches("\\d{1,18}") -> new OffsetWord(false, Long.parseLong(number));
            default ->
                throw new UsageException("the offset must be start, end, or a number from 0 on, not '" + text + "'");
        };
    }

    /** The offset it means in one partition. */
    long in(LogRange log) {
        if (exact >= 0) {
            return exact;
        }
        return end ? log.end() : log.start();
    }

    /** What is wrong with it there, though it can be committed. */
    Optional<String> warning(TopicPartition partition, LogRange log) {
        if (exact < 0 || log.contains(exact)) {
            return Optional.empty();
        }
        String where = exact < log.start()
                ? " is below the start of the log, " + log.start()
                : " is beyond the end of the log, " + log.end();
        return Optional.of(partition + ": " + exact + where
                + ": a consumer that comes there goes where its auto.offset.reset says");
    }
}
