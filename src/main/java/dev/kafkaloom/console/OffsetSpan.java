package dev.kafkaloom.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From where to where a partition is read, as it is typed: {@code start}, {@code -10}, {@code 100:200}, {@code @-1h:end}. Immutable.
 *
 * @param to where it ends, exclusively; null for never
 */
record OffsetSpan(Point from, Point to) {
    /** What may be typed, for the help and for whoever got it wrong. */
    static final String GRAMMAR =
            "start, end, N, +N (N after the start), -N (the last N), N:M (up to but not M), FROM:end, :end,"
                    + " @TIME, @T1:T2, @T1:end; a time is 2026-11-01T00:00, milliseconds, or -1h (d, h, m, s, ms) ago, T2 also 1h after T1";

    /** Everything there is and will be. */
    static final OffsetSpan ALL = new OffsetSpan(new Start(0), null);

    private static final Pattern NUMBER = Pattern.compile("([+-]?)(\\d{1,18})");

    /** One end of it. */
    sealed interface Point {}

    /** So many offsets behind the start of the log, and not behind its end. */
    record Start(long after) implements Point {}

    /** So many offsets before the end of the log, and not before its start. */
    record End(long before) implements Point {}

    /** An offset. */
    record Exact(long offset) implements Point {}

    /** So many offsets behind where the span begins. */
    record Length(long count) implements Point {}

    /** The first record that is not older. */
    record Time(long millis) implements Point {}

    /** Reads it; {@link UsageException} with the grammar. */
    static OffsetSpan parse(String text, Instant now) {
        Optional<OffsetSpan> span = text.startsWith("@") ? times(text.substring(1), now) : offsets(text);
        return span.orElseThrow(() -> new UsageException("-o cannot be '" + text + "'; allowed: " + GRAMMAR));
    }

    private static Optional<OffsetSpan> offsets(String text) {
        int colon = text.indexOf(':');
        String first = colon < 0 ? text : text.substring(0, colon);
        Optional<Point> from = colon == 0 ? Optional.of(new Start(0)) : from(first);
        if (colon < 0) {
            return from.map(point -> new OffsetSpan(point, null));
        }
        Optional<Point> to = to(text.substring(colon + 1));
        return from.flatMap(begin -> to.map(end -> new OffsetSpan(begin, end)))
                .filter(span ->
                        !(span.from instanceof Exact(long begin) && span.to instanceof Exact(long end) && end < begin));
    }

    private static Optional<Point> from(String text) {
        return switch (text) {
            case "start", "beginning", "earliest", "smallest" -> Optional.of(new Start(0));
            case "end", "latest", "largest" -> Optional.of(new End(0));
            default -> number(text, Start::new);
        };
    }

    private static Optional<Point> to(String text) {
        return text.equals("end") ? Optional.of(new End(0)) : number(text, Length::new);
    }

    private static Optional<Point> number(String text, java.util.function.LongFunction<Point> plus) {
        Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            return Optional.empty();
        }
        long value = Long.parseLong(number.group(2));
        return Optional.of(
                switch (number.group(1)) {
                    case "+" -> plus.apply(value);
                    case "-" -> new End(value);
                    default -> new Exact(value);
                });
    }

    /** A time may have colons of its own: the longest beginning that is one, with an end that is one, wins. */
    private static Optional<OffsetSpan> times(String text, Instant now) {
        Optional<Time> whole = time(text, now);
        if (whole.isPresent()) {
            return whole.map(from -> new OffsetSpan(from, null));
        }
        for (int colon = text.lastIndexOf(':'); colon > 0; colon = text.lastIndexOf(':', colon - 1)) {
            Optional<Time> from = time(text.substring(0, colon), now);
            if (from.isPresent()) {
                String end = text.substring(colon + 1);
                return timeEnd(end, from.get(), now).map(to -> new OffsetSpan(from.get(), to));
            }
        }
        return Optional.empty();
    }

    private static Optional<Point> timeEnd(String text, Time from, Instant now) {
        if (text.equals("end")) {
            return Optional.of(new End(0));
        }
        String unsigned = text.startsWith("+") ? text.substring(1) : text;
        if (Moment.isDuration(unsigned)) {
            Duration length = Moment.duration(unsigned);
            return Optional.of(new Time(from.millis + length.toMillis()));
        }
        return time(text, now).filter(to -> to.millis >= from.millis).map(to -> to);
    }

    private static Optional<Time> time(String text, Instant now) {
        try {
            return Optional.of(new Time(Moment.parse(text, now).millis()));
        } catch (UsageException _) {
            return Optional.empty();
        }
    }

    /** The same with an end as the log has it now, if it has none. */
    OffsetSpan toTheEnd() {
        return to == null ? new OffsetSpan(from, new End(0)) : this;
    }
}
