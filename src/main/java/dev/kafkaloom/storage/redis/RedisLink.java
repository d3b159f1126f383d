package dev.kafkaloom.storage.redis;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.storage.StorageConfig.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one session with the server, making a new one when it breaks, with a back-off. Thread-safe. */
final class RedisLink {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 2000;
    private static final long SLICE_MS = 100;

    private final RedisClient client;
    private final RedisServer server;
    private final Duration patience;
    private final boolean speaks; // one of several says what they all see
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private RedisSession session; // guarded by lock
    private volatile String trouble = "not connected yet";
    private volatile boolean closed;

    private RedisLink(RedisClient client, RedisServer server, Duration patience, boolean speaks) {
        this.client = client;
        this.server = server;
        this.patience = patience;
        this.speaks = speaks;
    }

    /** {@code patience}: how long an answer may take; {@code number} 0 is the one that logs what is wrong with the server. */
    static RedisLink start(RedisClient client, RedisServer server, Duration patience, int number, Scope scope) {
        RedisLink link = new RedisLink(client, server, patience, number == 0);
        scope.go("storage-redis-" + number, link::keep);
        return link;
    }

    private void keep() throws InterruptedException {
        long pause = FIRST_PAUSE_MS;
        while (!closed) {
            try {
                RedisSession fresh = connect();
                pause = FIRST_PAUSE_MS;
                publish(fresh, null);
                awaitEnd(fresh);
                publish(null, closed ? null : "the connection to " + server + " broke");
            } catch (RedisTrouble e) {
                publish(null, e.getMessage());
                Coroutine.waitingFor("another try to connect to " + server);
                Thread.sleep(pause);
                pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
            }
        }
    }

    private RedisSession connect() throws RedisTrouble, InterruptedException {
        StatefulRedisConnection<byte[], byte[]> connection = open();
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(io.lettuce.core.RedisChannelHandler<?, ?> handler) {
                wake();
            }
        });
        boolean good = false;
        try {
            RedisSession fresh = new RedisSession(connection, server, ServerFacts.run(connection, patience), patience);
            good = true;
            return fresh;
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            throw new RedisTrouble(server + " was asked for INFO: " + cause.getMessage(), cause);
        } finally {
            if (!good) {
                boolean _ = connection.closeAsync().isDone();
            }
        }
    }

    private StatefulRedisConnection<byte[], byte[]> open() throws RedisTrouble, InterruptedException {
        var opening = client.connectAsync(ByteArrayCodec.INSTANCE, RedisClients.uri(server))
                .toCompletableFuture();
        try {
            return opening.get(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            var _ = opening.thenCompose(StatefulRedisConnection::closeAsync);
            throw new RedisTrouble(server + " does not accept a connection within " + CONNECT.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new RedisTrouble(server + " cannot be connected to: " + RedisClients.reason(e.getCause()), e);
        }
    }

    private void awaitEnd(RedisSession fresh) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (fresh.isOpen() && !closed) {
                Coroutine.waitingFor("the end of the connection to " + server);
                boolean _ = changed.await(1, TimeUnit.SECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void publish(RedisSession fresh, String why) {
        lock.lock();
        try {
            if (!speaks) {
                LOG.debug("another connection to {}: {}", server, why == null ? "open" : why);
            } else if (why != null && !why.equals(trouble)) {
                LOG.warn("{}; tried again until it works", why);
            } else if (fresh != null && trouble != null) {
                LOG.info("connected to {}", server);
            }
            session = fresh;
            trouble = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The session, if there is one that is open. */
    RedisSession session() throws RedisTrouble {
        lock.lock();
        try {
            if (session != null && session.isOpen()) {
                return session;
            }
            throw new RedisTrouble(trouble == null ? "the connection to " + server + " broke" : trouble);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is a session; null when there is none in that time or it is not {@code wanted} any more. */
    RedisSession awaitSession(Duration timeout, BooleanSupplier wanted) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (session == null || !session.isOpen()) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || closed || !wanted.getAsBoolean()) {
                    return null;
                }
                boolean _ =
                        changed.await(Math.min(left, TimeUnit.MILLISECONDS.toNanos(SLICE_MS)), TimeUnit.NANOSECONDS);
            }
            return session;
        } finally {
            lock.unlock();
        }
    }

    /** Why there is no session now. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** No more sessions are made; the client's own end closes the last one. */
    void close() {
        closed = true;
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
