package dev.kafkaloom.config;

import java.util.Objects;

/**
 * Where a daemon serves /metrics and /health over HTTP. Immutable.
 *
 * @param ip {@code SERVER_IP}: an address or a name of this machine
 * @param port {@code SERVER_PORT}: 0 for any free one, {@link #NONE} for none at all
 * @param given whether somebody gave it: then a daemon that cannot have it does not start; otherwise it goes on without
 */
public record HttpAddress(String ip, int port, boolean given) {
    /** Nothing is served. */
    public static final int NONE = -1;

    /** Checks; an {@link IllegalArgumentException} names the setting. */
    public HttpAddress {
        Objects.requireNonNull(ip, "SERVER_IP");
        if (port < NONE || port > 65_535) {
            throw new IllegalArgumentException("SERVER_PORT: " + port + " is no port");
        }
    }

    /** Whether anything is served. */
    public boolean served() {
        return port != NONE;
    }
}
