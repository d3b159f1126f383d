package dev.kafkaloom.client;

import dev.kafkaloom.client.Retry.Outcome;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.KafkaException;

/**
 * Counts within one call how often a connection was closed instead of the answer to its request: brokers do so with what they do not
 * understand. One that is stopping does it once and then is not there; who does it time after time means it, and each further try would
 * cost those who share the connection theirs.
 */
final class Refusals {
    private static final int MEANT = 4;

    private final String request;
    private int count;

    Refusals(ApiKey api) {
        this.request = api.apiName() + " v";
    }

    <T> Outcome<T> count(KafkaException.ConnectionBroken failure) {
        count = failure.unanswered().startsWith(request) ? count + 1 : 0;
        return count < MEANT
                ? new Outcome.Again<>(failure, null)
                : new Outcome.Over<>(new KafkaException.ConnectionBroken(
                        failure.peer(),
                        "it closed the connection " + count + " times in a row instead of answering "
                                + failure.unanswered()
                                + ", so it refuses the request: its version (set kafka.version to"
                                + " the broker's release), its size or its content; the broker's log says which",
                        failure.unanswered(),
                        failure.getCause()));
    }
}
