package dev.kafkaloom.consumer;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Where to start when there is no committed offset or it is out of range: {@code auto.offset.reset}. */
public sealed interface OffsetReset {
    /** At the oldest record there is. */
    OffsetReset EARLIEST = Named.EARLIEST;
    /** After the newest record there is. */
    OffsetReset LATEST = Named.LATEST;
    /** Nowhere: it is an error. */
    OffsetReset NONE = Named.NONE;

    /** Those that are only a word; use the constants. */
    enum Named implements OffsetReset {
        EARLIEST,
        LATEST,
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** At the oldest record that is not older than this (KIP-1106); at the end when all are older. Brokers before 0.10.1 cannot tell. */
    record ByDuration(Duration back) implements OffsetReset {
        /** The word before the duration. */
        static final String PREFIX = "by_duration:";

        /** Checks. */
        public ByDuration {
            if (back.isNegative()) {
                throw new IllegalArgumentException(PREFIX + back + " lies in the future; it must not be negative");
            }
        }

        @Override
        public String toString() {
            return PREFIX + back;
        }
    }

    /** At the oldest record that is not older than this. */
    static OffsetReset byDuration(Duration back) {
        return new ByDuration(back);
    }

    /**
     * Reads a setting's value; kafka-swoole's and Kafka 0.8's words are known too.
     *
     * @throws IllegalArgumentException naming what is allowed
     */
    static OffsetReset parse(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (word.startsWith(ByDuration.PREFIX)) {
            return byDuration(duration(word.substring(ByDuration.PREFIX.length()), text));
        }
        return switch (word) {
            case "earliest", "smallest" -> EARLIEST;
            case "latest", "largest" -> LATEST;
            case "none" -> NONE;
            default ->
                throw new IllegalArgumentException(
                        "'" + text + "' is not one of earliest, latest, none (smallest, largest), by_duration:PT1H");
        };
    }

    private static Duration duration(String iso, String text) {
        try {
            return Duration.parse(iso);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' has no duration as in by_duration:PT1H30M or by_duration:P7D", e);
        }
    }
}
