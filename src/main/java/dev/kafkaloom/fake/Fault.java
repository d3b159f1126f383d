package dev.kafkaloom.fake;

import java.time.Duration;

/**
 * What a {@link FakeBroker} does with a request instead of answering it properly, and a {@link FaultProxy} with a response instead of
 * passing it on.
 */
public sealed interface Fault {
    /** Answers properly. */
    record None() implements Fault {}

    /** Does not answer, and goes on with the next request. */
    record Drop() implements Fault {}

    /** Closes the connection without an answer. */
    record HangUp() implements Fault {}

    /** Ends the connection without an answer and with a reset instead of an orderly end. */
    record Reset() implements Fault {}

    /** Answers later; what follows on the connection waits, as with a real broker. */
    record Delay(Duration by) implements Fault {}

    /** Sends the first half of the response, then closes the connection. */
    record Truncate() implements Fault {}

    /** Is silent from here on, on this connection, and leaves it open. */
    record BlackHole() implements Fault {}

    /** Closes the connection when it has sent so many bytes in all. */
    record CutAfter(long bytes) implements Fault {}

    /** Turns over one bit behind the correlation id. */
    record Garble() implements Fault {}

    /** Answers with the correlation id of no request. */
    record WrongCorrelationId() implements Fault {}

    /** Announces a response of this length. */
    record Announce(int length) implements Fault {}

    /** Announces a response of this length and really sends as much: the response, then zeros until the client hangs up. */
    record Oversize(int length) implements Fault {}

    /** Sends the response a few bytes at a time. */
    record Drip(int bytes, Duration pause) implements Fault {
        public Drip {
            if (bytes < 1) {
                throw new IllegalArgumentException("drips of " + bytes + " bytes");
            }
        }
    }

    /** Sends at most so many bytes a second. */
    record Rate(int bytesPerSecond) implements Fault {
        public Rate {
            if (bytesPerSecond < 1) {
                throw new IllegalArgumentException(bytesPerSecond + " bytes a second");
            }
        }
    }

    /** Sends the response twice. */
    record Duplicate() implements Fault {}

    /** Holds the response back until the one to the next request of the connection is sent. */
    record Reorder() implements Fault {}

    /** Says that the client is to stay quiet for so long (KIP-219), where the response has a place for it; not the proxy's. */
    record Throttle(Duration time) implements Fault {}

    /** Sends these bytes as the body behind a proper header. */
    record Body(byte[] bytes) implements Fault {}
}
