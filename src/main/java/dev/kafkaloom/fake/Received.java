package dev.kafkaloom.fake;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Request;

/**
 * A request that a {@link FakeBroker} has got.
 *
 * @param connection numbers the connections from 1
 * @param nanoTime when, by {@link System#nanoTime()}
 */
public record Received(
        int connection,
        ApiKey api,
        short version,
        int correlationId,
        String clientId,
        Request<?> request,
        long nanoTime) {}
