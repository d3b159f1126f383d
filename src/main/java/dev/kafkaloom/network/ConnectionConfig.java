package dev.kafkaloom.network;

import java.time.Duration;
import java.util.Objects;

/**
 * How connections are made.
 *
 * @param clientId sent with each request, also to 0.9, which does not accept null
 * @param kafkaVersion {@code auto}, or the release the brokers are taken to be
 * @param connectTimeout for connecting, and again for the handshake
 * @param maxFrameBytes the largest response accepted after the handshake
 * @param queueCapacity how many requests wait for the writer before senders are held
 */
public record ConnectionConfig(
        String clientId, String kafkaVersion, Duration connectTimeout, int maxFrameBytes, int queueCapacity) {
    /** The value of {@code kafkaVersion} that asks the brokers. */
    public static final String AUTO = "auto";

    /** The largest response accepted before a broker has shown that it is one. */
    static final int MAX_HANDSHAKE_FRAME_BYTES = 512 << 10;

    public ConnectionConfig {
        Objects.requireNonNull(clientId);
        if (!kafkaVersion.equals(AUTO)) {
            Releases.versionsOf(kafkaVersion); // refuses what is no release
        }
        if (connectTimeout.isNegative()
                || connectTimeout.isZero()
                || maxFrameBytes < MAX_HANDSHAKE_FRAME_BYTES
                || queueCapacity < 1) {
            throw new IllegalArgumentException("connect timeout " + connectTimeout + ", frame limit " + maxFrameBytes
                    + ", queue " + queueCapacity);
        }
    }

    /** Sizes for most uses: frames up to 100 MiB, 64 requests queued. */
    public ConnectionConfig(String clientId, String kafkaVersion, Duration connectTimeout) {
        this(clientId, kafkaVersion, connectTimeout, 100 << 20, 64);
    }

    /** Whether the brokers are known to be too old to be asked what they speak. */
    boolean predatesApiVersions() {
        return !kafkaVersion.equals(AUTO) && Release.parse(kafkaVersion).isBefore010();
    }
}
