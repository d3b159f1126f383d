package dev.kafkaloom.runtime;

/**
 * What a record looks like in the dead-letter topic: key, value and headers are those it had, byte for byte, and these headers tell where it
 * came from and why it is there. Where brokers know no headers (before 0.11), the key is what it was and the value is a JSON object of the
 * fields named {@code FIELD_...}.
 *
 * <p>Nothing of this is ever taken from a record that was consumed: a record that comes with such headers loses them.
 */
public final class DeadLetters {
    /** What all headers of ours begin with. */
    public static final String PREFIX = "dlq.";

    /** The topic the record was consumed from, UTF-8. */
    public static final String TOPIC = PREFIX + "source.topic";

    /** Its partition there, a decimal number. */
    public static final String PARTITION = PREFIX + "source.partition";

    /** Its offset there, a decimal number. */
    public static final String OFFSET = PREFIX + "source.offset";

    /** Its timestamp there, ms since the epoch, a decimal number; -1 when it had none. */
    public static final String TIMESTAMP = PREFIX + "source.timestamp";

    /** Why the sink did not take it, one line of UTF-8. */
    public static final String ERROR = PREFIX + "error";

    /** How often it was handed to the sink, a decimal number. */
    public static final String ATTEMPTS = PREFIX + "attempts";

    /** The consumer group that gave up on it, UTF-8. */
    public static final String GROUP = PREFIX + "group";

    /** In the envelope: 1. What has no such field is no envelope. */
    public static final String FIELD_VERSION = "kafka-loom-dead-letter";

    /** In the envelope, as {@link #TOPIC}. */
    public static final String FIELD_TOPIC = "topic";

    /** In the envelope, a number. */
    public static final String FIELD_PARTITION = "partition";

    /** In the envelope, a number. */
    public static final String FIELD_OFFSET = "offset";

    /** In the envelope, a number. */
    public static final String FIELD_TIMESTAMP = "timestamp";

    /** In the envelope, text. */
    public static final String FIELD_ERROR = "error";

    /** In the envelope, a number. */
    public static final String FIELD_ATTEMPTS = "attempts";

    /** In the envelope, text. */
    public static final String FIELD_GROUP = "group";

    /** In the envelope: the record's key, base64, or null. */
    public static final String FIELD_KEY = "key";

    /** In the envelope: the record's value, base64, or null. */
    public static final String FIELD_VALUE = "value";

    private DeadLetters() {}
}
