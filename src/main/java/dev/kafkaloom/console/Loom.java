package dev.kafkaloom.console;

import dev.kafkaloom.client.ConnectionInfo;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.config.AppConfig;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.GroupSnapshot;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.runtime.RuntimeSnapshot;
import java.util.List;
import java.util.Optional;

/**
 * What commands work on: the settings, one client for all of them, and the group that this process runs, if it does. Thread-safe.
 * The client is opened when first asked for, so that a command which needs none costs no connection.
 */
public final class Loom implements AutoCloseable {
    private final AppConfig config;
    private final Scope scope;
    private final RecordFeed feed = new RecordFeed();
    private KafkaClient client; // guarded by this
    private volatile Running running;

    /** @param scope owns every coroutine that a command starts */
    public Loom(AppConfig config, Scope scope) {
        this.config = config;
        this.scope = scope;
    }

    /** Tells it of the consumer runtime of this process. */
    public void runs(Running consumer) {
        running = consumer;
    }

    /** The running consumer as it is now; empty in a one-shot command. */
    public Optional<RuntimeSnapshot> runtime() {
        return Optional.ofNullable(running).map(consumer -> consumer.snapshot().get());
    }

    /** The running group as it is now; empty in a one-shot command. */
    public Optional<GroupSnapshot> group() {
        return runtime().map(RuntimeSnapshot::group);
    }

    /** The same for commands that make no sense without one. */
    GroupSnapshot runningGroup(String command) {
        return running(command).group();
    }

    /** {@link #runtime()} for commands that make no sense without one. */
    RuntimeSnapshot running(String command) {
        return consumer(command).snapshot().get();
    }

    /** The running consumer, to be steered; empty in a one-shot command. */
    Optional<Running> consumer() {
        return Optional.ofNullable(running);
    }

    /** The same for commands that make no sense without one. */
    Running consumer(String command) {
        return consumer()
                .orElseThrow(() -> new UsageException(command
                        + " is about a running consumer: type it in the console, or use rpc " + command
                        + " with a daemon"));
    }

    /** One client for all commands. */
    public synchronized KafkaClient client() {
        if (client == null) {
            client = KafkaClient.open(config.client());
        }
        return client;
    }

    /** The client's connections of now; none when no command has needed the client yet. */
    synchronized List<ConnectionInfo> connections() {
        return client == null ? List.of() : client.connections();
    }

    /** The last frames of the client's connections, those included that ended last. */
    public synchronized List<ConnectionFrames> frames() {
        return client == null ? List.of() : client.frames();
    }

    /** All settings. */
    public AppConfig config() {
        return config;
    }

    public ConsumerConfig consumerConfig() {
        return config.consumer();
    }

    public ProducerConfig producerConfig() {
        return config.producer();
    }

    public Scope scope() {
        return scope;
    }

    /** The records that pass through the sink of this process. */
    public RecordFeed feed() {
        return feed;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
