package dev.kafkaloom.client;

import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;

/**
 * The one loop that tries again: until it worked, the failure is one that does not pass ({@link KafkaException#recovery()}), or the next
 * try would come behind the deadline. Between tries it waits, longer each time. An interrupt ends it at once. Used by one thread.
 *
 * <p>What has to happen before the next try (load metadata, look for the coordinator) is the attempt's matter: it knows what it asked.
 */
final class Retry {
    /** Brokers learn of a new topic one after the other, hence "unknown" is not believed at once; nor for a minute, it may be a typo. */
    static final Duration UNKNOWN_TOPIC_PATIENCE = Duration.ofSeconds(2);

    private static final int UNKNOWN_TOPIC_TRIES = 4; // so that a slow machine, too, has looked more than once

    /** One try that gives a result or throws. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws InterruptedException;
    }

    /** How a try ended. What it throws counts as {@link Again} with nothing to show. */
    sealed interface Outcome<T> {
        /** It worked. */
        record Done<T>(T result) implements Outcome<T> {}

        /**
         * It did not work, or not for all that was asked.
         *
         * @param otherwise the result when there is no further try; null: {@code why} is thrown
         */
        record Again<T>(KafkaException why, T otherwise) implements Outcome<T> {}

        /** It did not work, and is not to be tried again whatever the failure says of itself. */
        record Over<T>(KafkaException why) implements Outcome<T> {}
    }

    private final Backoff backoff;
    private final Deadline deadline;
    private int failures;
    private int unknownTopics;
    private Deadline unknownTopicPatience;

    private Retry(Backoff backoff, Deadline deadline) {
        this.backoff = backoff;
        this.deadline = deadline;
    }

    /** With the client's back-off. */
    static Retry of(ClientConfig config, Deadline deadline) {
        return new Retry(new Backoff(config.retryBackoff(), config.retryBackoffMax()), deadline);
    }

    /** How many tries have failed so far; 0 within the first. */
    int failures() {
        return failures;
    }

    /**
     * The result of the first attempt that throws nothing.
     *
     * @throws KafkaException the last failure
     */
    <T> T run(Attempt<T> attempt) throws InterruptedException {
        return runUntilDone(() -> new Outcome.Done<>(attempt.run()));
    }

    /** The same for attempts that may bring half of what was wanted. */
    <T> T runUntilDone(Attempt<Outcome<T>> attempt) throws InterruptedException {
        Outcome.Again<T> before = null;
        while (true) {
            switch (outcomeOf(attempt)) {
                case Outcome.Done<T>(T result) -> {
                    return result;
                }
                case Outcome.Over<T>(KafkaException why) -> throw why;
                case Outcome.Again<T> again -> {
                    failures++;
                    if (!isWorthATry(again.why())) {
                        // what went wrong in time tells more than that there was no time left for it to go wrong again
                        return rest(before != null && deadline.passed() ? before : again);
                    }
                    before = again;
                    Thread.sleep(backoff.after(failures));
                }
            }
        }
    }

    private static <T> T rest(Outcome.Again<T> last) {
        if (last.otherwise() == null) {
            throw last.why();
        }
        return last.otherwise();
    }

    private static <T> Outcome<T> outcomeOf(Attempt<Outcome<T>> attempt) throws InterruptedException {
        try {
            return attempt.run();
        } catch (KafkaException e) {
            return new Outcome.Again<>(e, null);
        }
    }

    private boolean isWorthATry(KafkaException why) {
        Deadline end = isUnknownTopic(why) ? unknownTopicEnd() : deadline;
        return passes(why) && end.allows(backoff.longestAfter(failures));
    }

    private Deadline unknownTopicEnd() {
        unknownTopics++;
        if (unknownTopicPatience == null) {
            unknownTopicPatience = deadline.within(UNKNOWN_TOPIC_PATIENCE);
        }
        return unknownTopics < UNKNOWN_TOPIC_TRIES ? deadline : unknownTopicPatience;
    }

    static boolean isUnknownTopic(KafkaException why) {
        return why instanceof KafkaException.BrokerError error
                && (error.code() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION || error.code() == ErrorCode.UNKNOWN_TOPIC_ID);
    }

    /** Whether the same thing may work later, for one who is no member of a group and holds no session. */
    static boolean passes(KafkaException why) {
        return switch (why.recovery()) {
            case RETRY_SAME -> !needsAnotherRequest(why);
            case REFRESH_METADATA, FIND_COORDINATOR -> true;
            case REJOIN_GROUP, GIVE_UP -> false;
        };
    }

    /** A request of a session that is lost is answered the same way for ever: its owner has to begin another session. */
    private static boolean needsAnotherRequest(KafkaException why) {
        return why instanceof KafkaException.BrokerError error
                && switch (error.code()) {
                    case FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH, FETCH_SESSION_TOPIC_ID_ERROR -> true;
                    case SHARE_SESSION_NOT_FOUND, INVALID_SHARE_SESSION_EPOCH -> true;
                    default -> false;
                };
    }
}
