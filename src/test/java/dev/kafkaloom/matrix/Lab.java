package dev.kafkaloom.matrix;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.Exchange;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.embedded.TestedRelease;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One real broker and a client that finds out by itself what it speaks. For the checks of one release, which run one after the other. */
final class Lab implements AutoCloseable {
    /** What every topic has, and the brokers' default, since the oldest know no request that creates one. */
    static final int PARTITIONS = 4;

    private static final Path LOGS = Path.of("target", "brokers");

    private final TestedRelease release;
    private final EmbeddedBroker broker;
    private final Duration started;
    private final KafkaClient client;
    private final Map<ApiKey, Short> used = new EnumMap<>(ApiKey.class);

    private Lab(TestedRelease release, EmbeddedBroker broker, Duration started) {
        this.release = release;
        this.broker = broker;
        this.started = started;
        this.client = KafkaClient.open(ClientConfig.of(broker.bootstrap()));
    }

    /** Starts the broker; its jars are fetched on first use, without a word. */
    static Lab open(TestedRelease release) throws IOException, InterruptedException {
        long began = System.nanoTime();
        EmbeddedBroker broker = release.start(Options.defaults()
                .withProperty("num.partitions", Integer.toString(PARTITIONS))
                .withStartDeadline(Duration.ofMinutes(2))
                .withLogFolder(LOGS)
                .withProgress(_ -> {}));
        return new Lab(release, broker, Duration.ofNanos(System.nanoTime() - began));
    }

    TestedRelease release() {
        return release;
    }

    EmbeddedBroker broker() {
        return broker;
    }

    /** How long the broker took to start, the first download of its jars included. */
    Duration started() {
        return started;
    }

    KafkaClient client() {
        return client;
    }

    /** A client of the caller's own, which is told the release of the brokers; {@code auto}: which finds out. */
    KafkaClient fresh(String kafkaVersion) {
        return KafkaClient.open(ClientConfig.of(broker.bootstrap()).toBuilder()
                .kafkaVersion(kafkaVersion)
                .build());
    }

    /** The id of the only broker. */
    int node() throws InterruptedException {
        return client.cluster().brokers().keySet().iterator().next();
    }

    /** A new topic of {@link #PARTITIONS} partitions, all of which are led. */
    TopicInfo topic(String what) throws InterruptedException {
        String name = RealBroker.unique(what);
        Topics.create(client, name, PARTITIONS, 1);
        return client.clusterWith(List.of(name)).topics().get(name);
    }

    /** Calls, and remembers which version it took. */
    <R extends Response> R call(Route route, Request<R> request) throws InterruptedException {
        return call(client, route, request);
    }

    /** The same by another client of this broker. */
    <R extends Response> R call(KafkaClient by, Route route, Request<R> request) throws InterruptedException {
        Exchange<R> answer = by.exchange(route, request, CallOptions.DEFAULT);
        used.merge(request.api(), answer.version(), (a, b) -> a > b ? a : b);
        return answer.response();
    }

    /** The highest version in which each API was called here. */
    Map<ApiKey, Short> used() {
        return Map.copyOf(used);
    }

    @Override
    public void close() {
        client.close();
        broker.close();
    }
}
