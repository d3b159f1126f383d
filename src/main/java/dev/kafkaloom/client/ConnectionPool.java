package dev.kafkaloom.client;

import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.Connection;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.network.Connector;
import dev.kafkaloom.network.HostAndPort;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.network.Pending;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The connections of a client, one for each (broker, lane, owner), made when first asked for. Whoever asks while one is being made
 * waits for that one. A host that could not be reached is tried again after a back-off. Thread-safe.
 */
final class ConnectionPool implements AutoCloseable {
    private static final Duration SILENT = Duration.ofSeconds(1);
    private static final int NOT_CONNECTED = 1_000_000; // ranks; below are numbers of requests
    private static final int KEEPS_SILENT = 2_000_000;
    private static final int UNREACHABLE = 3_000_000;

    private record Key(BrokerAddress peer, Lane lane, String owner) {}

    private record Trouble(int failures, Instant lastFailure, long nextTry, KafkaException last) {
        private static final Trouble NONE = new Trouble(0, Instant.MIN, 0, null);
    }

    private final Connector connector;
    private final Backoff backoff;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Connection> connections =
            new ConcurrentHashMap<>(); // changed under the lock, as the next two
    private final Map<HostAndPort, Trouble> troubles = new ConcurrentHashMap<>();
    private final Set<HostAndPort> silent = ConcurrentHashMap.newKeySet(); // owed an answer until given up
    private boolean closed; // guarded by lock

    ConnectionPool(ClientConfig config) {
        this.connector = Connector.open(config.connections(), config.frameListener());
        this.backoff = new Backoff(config.reconnectBackoff(), config.reconnectBackoffMax());
    }

    /**
     * Hands a request to an open connection, which is made when there is none; waits while the broker throttles. That a connection
     * is closed because nobody used it, or breaks before the request is handed over, is not seen here: then another one is taken.
     *
     * @param request makes the request in the form that this broker understands
     * @param version the version and no other; null: the highest that can carry the request
     * @param brokerTime how long the broker may take once it is written; past it the connection is given up for all its users
     * @throws KafkaException why it could not be handed over, at the deadline or earlier
     */
    <R extends Response> Pending<R> send(
            BrokerAddress peer,
            Lane lane,
            String owner,
            Function<ApiVersions, Request<R>> request,
            Short version,
            Duration brokerTime,
            Deadline deadline)
            throws InterruptedException {
        while (true) {
            Connection connection = open(peer, lane, owner, deadline);
            try {
                Request<R> made = request.apply(KafkaClient.versionsOf(connection));
                return connection.send(made, version, brokerTime, deadline.left());
            } catch (KafkaException e) {
                if (!isWorthAnother(connection, e)) {
                    throw e;
                }
            }
        }
    }

    /** Nothing was sent. One that was retired or broke meanwhile is made anew; one that the client has closed is not. */
    private static boolean isWorthAnother(Connection connection, KafkaException failure) {
        return connection.isRetired() || (connection.isOver() && failure instanceof KafkaException.ConnectionBroken);
    }

    /**
     * An open connection. It may be closed for idleness before a request is sent: {@link #send} minds that.
     *
     * @throws KafkaException why there is none, at the deadline or earlier
     */
    Connection open(BrokerAddress peer, Lane lane, String owner, Deadline deadline) throws InterruptedException {
        Key key = new Key(peer, lane, owner);
        Connection usual = connections.get(key);
        if (usual != null && isOpen(usual)) {
            return usual;
        }
        Connection connection = connectionOf(key, deadline);
        try {
            connection.awaitOpen(deadline.left());
        } catch (KafkaException e) {
            if (connection.isOver()) {
                over(key, connection);
            }
            throw e;
        }
        worked(peer.hostAndPort());
        return connection;
    }

    private static boolean isOpen(Connection connection) {
        return connection.versions().isPresent() && !connection.isOver();
    }

    private Connection connectionOf(Key key, Deadline deadline) throws InterruptedException {
        HostAndPort host = key.peer().hostAndPort();
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
                if (existing != null) {
                    over(key, existing);
                }
                wait = waitFor(host);
                if (wait.isZero()) {
                    int failures = troubles.getOrDefault(host, Trouble.NONE).failures;
                    Connection made = connector.connect(key.peer(), key.lane(), key.owner(), failures);
                    connections.put(key, made);
                    return made;
                }
                if (!deadline.allows(wait)) {
                    throw troubles.get(host).last;
                }
            } finally {
                lock.unlock();
            }
            Thread.sleep(wait);
        }
    }

    private Duration waitFor(HostAndPort host) {
        Trouble trouble = troubles.get(host);
        return trouble == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, trouble.nextTry - System.nanoTime()));
    }

    /** Takes a connection out that has ended, and learns from its end; the first who sees it does. */
    private void over(Key key, Connection connection) {
        lock.lock();
        try {
            if (!connections.remove(key, connection)
                    || !(connection.state() instanceof Connection.State.Broken(KafkaException cause))) {
                return;
            }
            HostAndPort host = key.peer().hostAndPort();
            if (cause instanceof KafkaException.RequestTimedOut) {
                silent.add(host);
            }
            if (connection.versions().isEmpty()) {
                failed(host, connection, cause);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. Of connections that were tried side by side, one counts. */
    private void failed(HostAndPort host, Connection connection, KafkaException cause) {
        Trouble before = troubles.getOrDefault(host, Trouble.NONE);
        int failures = before.failures;
        Instant lastFailure = before.lastFailure;
        long nextTry = before.nextTry;
        if (connection.since().isAfter(lastFailure)) {
            failures++;
            lastFailure = Instant.now();
            nextTry = System.nanoTime() + backoff.after(failures).toNanos();
        }
        troubles.put(host, new Trouble(failures, lastFailure, nextTry, cause));
    }

    private void worked(HostAndPort host) {
        lock.lock();
        try {
            troubles.remove(host);
            silent.remove(host);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Who is to be asked first when several can answer: the lower the better. Those that answer come first, the least busy of them
     * foremost; then those that are not connected; then those that have owed an answer for more than a second; then those that
     * could not be reached lately.
     */
    int rank(BrokerAddress peer) {
        HostAndPort host = peer.hostAndPort();
        if (!waitFor(host).isZero()) {
            return UNREACHABLE;
        }
        Connection connection = connections.get(new Key(peer, Lane.CONTROL, ""));
        return switch (connection == null ? null : connection.state()) {
            case Connection.State.Open(int inFlight) ->
                connection.silence().compareTo(SILENT) > 0 ? KEEPS_SILENT : inFlight;
            case Connection.State.Connecting _ ->
                silent.contains(host) || connection.silence().compareTo(SILENT) > 0 ? KEEPS_SILENT : NOT_CONNECTED;
            case Connection.State.Broken(KafkaException.RequestTimedOut _) -> KEEPS_SILENT;
            case null, default -> silent.contains(host) ? KEEPS_SILENT : NOT_CONNECTED;
        };
    }

    /** Closes what one owner used, on every broker. */
    void release(String owner) {
        take(each -> each.owner().equals(owner)).forEach(Connection::close);
    }

    /** Gives up what leads to these brokers, because the client begins again with its bootstrap servers; who waits may try again. */
    void drop(Collection<BrokerAddress> peers) {
        take(each -> peers.contains(each.peer()))
                .forEach(each -> each.drop("given up, as the client begins again with its bootstrap servers"));
    }

    private List<Connection> take(Predicate<Connection> which) {
        lock.lock();
        try {
            List<Connection> taken = connections.values().stream().filter(which).toList();
            connections.values().removeAll(taken);
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Told once it is known; null on brokers before 0.10.1. */
    void clusterId(String value) {
        connector.clusterId(value);
    }

    /** Those that are not over. */
    List<Connection> all() {
        lock.lock();
        try {
            connections.forEach((key, connection) -> {
                if (connection.isOver()) {
                    over(key, connection);
                }
            });
            return List.copyOf(connections.values());
        } finally {
            lock.unlock();
        }
    }

    void recycle(byte[] array) {
        connector.recycle(array);
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
