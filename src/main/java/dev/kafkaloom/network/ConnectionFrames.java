package dev.kafkaloom.network;

import dev.kafkaloom.protocol.KafkaException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The last frames of one connection. Immutable.
 *
 * @param name {@code broker-1/control}
 * @param since when it was made
 * @param end what ended it, the very exception that its callers got; empty while it lives
 * @param frames both directions together, oldest first
 */
public record ConnectionFrames(
        String name, BrokerAddress peer, Instant since, Optional<KafkaException> end, List<Frame> frames) {
    /** Copies the list. */
    public ConnectionFrames {
        frames = List.copyOf(frames);
    }
}
