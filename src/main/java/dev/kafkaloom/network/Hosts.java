package dev.kafkaloom.network;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What was learned about hosts by asking them, so that each is probed once only. Thread-safe. */
final class Hosts {
    /** Whether a host answers ApiVersions. */
    enum Generation {
        UNKNOWN,
        BEFORE_API_VERSIONS,
        MODERN
    }

    private final Map<HostAndPort, Generation> known = new ConcurrentHashMap<>();

    Generation generationOf(HostAndPort host) {
        return known.getOrDefault(host, Generation.UNKNOWN);
    }

    void learned(HostAndPort host, Generation generation) {
        known.put(host, generation);
    }

    /** Forgets an old one: it could not be reached, so perhaps it is being upgraded. */
    void unreachable(HostAndPort host) {
        known.remove(host, Generation.BEFORE_API_VERSIONS);
    }
}
