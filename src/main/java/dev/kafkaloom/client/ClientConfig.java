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
        positive("socket.connection.setup.timeout.ms", connectTimeout);
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
        return builder(bootstrapServers).build();
    }

    /** A builder with the defaults, for {@code host:port,host:port}. */
    public static Builder builder(String bootstrapServers) {
        return new Builder(HostAndPort.parseList(bootstrapServers));
    }

    /** A builder with the values of this. */
    public Builder toBuilder() {
        Builder builder = new Builder(bootstrap);
        builder.clientId = clientId;
        builder.kafkaVersion = kafkaVersion;
        builder.connectTimeout = connectTimeout;
        builder.requestTimeout = requestTimeout;
        builder.apiTimeout = apiTimeout;
        builder.bootstrapTimeout = bootstrapTimeout;
        builder.metadataMaxAge = metadataMaxAge;
        builder.retryBackoff = retryBackoff;
        builder.retryBackoffMax = retryBackoffMax;
        builder.maxFrameBytes = maxFrameBytes;
        return builder;
    }

    ConnectionConfig connections() {
        return new ConnectionConfig(clientId, kafkaVersion, connectTimeout, maxFrameBytes, 64);
    }

    /** Collects the values; every setter is named as what it sets. Not thread-safe. */
    public static final class Builder {
        private List<HostAndPort> bootstrap;
        private String clientId = "kafka-loom";
        private String kafkaVersion = ConnectionConfig.AUTO;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration requestTimeout = Duration.ofSeconds(30);
        private Duration apiTimeout = Duration.ofSeconds(60);
        private Duration bootstrapTimeout = Duration.ofSeconds(10);
        private Duration metadataMaxAge = Duration.ofMinutes(5);
        private Duration retryBackoff = Duration.ofMillis(100);
        private Duration retryBackoffMax = Duration.ofSeconds(1);
        private int maxFrameBytes = 100 << 20;

        private Builder(List<HostAndPort> bootstrap) {
            this.bootstrap = bootstrap;
        }

        public Builder bootstrap(List<HostAndPort> value) {
            bootstrap = value;
            return this;
        }

        public Builder clientId(String value) {
            clientId = value;
            return this;
        }

        public Builder kafkaVersion(String value) {
            kafkaVersion = value;
            return this;
        }

        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        public Builder requestTimeout(Duration value) {
            requestTimeout = value;
            return this;
        }

        public Builder apiTimeout(Duration value) {
            apiTimeout = value;
            return this;
        }

        public Builder bootstrapTimeout(Duration value) {
            bootstrapTimeout = value;
            return this;
        }

        public Builder metadataMaxAge(Duration value) {
            metadataMaxAge = value;
            return this;
        }

        public Builder retryBackoff(Duration value) {
            retryBackoff = value;
            return this;
        }

        public Builder retryBackoffMax(Duration value) {
            retryBackoffMax = value;
            return this;
        }

        public Builder maxFrameBytes(int value) {
            maxFrameBytes = value;
            return this;
        }

        /** Checks the values; an {@link IllegalArgumentException} names the setting that is wrong. */
        public ClientConfig build() {
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
                    maxFrameBytes);
        }
    }
}
