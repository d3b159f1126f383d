package dev.kafkaloom.client;

import dev.kafkaloom.network.ConnectionConfig;
import dev.kafkaloom.network.HostAndPort;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How a client reaches its brokers.
 *
 * @param bootstrap {@code bootstrap.servers}: the brokers asked first
 * @param clientId {@code client.id}
 * @param kafkaVersion {@code kafka.version}: {@code auto}, or the release the brokers are taken to be; needed only where asking fails
 * @param connectTimeout for connecting, and again for the handshake
 * @param requestTimeout {@code request.timeout.ms}: how long a broker may take for one request, what it holds by contract apart
 * @param apiTimeout {@code default.api.timeout.ms}: how long a call may take with all its retries
 * @param bootstrapTimeout how long the very first metadata load may take
 * @param metadataMaxAge {@code metadata.max.age.ms}
 * @param retryBackoff {@code retry.backoff.ms}: the first wait, doubled each time
 * @param retryBackoffMax {@code retry.backoff.max.ms}
 * @param maxFrameBytes the largest response accepted
 */
public record ClientConfig(
        List<HostAndPort> bootstrap,
        String clientId,
        String kafkaVersion,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration apiTimeout,
        Duration bootstrapTimeout,
        Duration metadataMaxAge,
        Duration retryBackoff,
        Duration retryBackoffMax,
        int maxFrameBytes) {

    public ClientConfig {
        bootstrap = List.copyOf(bootstrap);
        if (bootstrap.isEmpty()) {
            throw new IllegalArgumentException("bootstrap.servers is empty");
        }
        if (clientId.isEmpty()) {
            throw new IllegalArgumentException("client.id is empty, brokers 0.9 demand one");
        }
        Objects.requireNonNull(kafkaVersion);
        positive("connect.timeout.ms", connectTimeout);
        positive("request.timeout.ms", requestTimeout);
        positive("default.api.timeout.ms", apiTimeout);
        positive("bootstrap.timeout.ms", bootstrapTimeout);
        positive("metadata.max.age.ms", metadataMaxAge);
        positive("retry.backoff.ms", retryBackoff);
        positive("retry.backoff.max.ms", retryBackoffMax);
    }

    private static void positive(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(key + " must be above 0, is " + value.toMillis());
        }
    }

    /** The defaults for {@code host:port,host:port}. */
    public static ClientConfig of(String bootstrapServers) {
        return new ClientConfig(
                HostAndPort.parseList(bootstrapServers),
                "kafka-loom",
                ConnectionConfig.AUTO,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                100 << 20);
    }

    public ClientConfig bootstrap(List<HostAndPort> value) {
        return new ClientConfig(
                value,
                clientId,
                kafkaVersion,
                connectTimeout,
                requestTimeout,
                apiTimeout,
                bootstrapTimeout,
                metadataMaxAge,
                retryBackoff,
                retryBackoffMax,
                maxFrameBytes);
    }

    public ClientConfig clientId(String value) {
        return new ClientConfig(
                bootstrap,
                value,
                kafkaVersion,
                connectTimeout,
                requestTimeout,
                apiTimeout,
                bootstrapTimeout,
                metadataMaxAge,
                retryBackoff,
                retryBackoffMax,
                maxFrameBytes);
    }

    public ClientConfig kafkaVersion(String value) {
        return new ClientConfig(
                bootstrap,
                clientId,
                value,
                connectTimeout,
                requestTimeout,
                apiTimeout,
                bootstrapTimeout,
                metadataMaxAge,
                retryBackoff,
                retryBackoffMax,
                maxFrameBytes);
    }

    public ClientConfig connectTimeout(Duration value) {
        return new ClientConfig(
                bootstrap,
                clientId,
                kafkaVersion,
                value,
                requestTimeout,
                apiTimeout,
                bootstrapTimeout,
                metadataMaxAge,
                retryBackoff,
                retryBackoffMax,
                maxFrameBytes);
    }

    public ClientConfig requestTimeout(Duration value) {
        return new ClientConfig(
                bootstrap,
                clientId,
                kafkaVersion,
                connectTimeout,
                value,
                apiTimeout,
                bootstrapTimeout,
                metadataMaxAge,
                retryBackoff,
                retryBackoffMax,
                maxFrameBytes);
    }

    public ClientConfig apiTimeout(Duration value) {
        return new ClientConfig(
                bootstrap,
                clientId,
                kafkaVersion,
                connectTimeout,
                requestTimeout,
                value,
                bootstrapTimeout,
                metadataMaxAge,
                retryBackoff,
                retryBackoffMax,
                maxFrameBytes);
    }

    public ClientConfig bootstrapTimeout(Duration value) {
        return new ClientConfig(
                bootstrap,
                clientId,
                kafkaVersion,
                connectTimeout,
                requestTimeout,
                apiTimeout,
                value,
                metadataMaxAge,
                retryBackoff,
                retryBackoffMax,
                maxFrameBytes);
    }

    public ClientConfig metadataMaxAge(Duration value) {
        return new ClientConfig(
                bootstrap,
                clientId,
                kafkaVersion,
                connectTimeout,
                requestTimeout,
                apiTimeout,
                bootstrapTimeout,
                value,
                retryBackoff,
                retryBackoffMax,
                maxFrameBytes);
    }

    /** The first wait between tries, and the longest. */
    public ClientConfig retryBackoff(Duration first, Duration longest) {
        return new ClientConfig(
                bootstrap,
                clientId,
                kafkaVersion,
                connectTimeout,
                requestTimeout,
                apiTimeout,
                bootstrapTimeout,
                metadataMaxAge,
                first,
                longest,
                maxFrameBytes);
    }

    public ClientConfig maxFrameBytes(int value) {
        return new ClientConfig(
                bootstrap,
                clientId,
                kafkaVersion,
                connectTimeout,
                requestTimeout,
                apiTimeout,
                bootstrapTimeout,
                metadataMaxAge,
                retryBackoff,
                retryBackoffMax,
                value);
    }

    ConnectionConfig connections() {
        return new ConnectionConfig(clientId, kafkaVersion, connectTimeout, maxFrameBytes, 64);
    }
}
