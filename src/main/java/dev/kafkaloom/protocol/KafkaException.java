package dev.kafkaloom.protocol;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that can go wrong with a broker or on the way to it, as a closed set. {@link #recovery()} says what a caller may do about it,
 * {@link #oneLine()} is what a person is shown.
 */
public abstract sealed class KafkaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What has to happen before the same thing may be tried again. */
    public enum Recovery {
        /** Wait for the back-off, then send the same request to the same broker. */
        RETRY_SAME,
        /** Load the metadata again, because leaders or brokers have changed, then send. */
        REFRESH_METADATA,
        /** Look for the coordinator again, then send. */
        FIND_COORDINATOR,
        /** The membership is gone: the member has to join its group again. */
        REJOIN_GROUP,
        /** Trying again cannot help. */
        GIVE_UP
    }

    private KafkaException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What a caller has to do before it tries again. */
    public final Recovery recovery() {
        return switch (this) {
            case ConnectionBroken _, RequestTimedOut _ -> Recovery.REFRESH_METADATA;
            case BrokerError error -> error.code().recovery();
            case MalformedMessage _, UnsupportedVersion _, InvalidRequest _, Closed _ -> Recovery.GIVE_UP;
        };
    }

    /**
     * The same error one level further out: where it is about a field, {@code outer} is put in front of the field's path. Any other error
     * is answered as it is.
     */
    public KafkaException within(String outer) {
        return this;
    }

    private static String path(String outer, String inner) {
        return joined(inner.startsWith("[") ? "" : ".", outer, inner);
    }

    private static String joined(String between, String... parts) {
        return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining(between));
    }

    private static <E extends KafkaException> E tracedAs(KafkaException original, E copy) {
        copy.setStackTrace(original.getStackTrace());
        return copy;
    }

    /** The whole story in one line without a stack trace: the message, and the cause's where it adds something. */
    public final String oneLine() {
        Throwable cause = getCause();
        String line = getMessage();
        if (cause != null) {
            String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            if (!line.contains(why)) {
                line = line + " (" + why + ")";
            }
        }
        return line.replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    /** The socket failed, was refused, or was closed by the broker. Everything in flight on it fails with the same instance's facts. */
    public static final class ConnectionBroken extends KafkaException {
        private static final long serialVersionUID = 1L;
        private final String peer;
        private final String what;
        private final String unanswered;

        /** {@code peer} is host and port, {@code what} is what happened; the cause may be null. */
        public ConnectionBroken(String peer, String what, Throwable cause) {
            this(peer, what, "", cause);
        }

        /** {@code unanswered} is the request that the broker was at, {@code "Fetch v12"}. */
        public ConnectionBroken(String peer, String what, String unanswered, Throwable cause) {
            super(peer + ": " + what, cause);
            this.peer = peer;
            this.what = what;
            this.unanswered = unanswered;
        }

        /** Host and port. */
        public String peer() {
            return peer;
        }

        /** What happened, without the peer. */
        public String what() {
            return what;
        }

        /** The request in place of whose answer the connection ended, api and version; empty when there was none. */
        public String unanswered() {
            return unanswered;
        }
    }

    /** No answer came in time. The request may have been carried out all the same. */
    public static final class RequestTimedOut extends KafkaException {
        private static final long serialVersionUID = 1L;
        private final Duration after;

        public RequestTimedOut(String what, Duration after) {
            super(what + ": no answer within " + after.toMillis() + " ms", null);
            this.after = after;
        }

        /** How long was waited. */
        public Duration after() {
            return after;
        }
    }

    /** The broker answered with an error code. */
    public static final class BrokerError extends KafkaException {
        private static final long serialVersionUID = 1L;
        private final ErrorCode code;

        /** {@code context} says what was being done, for example {@code "produce to orders-3"}. */
        public BrokerError(ErrorCode code, String context) {
            super(context + ": " + code + " (" + code.meaning() + ")", null);
            this.code = code;
        }

        /** The broker's code. */
        public ErrorCode code() {
            return code;
        }
    }

    /** Bytes that are no valid message: a length out of bounds, an unknown form, bytes left over. */
    public static final class MalformedMessage extends KafkaException {
        private static final long serialVersionUID = 1L;
        private final String source;
        private final String where;
        private final String what;

        /** {@code where} is a field path or empty, {@code what} says what is wrong. */
        public MalformedMessage(String where, String what) {
            this("", where, what);
        }

        private MalformedMessage(String source, String where, String what) {
            super(
                    "malformed " + joined(": ", source.isEmpty() && where.isEmpty() ? "message" : source, where, what),
                    null);
            this.source = source;
            this.where = where;
            this.what = what;
        }

        @Override
        public MalformedMessage within(String outer) {
            return tracedAs(this, new MalformedMessage(source, path(outer, where), what));
        }

        /** The same error with what the bytes were in front: {@code malformed response of a:9092: MetadataResponse v9.topics: ...}. */
        public MalformedMessage in(String whole) {
            return tracedAs(this, new MalformedMessage(joined(": ", whole, source), where, what));
        }

        /** The path of the field, for example {@code MetadataResponse v9.topics[3].partitions}. */
        public String where() {
            return where;
        }
    }

    /** Something the broker's release (or the version of a message) does not have. */
    public static final class UnsupportedVersion extends KafkaException {
        private static final long serialVersionUID = 1L;
        private final String where;
        private final String what;

        public UnsupportedVersion(String what) {
            this("", what);
        }

        /** {@code where} is a field path or empty. */
        public UnsupportedVersion(String where, String what) {
            super(joined(": ", where, what), null);
            this.where = where;
            this.what = what;
        }

        @Override
        public UnsupportedVersion within(String outer) {
            return tracedAs(this, new UnsupportedVersion(path(outer, where), what));
        }
    }

    /** Refused on our side before anything was sent. */
    public static final class InvalidRequest extends KafkaException {
        private static final long serialVersionUID = 1L;
        private final String where;
        private final String what;

        public InvalidRequest(String what) {
            this("", what);
        }

        /** {@code where} is a field path or empty. */
        public InvalidRequest(String where, String what) {
            super(joined(": ", where, what), null);
            this.where = where;
            this.what = what;
        }

        @Override
        public InvalidRequest within(String outer) {
            return tracedAs(this, new InvalidRequest(path(outer, where), what));
        }
    }

    /** The client, connection or consumer was closed. */
    public static final class Closed extends KafkaException {
        private static final long serialVersionUID = 1L;

        public Closed(String what) {
            super(what, null);
        }
    }
}
