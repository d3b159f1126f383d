package dev.kafkaloom.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * Which sink gets the records, and what happens when it does not take them. Immutable.
 *
 * @param sink the setting "sinker": the name of a sink
 * @param script {@code sinker.script}: a .jsh file that is the sink instead; null without
 * @param options {@code sinker.option.<name>}: settings of that sink
 * @param home what relative paths are relative to
 * @param sinkers {@code KAFKA_SINKER_PROCESS_NUM}: how many take records from a storage
 * @param batch {@code KAFKA_MAX_FETCH_MESSAGE_NUM}: most records that one takes at once
 * @param maxAttempts {@code sinker.max.attempts}: tries of a record before it goes to the dead-letter topic; 0: for ever
 * @param retryBackoff {@code sink.retry.backoff.ms}: the first wait before a record is tried again; doubled each time
 * @param retryBackoffMax {@code sink.retry.backoff.max.ms}: the longest
 * @param recordsPerSecond {@code sinker.rate.limit}: of all sinkers of this process; 0: no limit; may be changed live
 * @param deadLetterTopic {@code dead.letter.topic}: empty: none, and what is rejected stops its partition
 */
public record SinkerConfig(
        String sink,
        Path script,
        Map<String, String> options,
        Path home,
        int sinkers,
        int batch,
        int maxAttempts,
        Duration retryBackoff,
        Duration retryBackoffMax,
        long recordsPerSecond,
        String deadLetterTopic) {
    /** What the sink is called in answers: the file of its script, or its name. */
    public String sinkName() {
        return script == null ? sink : script.getFileName().toString();
    }

    /** Standard output, tried for ever after 100 ms to 10 s. */
    public static final SinkerConfig DEFAULT = new SinkerConfig(
            "stdout",
            null,
            Map.of(),
            Path.of("").toAbsolutePath(),
            1,
            500,
            0,
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            0,
            "");

    /** Checks; an {@link IllegalArgumentException} names the setting. */
    public SinkerConfig {
        Objects.requireNonNull(sink, "sinker");
        Objects.requireNonNull(deadLetterTopic, "dead.letter.topic");
        options = Map.copyOf(options);
        if (sinkers < 1 || batch < 1) {
            throw new IllegalArgumentException("KAFKA_SINKER_PROCESS_NUM: " + sinkers
                    + ", KAFKA_MAX_FETCH_MESSAGE_NUM: " + batch + ": both must be positive");
        }
        if (maxAttempts < 0 || recordsPerSecond < 0) {
            throw new IllegalArgumentException("sinker.max.attempts: " + maxAttempts + ", sinker.rate.limit: "
                    + recordsPerSecond + ": neither may be negative");
        }
        if (maxAttempts > 0 && deadLetterTopic.isEmpty()) {
            throw new IllegalArgumentException("sinker.max.attempts: " + maxAttempts
                    + " needs a dead.letter.topic, where a record goes after so many tries");
        }
        if (!retryBackoff.isPositive() || retryBackoffMax.compareTo(retryBackoff) < 0) {
            throw new IllegalArgumentException("sink retry back-off from " + retryBackoff + " to " + retryBackoffMax);
        }
    }

    /** The same with other waits between two tries. */
    public SinkerConfig withBackoff(Duration first, Duration longest) {
        return new SinkerConfig(
                sink,
                script,
                options,
                home,
                sinkers,
                batch,
                maxAttempts,
                first,
                longest,
                recordsPerSecond,
                deadLetterTopic);
    }

    /** The same with a dead-letter topic, to which a record goes after so many tries. */
    public SinkerConfig withDeadLetters(String topic, int attempts) {
        return new SinkerConfig(
                sink,
                script,
                options,
                home,
                sinkers,
                batch,
                attempts,
                retryBackoff,
                retryBackoffMax,
                recordsPerSecond,
                topic);
    }
}
