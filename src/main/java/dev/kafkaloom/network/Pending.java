package dev.kafkaloom.network;

import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;

/** A request that was handed to a connection. Any number of threads may wait for it. */
public interface Pending<R extends Response> {
    /**
     * Waits for the response. A timeout or an interrupt only abandons this slot: the response that still comes is matched and
     * dropped, and the connection stays as it is.
     *
     * @throws KafkaException.RequestTimedOut when {@code timeout} passed
     * @throws KafkaException the cause that broke the connection, the same one for every waiter
     */
    R await(Duration timeout) throws InterruptedException;

    /** The version the request was written in, and the response is. */
    short version();

    /** Whether {@link #await} would return or throw at once. */
    boolean isDone();
}
