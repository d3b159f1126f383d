package dev.kafkaloom.fake;

import java.time.Duration;

/** What a {@link FakeBroker} does with a request instead of answering it properly. */
sealed interface Fault {
    /** Answers properly. */
    record None() implements Fault {}

    /** Does not answer, and goes on with the next request. */
    record Drop() implements Fault {}

    /** Closes the connection. */
    record HangUp() implements Fault {}

    /** Answers later; what follows on the connection waits, as with a real broker. */
    record Delay(Duration by) implements Fault {}

    /** Sends the first half of the response, then closes the connection. */
    record Truncate() implements Fault {}

    /** Answers with the correlation id of no request. */
    record WrongCorrelationId() implements Fault {}

    /** Announces a response of this length. */
    record Announce(int length) implements Fault {}

    /** Sends these bytes as the body behind a proper header. */
    record Body(byte[] bytes) implements Fault {}
}
