package dev.kafkaloom.network;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import java.net.InetAddress;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Makes connections, and owns what all connections of a client share: the scope of their threads, the deadline thread,
 * the buffers of requests and what was learned about hosts. Thread-safe.
 */
public final class Connector implements AutoCloseable {
    private final ConnectionConfig config;
    private final Scope scope;
    private final Deadlines deadlines;
    private final Hosts hosts = new Hosts();
    private final FrameBuffers buffers = new FrameBuffers();
    private final ReceiveBuffers receiveBuffers = new ReceiveBuffers();
    private final FrameLogs frames;
    private final Names names;
    private volatile String clusterId;

    private Connector(ConnectionConfig config, Consumer<Frame> listener, Names names, Scope scope) {
        this.config = config;
        this.deadlines = new Deadlines(config.maxIdle());
        this.names = names;
        this.frames = new FrameLogs(listener);
        this.scope = scope;
    }

    /** Starts the deadline thread; no connection yet. */
    public static Connector open(ConnectionConfig config) {
        return open(config, FrameLogs.NOBODY);
    }

    /**
     * The same with somebody who sees each frame as it passes.
     *
     * @param listener is called by the threads of the connections, which wait for it
     */
    public static Connector open(ConnectionConfig config, Consumer<Frame> listener) {
        return open(config, listener, InetAddress::getAllByName);
    }

    static Connector open(ConnectionConfig config, Consumer<Frame> listener, Names names) {
        Connector connector = new Connector(config, listener, names, Scope.open("connections-" + config.clientId()));
        connector.scope.goPlatform("deadlines-" + config.clientId(), connector.deadlines::run);
        return connector;
    }

    /**
     * A new connection, at once and still connecting: {@link Connection#awaitOpen} waits for it.
     *
     * @throws KafkaException.Closed when this connector is closed
     */
    public Connection connect(BrokerAddress peer, Lane lane, String owner) {
        return connect(peer, lane, owner, 0);
    }

    /**
     * The same for a host that could not be reached so many times: it is given more time, and another of its addresses is tried
     * first.
     */
    public Connection connect(BrokerAddress peer, Lane lane, String owner, int failures) {
        Connection connection = new Connection(peer, lane, owner, config, failures, this);
        try {
            deadlines.watch(connection);
            scope.go(connection.name() + "/writer", () -> connection.runWriter(scope));
        } catch (CancellationException _) {
            connection.breakWith(new KafkaException.Closed("the client is closed"));
        }
        return connection;
    }

    /** Which cluster the brokers are of, so that new connections can ask for it (KIP-1242); null for not known. */
    public void clusterId(String value) {
        clusterId = value;
    }

    String clusterId() {
        return clusterId;
    }

    Names names() {
        return names;
    }

    Hosts hosts() {
        return hosts;
    }

    FrameBuffers buffers() {
        return buffers;
    }

    ReceiveBuffers receiveBuffers() {
        return receiveBuffers;
    }

    /**
     * Takes the array of a response back that came on the {@link Lane#FETCH} lane, for the responses that come next.
     *
     * @param array nobody looks at it any more, and it is given back no second time
     */
    public void recycle(byte[] array) {
        receiveBuffers.giveBack(array);
    }

    /** The last frames of its connections, those that are over included; also after it is closed. */
    public FrameLogs frames() {
        return frames;
    }

    void over(Connection connection) {
        deadlines.forget(connection);
        if (connection.versions().isEmpty()) {
            hosts.unreachable(connection.peer().hostAndPort());
        }
    }

    /** Ends all threads; connections that are still open are closed by that. */
    @Override
    public void close() {
        scope.close();
    }
}
