package dev.kafkaloom.console;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point in time as it is typed: as {@link OffsetTime} reads it, or so long ago, {@code -1h30m}. Immutable.
 *
 * @param millis since 1970
 */
record Moment(long millis) {
    private static final Pattern DURATION = Pattern.compile("(?:\\d{1,9}(?:ms|[dhms]))+");
    private static final Pattern STEP = Pattern.compile("(\\d+)(ms|[dhms])");

    static Moment parse(String text, Instant now) {
        if (text.startsWith("-") && isDuration(text.substring(1))) {
            return new Moment(now.minus(duration(text.substring(1))).toEpochMilli());
        }
        return new Moment(OffsetTime.parse(text));
    }

    /** Whether it is {@code 1h}, {@code 90s} or {@code 1d12h}. */
    static boolean isDuration(String text) {
        return DURATION.matcher(text).matches();
    }

    /** The length of {@code 1d12h}: days, hours, minutes, seconds and milliseconds. */
    static Duration duration(String text) {
        Duration sum = Duration.ZERO;
        Matcher step = STEP.matcher(text);
        while (step.find()) {
            long count = Long.parseLong(step.group(1));
            sum = sum.plus(
                    switch (step.group(2)) {
                        case "d" -> Duration.ofDays(count);
                        case "h" -> Duration.ofHours(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "s" -> Duration.ofSeconds(count);
                        default -> Duration.ofMillis(count);
                    });
        }
        return sum;
    }
}
