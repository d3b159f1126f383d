package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.Sink.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line that the child process wrote: {@code 17 done}, {@code 17 retry}, {@code 17 retry 500 the database is away} (milliseconds, and
 * why), or {@code 17 reject no such customer}.
 *
 * @param seq of the record that it is about
 * @param word done, retry or reject
 * @param after zero where none is given
 * @param why may be empty
 */
record ExecAnswer(long seq, String word, Duration after, String why) {
    private static final Pattern LINE = Pattern.compile(
            "\\s*([0-9]{1,18})\\s+(?:(done)|(retry)(?:\\s+([0-9]{1,9}))?(?:\\s+(.*?))?|(reject)(?:\\s+(.*?))?)\\s*");

    /** Empty when the line is no answer. */
    static Optional<ExecAnswer> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long seq = Long.parseLong(matcher.group(1));
        if (matcher.group(2) != null) {
            return Optional.of(new ExecAnswer(seq, "done", Duration.ZERO, ""));
        }
        if (matcher.group(6) != null) {
            return Optional.of(new ExecAnswer(seq, "reject", Duration.ZERO, orEmpty(matcher.group(7))));
        }
        Duration after = matcher.group(4) == null ? Duration.ZERO : Duration.ofMillis(Long.parseLong(matcher.group(4)));
        return Optional.of(new ExecAnswer(seq, "retry", after, orEmpty(matcher.group(5))));
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** What it says of the record. */
    Outcome of(ConsumedRecord record) {
        return switch (word) {
            case "done" -> Outcome.DONE;
            case "retry" -> new Outcome.Retry(after, why.isEmpty() ? "the child process asks for a retry" : why);
            default -> new Outcome.Reject(List.of(record), why.isEmpty() ? "the child process rejects it" : why);
        };
    }
}
