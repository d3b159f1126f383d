package dev.kafkaloom.network;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/**
 * How connections are made.
 *
 * @param clientId sent with each request, also to 0.9, which does not accept null
 * @param kafkaVersion {@code auto}, or the release the brokers are taken to be
 * @param addressRewrite turns a broker's address into the one that is dialled
 * @param dnsLookup what is made of configured names
 * @param connectTimeout for connecting, and again for the handshake; doubled with each failure of a host, and spread by a fifth
 * @param connectTimeoutMax what it grows to
 * @param maxIdle after so long without a request a connection is closed
 * @param maxInFlight how many requests of a connection may be written and not yet answered
 * @param maxFrameBytes the largest response accepted after the handshake
 */
public record ConnectionConfig(
        String clientId,
        String kafkaVersion,
        UnaryOperator<HostAndPort> addressRewrite,
        DnsLookup dnsLookup,
        Duration connectTimeout,
        Duration connectTimeoutMax,
        Duration maxIdle,
        int maxInFlight,
        int maxFrameBytes) {
    /** The value of {@code kafkaVersion} that asks the brokers. */
    public static final String AUTO = "auto";

    /** The largest response accepted before a broker has shown that it is one. */
    static final int MAX_HANDSHAKE_FRAME_BYTES = 512 << 10;

    private static final double JITTER = 0.2;

    public ConnectionConfig {
        Objects.requireNonNull(clientId);
        Objects.requireNonNull(addressRewrite);
        Objects.requireNonNull(dnsLookup);
        if (!kafkaVersion.equals(AUTO)) {
            Releases.versionsOf(kafkaVersion); // refuses what is no release
        }
        if (!connectTimeout.isPositive()
                || connectTimeoutMax.compareTo(connectTimeout) < 0
                || !maxIdle.isPositive()
                || maxFrameBytes < 1
                || maxInFlight < 1) {
            throw new IllegalArgumentException("connect timeout " + connectTimeout + " to " + connectTimeoutMax
                    + ", idle limit " + maxIdle + ", frame limit " + maxFrameBytes + ", in flight " + maxInFlight);
        }
    }

    /** Addresses as they are, 9 minutes without use, 64 in flight, frames of up to 100 MiB. */
    public ConnectionConfig(String clientId, String kafkaVersion, Duration connectTimeout) {
        this(
                clientId,
                kafkaVersion,
                AddressMap.NONE,
                DnsLookup.USE_ALL_DNS_IPS,
                connectTimeout,
                connectTimeout,
                Duration.ofMinutes(9),
                64,
                100 << 20);
    }

    /** How long setting up may take after so many failures of the host. */
    Duration setupTimeout(int failures) {
        if (failures == 0) {
            return connectTimeout;
        }
        double even = Math.min(
                (double) connectTimeout.toNanos() * Math.pow(2, failures), (double) connectTimeoutMax.toNanos());
        return Duration.ofNanos((long) (even * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER)));
    }

    /** Whether the brokers are known to be too old to be asked what they speak. */
    boolean predatesApiVersions() {
        return !kafkaVersion.equals(AUTO) && Release.parse(kafkaVersion).isBefore010();
    }
}
