package dev.kafkaloom.client;

import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.Lane;
import java.time.Duration;
import java.time.Instant;

/**
 * One connection of the pool, for display.
 *
 * @param release what the broker's release is taken to be; empty while connecting
 * @param throttled for how long the broker wants to be left in peace (KIP-219); zero: not at all
 */
public record ConnectionInfo(
        String name,
        BrokerAddress peer,
        Lane lane,
        String owner,
        String state,
        int inFlight,
        String release,
        Instant since,
        Duration throttled) {}
