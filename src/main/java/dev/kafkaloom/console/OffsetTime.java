package dev.kafkaloom.console;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** A time as it is typed: milliseconds since 1970, or ISO 8601, in UTC where it names no zone. */
final class OffsetTime {
    private static final long SURELY_MILLIS = 100_000_000_000L; // 1973: a smaller number was meant as seconds

    private OffsetTime() {}

    static long parse(String text) {
        if (text.matches("\\d{1,18}")) {
            return Long.parseLong(text);
        }
        Instant time = instant(text);
        if (time == null || time.toEpochMilli() < 0) {
            throw new UsageException("the time must be milliseconds since 1970, or like 2026-11-22T19:15:33Z,"
                    + " 2026-11-22T19:15 or 2026-11-22 (UTC), not '" + text + "'");
        }
        return time.toEpochMilli();
    }

    private static Instant instant(String text) {
        try {
            if (text.indexOf('T') < 0) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            boolean zoned = text.matches(".*T.*(Z|[+-]\\d\\d(:?\\d\\d)?)");
            return zoned
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException _) {
            return null;
        }
    }

    /** What a person should know about a number that was taken for milliseconds; null when it looks right. */
    static String doubt(long millis) {
        return millis < SURELY_MILLIS
                ? millis + " ms is " + Instant.ofEpochMilli(millis) + ": times are milliseconds, not seconds"
                : null;
    }
}
