package dev.kafkaloom.client;

import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.BrokerAddress;

/**
 * A response and what its reader may want to know of its way.
 *
 * @param version the version it was asked and answered in
 * @param broker  who answered
 */
public record Exchange<R extends Response>(R response, short version, BrokerAddress broker) {}
