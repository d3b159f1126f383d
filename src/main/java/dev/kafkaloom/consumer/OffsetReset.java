package dev.kafkaloom.consumer;

import java.util.Locale;

/** Where to start when there is no committed offset or it is out of range: {@code auto.offset.reset}. */
public enum OffsetReset {
    /** At the oldest record there is. */
    EARLIEST,
    /** After the newest record there is. */
    LATEST,
    /** Nowhere: it is an error. */
    NONE;

    /**
     * Reads a setting's value; kafka-swoole's and Kafka 0.8's words are known too.
     *
     * @throws IllegalArgumentException naming what is allowed
     */
    public static OffsetReset parse(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "earliest", "smallest" -> EARLIEST;
            case "latest", "largest" -> LATEST;
            case "none" -> NONE;
            default ->
                throw new IllegalArgumentException(
                        "'" + text + "' is not one of earliest, latest, none (smallest, largest)");
        };
    }
}
