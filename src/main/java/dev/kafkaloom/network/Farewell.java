package dev.kafkaloom.network;

import dev.kafkaloom.protocol.KafkaException;
import java.io.EOFException;
import java.io.IOException;

/** Puts what ended a connection into words: brokers close "without a word" on all kinds of mistakes (version, size, TLS). */
final class Farewell {
    private static final int TLS_ALERT = 0x15;
    private static final int HTTP = 0x48545450; // "HTTP" read as a length

    private final String peer;

    Farewell(String peer) {
        this.peer = peer;
    }

    /** The peer closed; {@code oldest} is the request that had waited longest, null when none. */
    KafkaException closedByPeer(Slot<?> oldest, boolean handshakeDone) {
        if (!handshakeDone) {
            String first = oldest == null ? "the first request" : "the first request (" + oldest.describe() + ")";
            return broken(
                    "the connection was closed right after " + first
                            + ", without an answer: is it a TLS or SASL port (this client"
                            + " speaks plain text), a tunnel or proxy with nothing behind it, or no Kafka broker? If the"
                            + " broker is an old one, set kafka.version to its release",
                    null);
        }
        if (oldest == null) {
            return broken("the broker closed the idle connection", null);
        }
        return unanswered(
                oldest,
                "the broker closed the connection instead of answering " + oldest.describe()
                        + ": it is stopping, or it refuses the request's version (if so, set kafka.version to the"
                        + " broker's release) or its size",
                null);
    }

    /** Reading or writing failed; {@code oldest} as above. */
    KafkaException failed(IOException e, Slot<?> oldest, boolean handshakeDone) {
        return switch (e) {
            case FrameReader.BadLength bad -> broken(badLength(bad, handshakeDone), null);
            case EOFException _ -> broken("the connection was " + e.getMessage(), e);
            case IOException _
            when !handshakeDone ->
                broken("the connection failed during the handshake (a TLS port spoken to in plain text?)", e);
            case IOException _ when oldest == null -> broken("the connection failed", e);
            // a broker that does not read a request to its end resets the connection
            default -> unanswered(oldest, "the connection failed while " + oldest.describe() + " was under way", e);
        };
    }

    private KafkaException unanswered(Slot<?> request, String what, IOException cause) {
        return new KafkaException.ConnectionBroken(peer, what, request.describe(), cause);
    }

    private static String badLength(FrameReader.BadLength bad, boolean handshakeDone) {
        if (!handshakeDone && bad.length() >>> 24 == TLS_ALERT) {
            return "the port speaks TLS, this client was told plain text";
        }
        if (!handshakeDone && bad.length() == HTTP) {
            return "an HTTP server answered, not a Kafka broker";
        }
        return (handshakeDone ? "the broker announced " : "not a Kafka broker? It announced ") + bad.getMessage();
    }

    KafkaException broken(String what, Throwable cause) {
        return new KafkaException.ConnectionBroken(peer, what, cause);
    }
}
