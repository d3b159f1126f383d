package dev.kafkaloom.client;

import dev.kafkaloom.network.AddressMap;
import dev.kafkaloom.network.ConnectionConfig;
import dev.kafkaloom.network.DnsLookup;
import dev.kafkaloom.network.Frame;
import dev.kafkaloom.network.FrameLogs;
import dev.kafkaloom.network.HostAndPort;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * How a client reaches its brokers.
 *
 * @param bootstrap {@code bootstrap.servers}: the brokers asked first
 * @param clientId {@code client.id}
 * @param kafkaVersion {@code kafka.version}: {@code auto}, or the release the brokers are taken to be; needed only where asking fails
 * @param addressRewrite turns an address, configured or told by a broker, into the one that is dialled ({@link
 *     dev.kafkaloom.network.AddressMap} is the one of {@code client.resolve}); names shown to people stay the broker's own
 * @param dnsLookup {@code client.dns.lookup}
 * @param connectTimeout {@code socket.connection.setup.timeout.ms}: for connecting, and again for the handshake; doubled with each
 *     failure of a host, and spread by a fifth
 * @param connectTimeoutMax {@code socket.connection.setup.timeout.max.ms}: what it grows to
 * @param reconnectBackoff {@code reconnect.backoff.ms}: how long a host that could not be reached is left alone at first, doubled with
 *     each failure, and spread by a fifth
 * @param reconnectBackoffMax {@code reconnect.backoff.max.ms}
 * @param maxIdle {@code connections.max.idle.ms}: after so long without a request a connection is closed; no caller notices
 * @param maxInFlight {@code max.in.flight.requests.per.connection}: how many requests of a connection may be written and not yet answered
 * @param requestTimeout {@code request.timeout.ms}: how long a broker may take for one request, what it holds by contract apart
 * @param apiTimeout {@code default.api.timeout.ms}: how long a call may take with all its retries
 * @param bootstrapTimeout how long the very first metadata load may take
 * @param metadataMaxAge {@code metadata.max.age.ms}
 * @param recovery {@code metadata.recovery.strategy}
 * @param rebootstrapTrigger {@code metadata.recovery.rebootstrap.trigger.ms}: how long no broker may have given metadata
 * @param retryBackoff {@code retry.backoff.ms}: the first wait, doubled each time
 * @param retryBackoffMax {@code retry.backoff.max.ms}
 * @param maxFrameBytes the largest response accepted
 * @param frameListener is given each request and response as it passes, by the threads of the connections, which wait for it. Frames
 *     may hold secrets
 */
public record ClientConfig(
        List<HostAndPort> bootstrap,
        String clientId,
        String kafkaVersion,
        UnaryOperator<HostAndPort> addressRewrite,
        DnsLookup dnsLookup,
        Duration connectTimeout,
        Duration connectTimeoutMax,
        Duration reconnectBackoff,
        Duration reconnectBackoffMax,
        Duration maxIdle,
        int maxInFlight,
        Duration requestTimeout,
        Duration apiTimeout,
        Duration bootstrapTimeout,
        Duration metadataMaxAge,
        MetadataRecovery recovery,
        Duration rebootstrapTrigger,
        Duration retryBackoff,
        Duration retryBackoffMax,
        int maxFrameBytes,
        Consumer<Frame> frameListener) {

    public ClientConfig {
        bootstrap = List.copyOf(bootstrap);
        if (bootstrap.isEmpty()) {
            throw new IllegalArgumentException("bootstrap.servers is empty");
        }
        if (clientId.isEmpty()) {
            throw new IllegalArgumentException("client.id is empty, brokers 0.9 demand one");
        }
        Objects.requireNonNull(kafkaVersion);
        Objects.requireNonNull(addressRewrite);
        Objects.requireNonNull(dnsLookup);
        Objects.requireNonNull(frameListener);
        positive("socket.connection.setup.timeout.ms", connectTimeout);
        notBelow(
                "socket.connection.setup.timeout.max.ms",
                connectTimeoutMax,
                "socket.connection.setup.timeout.ms",
                connectTimeout);
        positive("reconnect.backoff.ms", reconnectBackoff);
        notBelow("reconnect.backoff.max.ms", reconnectBackoffMax, "reconnect.backoff.ms", reconnectBackoff);
        positive("connections.max.idle.ms", maxIdle);
        if (maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "max.in.flight.requests.per.connection must be above 0, is " + maxInFlight);
        }
        Objects.requireNonNull(recovery);
        positive("metadata.recovery.rebootstrap.trigger.ms", rebootstrapTrigger);
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

    private static void notBelow(String maxKey, Duration max, String key, Duration first) {
        if (max.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    maxKey + ", " + max.toMillis() + " ms, must not be below " + key + ", " + first.toMillis() + " ms");
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
        builder.addressRewrite = addressRewrite;
        builder.dnsLookup = dnsLookup;
        builder.connectTimeout = connectTimeout;
        builder.connectTimeoutMax = connectTimeoutMax;
        builder.reconnectBackoff = reconnectBackoff;
        builder.reconnectBackoffMax = reconnectBackoffMax;
        builder.maxIdle = maxIdle;
        builder.maxInFlight = maxInFlight;
        builder.requestTimeout = requestTimeout;
        builder.apiTimeout = apiTimeout;
        builder.bootstrapTimeout = bootstrapTimeout;
        builder.metadataMaxAge = metadataMaxAge;
        builder.recovery = recovery;
        builder.rebootstrapTrigger = rebootstrapTrigger;
        builder.retryBackoff = retryBackoff;
        builder.retryBackoffMax = retryBackoffMax;
        builder.maxFrameBytes = maxFrameBytes;
        builder.frameListener = frameListener;
        return builder;
    }

    ConnectionConfig connections() {
        return new ConnectionConfig(
                clientId,
                kafkaVersion,
                addressRewrite,
                dnsLookup,
                connectTimeout,
                connectTimeoutMax,
                maxIdle,
                maxInFlight,
                maxFrameBytes);
    }

    /** Collects the values; every setter is named as what it sets. Not thread-safe. */
    public static final class Builder {
        private List<HostAndPort> bootstrap;
        private String clientId = "kafka-loom";
        private String kafkaVersion = ConnectionConfig.AUTO;
        private UnaryOperator<HostAndPort> addressRewrite = AddressMap.NONE;
        private DnsLookup dnsLookup = DnsLookup.USE_ALL_DNS_IPS;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration connectTimeoutMax = Duration.ofSeconds(30);
        private Duration reconnectBackoff = Duration.ofMillis(50);
        private Duration reconnectBackoffMax = Duration.ofSeconds(1);
        private Duration maxIdle = Duration.ofMinutes(9);
        private int maxInFlight = 64;
        private Duration requestTimeout = Duration.ofSeconds(30);
        private Duration apiTimeout = Duration.ofSeconds(60);
        private Duration bootstrapTimeout = Duration.ofSeconds(10);
        private Duration metadataMaxAge = Duration.ofMinutes(5);
        private MetadataRecovery recovery = MetadataRecovery.REBOOTSTRAP;
        private Duration rebootstrapTrigger = Duration.ofMinutes(5);
        private Duration retryBackoff = Duration.ofMillis(100);
        private Duration retryBackoffMax = Duration.ofSeconds(1);
        private int maxFrameBytes = 100 << 20;
        private Consumer<Frame> frameListener = FrameLogs.NOBODY;

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

        public Builder addressRewrite(UnaryOperator<HostAndPort> value) {
            addressRewrite = value;
            return this;
        }

        public Builder dnsLookup(DnsLookup value) {
            dnsLookup = value;
            return this;
        }

        /** Lifts {@link #connectTimeoutMax} to it where that is lower. */
        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            connectTimeoutMax = connectTimeoutMax.compareTo(value) < 0 ? value : connectTimeoutMax;
            return this;
        }

        public Builder connectTimeoutMax(Duration value) {
            connectTimeoutMax = value;
            return this;
        }

        /** Lifts {@link #reconnectBackoffMax} to it where that is lower. */
        public Builder reconnectBackoff(Duration value) {
            reconnectBackoff = value;
            reconnectBackoffMax = reconnectBackoffMax.compareTo(value) < 0 ? value : reconnectBackoffMax;
            return this;
        }

        public Builder reconnectBackoffMax(Duration value) {
            reconnectBackoffMax = value;
            return this;
        }

        public Builder maxIdle(Duration value) {
            maxIdle = value;
            return this;
        }

        public Builder maxInFlight(int value) {
            maxInFlight = value;
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

        public Builder recovery(MetadataRecovery value) {
            recovery = value;
            return this;
        }

        public Builder rebootstrapTrigger(Duration value) {
            rebootstrapTrigger = value;
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

        public Builder frameListener(Consumer<Frame> value) {
            frameListener = value;
            return this;
        }

        /** Checks the values; an {@link IllegalArgumentException} names the setting that is wrong. */
        public ClientConfig build() {
            return new ClientConfig(
                    bootstrap,
                    clientId,
                    kafkaVersion,
                    addressRewrite,
                    dnsLookup,
                    connectTimeout,
                    connectTimeoutMax,
                    reconnectBackoff,
                    reconnectBackoffMax,
                    maxIdle,
                    maxInFlight,
                    requestTimeout,
                    apiTimeout,
                    bootstrapTimeout,
                    metadataMaxAge,
                    recovery,
                    rebootstrapTrigger,
                    retryBackoff,
                    retryBackoffMax,
                    maxFrameBytes,
                    frameListener);
        }
    }
}
