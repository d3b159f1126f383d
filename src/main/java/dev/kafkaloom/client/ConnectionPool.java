package dev.kafkaloom.client;

import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.Connection;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.network.Connector;
import dev.kafkaloom.network.HostAndPort;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections of a client, one for each (broker, lane, owner), made when first asked for. Whoever asks while one is being made
 * waits for that one. A host that could not be reached is tried again after a back-off. Thread-safe.
 */
final class ConnectionPool implements AutoCloseable {
    private record Key(BrokerAddress peer, Lane lane, String owner) {}

    private static final class Trouble {
        private int failures;
        private long nextTry;
        private KafkaException last;
    }

    private final Connector connector;
    private final Backoff backoff;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Connection> connections = new HashMap<>(); // guarded by lock, as are the following
    private final Map<HostAndPort, Trouble> troubles = new HashMap<>();
    private boolean closed;
    private volatile String clusterId;

    ConnectionPool(Connector connector, Backoff backoff) {
        this.connector = connector;
        this.backoff = backoff;
    }

    /**
     * An open connection.
     *
     * @throws KafkaException why there is none, at the deadline or earlier
     */
    Connection open(BrokerAddress peer, Lane lane, String owner, Deadline deadline) throws InterruptedException {
        Key key = new Key(peer, lane, owner);
        Connection connection = connectionOf(key, deadline);
        try {
            connection.awaitOpen(deadline.left());
        } catch (KafkaException e) {
            if (connection.isOver()) {
                failed(key, connection, e);
            }
            throw e;
        }
        worked(peer.hostAndPort());
        return connection;
    }

    private Connection connectionOf(Key key, Deadline deadline) throws InterruptedException {
        while (true) {
            Duration wait;
            lock.lock();
            try {
                if (closed) {
                    throw new KafkaException.Closed("the client is closed");
                }
                Connection existing = connections.get(key);
                if (existing != null && !existing.isOver()) {
                    return existing;
                }
                wait = waitFor(key.peer().hostAndPort());
                if (wait.isZero()) {
                    Connection made = connector.connect(key.peer(), key.lane(), key.owner());
                    connections.put(key, made);
                    return made;
                }
                if (!deadline.allows(wait)) {
                    throw troubles.get(key.peer().hostAndPort()).last;
                }
            } finally {
                lock.unlock();
            }
            Thread.sleep(wait);
        }
    }

    /** Under the lock. */
    private Duration waitFor(HostAndPort host) {
        Trouble trouble = troubles.get(host);
        return trouble == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, trouble.nextTry - System.nanoTime()));
    }

    private void failed(Key key, Connection connection, KafkaException cause) {
        lock.lock();
        try {
            if (connections.remove(key, connection)) { // the first of its waiters counts the failure
                Trouble trouble = troubles.computeIfAbsent(key.peer().hostAndPort(), _ -> new Trouble());
                trouble.failures++;
                trouble.nextTry =
                        System.nanoTime() + backoff.after(trouble.failures).toNanos();
                trouble.last = cause;
            }
        } finally {
            lock.unlock();
        }
    }

    private void worked(HostAndPort host) {
        lock.lock();
        try {
            troubles.remove(host);
        } finally {
            lock.unlock();
        }
    }

    /** 0: open for short calls already, 1: nothing speaks against it, 2: could not be reached lately. */
    int rank(BrokerAddress peer) {
        lock.lock();
        try {
            Connection open = connections.get(new Key(peer, Lane.CONTROL, ""));
            if (open != null && open.state() instanceof Connection.State.Open) {
                return 0;
            }
            return waitFor(peer.hostAndPort()).isZero() ? 1 : 2;
        } finally {
            lock.unlock();
        }
    }

    /** Closes what one owner used, on every broker. */
    void release(String owner) {
        List<Connection> released;
        lock.lock();
        try {
            released = connections.values().stream()
                    .filter(each -> each.owner().equals(owner))
                    .toList();
            connections.values().removeAll(released);
        } finally {
            lock.unlock();
        }
        released.forEach(Connection::close);
    }

    /** Closes what leads to these brokers: the client begins again with its bootstrap servers. */
    void drop(Collection<BrokerAddress> peers) {
        List<Connection> dropped;
        lock.lock();
        try {
            dropped = connections.values().stream()
                    .filter(each -> peers.contains(each.peer()))
                    .toList();
            connections.values().removeAll(dropped);
        } finally {
            lock.unlock();
        }
        dropped.forEach(Connection::close);
    }

    /** Told once it is known, null on brokers before 0.10.1. */
    void clusterId(String value) {
        clusterId = value;
    }

    List<Connection> all() {
        lock.lock();
        try {
            connections.values().removeIf(Connection::isOver);
            return List.copyOf(connections.values());
        } finally {
            lock.unlock();
        }
    }

    List<ConnectionFrames> frames() {
        return connector.frames().snapshot();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        all().forEach(Connection::close);
        connector.close();
    }
}
