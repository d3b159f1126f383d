package dev.kafkaloom.runtime;

/**
 * What a record looks like in the dead-letter topic: key, value and headers are those it had, byte for byte, and the headers named here tell
 * where it came from and why it is there. Where brokers know no headers (before 0.11), the key is what it was, and the value is a flat JSON
 * object with fields of the same names (numbers as JSON numbers), and {@link #KEY}, {@link #VALUE} and {@link #HEADERS}.
 *
 * <p>Nothing of this is ever taken from a record that was consumed: headers of such names that it brings along are replaced.
 */
public final class DeadLetters {
    /** What all names begin with. */
    public static final String PREFIX = "dlq.";

    /** The topic the record was consumed from, UTF-8. */
    public static final String SOURCE_TOPIC = PREFIX + "source.topic";

    /** Its partition there, a decimal number. */
    public static final String SOURCE_PARTITION = PREFIX + "source.partition";

    /** Its offset there, a decimal number. */
    public static final String SOURCE_OFFSET = PREFIX + "source.offset";

    /** Its timestamp there, ms since the epoch, a decimal number; -1 when it had none. */
    public static final String SOURCE_TIMESTAMP = PREFIX + "source.timestamp";

    /** Why the sink did not take it, one line of UTF-8. */
    public static final String ERROR = PREFIX + "error";

    /** How often it was handed to the sink, a decimal number. */
    public static final String ATTEMPTS = PREFIX + "attempts";

    /** The consumer group that gave up on it, UTF-8. */
    public static final String GROUP = PREFIX + "group";

    /** In the JSON object only: the record's key, base64, or null. */
    public static final String KEY = "key";

    /** In the JSON object only: the record's value, base64, or null. */
    public static final String VALUE = "value";

    /** In the JSON object only: the record's headers, a list of objects of {@link #KEY}, text, and {@link #VALUE}. */
    public static final String HEADERS = "headers";

    private DeadLetters() {}
}
