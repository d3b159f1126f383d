package dev.kafkaloom.consumer;

import java.util.Locale;

/** What happens at a record batch that is damaged: {@code on.corrupt}. */
public enum OnCorrupt {
    /** The partition stops and its member reports why; nothing is lost. */
    STOP,
    /** The batch is left out, counted and logged. */
    SKIP;

    /**
     * Reads a setting's value.
     *
     * @throws IllegalArgumentException naming what is allowed
     */
    public static OnCorrupt parse(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "stop" -> STOP;
            case "skip" -> SKIP;
            default -> throw new IllegalArgumentException("'" + text + "' is not one of stop, skip");
        };
    }
}
