package dev.kafkaloom.storage.redis;

import dev.kafkaloom.storage.StorageConfig.RedisServer;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * One connection to one run of a Redis server, until it breaks. Commands of many threads are pipelined on it. An answer that does not
 * come in time ends the session: what was sent may or may not have been done. Thread-safe.
 */
final class RedisSession {
    private static final long SLICE_MS = 100;

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final RedisAsyncCommands<byte[], byte[]> commands;
    private final RedisServer server;
    private final String run;
    private final Duration patience;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** {@code run} names the run of the server; {@code patience} is how long an answer may take. */
    RedisSession(
            StatefulRedisConnection<byte[], byte[]> connection, RedisServer server, String run, Duration patience) {
        this.connection = connection;
        this.commands = connection.async();
        this.server = server;
        this.run = run;
        this.patience = patience;
    }

    String run() {
        return run;
    }

    boolean isOpen() {
        return !ended.get() && connection.isOpen();
    }

    /** An answer to come. */
    record Sent(RedisFuture<List<Object>> future, Script script, byte[][] keys, byte[][] arguments) {}

    /** Sends without waiting. */
    Sent send(Script script, byte[][] keys, byte[]... arguments) {
        return new Sent(
                commands.evalsha(script.digest(), ScriptOutputType.MULTI, keys, arguments), script, keys, arguments);
    }

    /** Sends and waits. */
    Answer run(Script script, byte[][] keys, byte[]... arguments) throws RedisTrouble, InterruptedException {
        return await(send(script, keys, arguments), () -> true);
    }

    /**
     * Waits for an answer.
     *
     * @param wanted asked while it waits
     * @throws InterruptedException also when it is not wanted any more
     */
    Answer await(Sent sent, BooleanSupplier wanted) throws RedisTrouble, InterruptedException {
        try {
            return new Answer(get(sent.future(), wanted));
        } catch (RedisNoScriptException _) { // a server that has just started; nothing was done
            get(commands.scriptLoad(sent.script().text()), wanted);
            return new Answer(
                    get(send(sent.script(), sent.keys(), sent.arguments()).future(), wanted));
        }
    }

    /** Waits until so many replicas have everything that was sent here before; answers how many have. */
    long awaitReplicas(int replicas, Duration timeout, BooleanSupplier wanted)
            throws RedisTrouble, InterruptedException {
        return get(commands.waitForReplication(replicas, timeout.toMillis()), wanted);
    }

    void remember(byte[] set, byte[] member) throws RedisTrouble, InterruptedException {
        get(commands.sadd(set, member), () -> true);
    }

    Set<byte[]> members(byte[] set) throws RedisTrouble, InterruptedException {
        return get(commands.smembers(set), () -> true);
    }

    /** What about the server may lose records. */
    List<String> doubts() throws InterruptedException {
        try {
            return ServerFacts.doubts(connection, patience);
        } catch (ExecutionException | TimeoutException e) {
            return List.of("it does not say how it is set up: " + e.getMessage());
        }
    }

    /** The shard's mark; empty when it has none. */
    String mark(ShardKeys keys) throws RedisTrouble, InterruptedException {
        return field(keys, "mark");
    }

    /** What its owner said of the group's committed offset; -1 when it said nothing. */
    long committed(ShardKeys keys) throws RedisTrouble, InterruptedException {
        String committed = field(keys, "committed");
        return committed.matches("[0-9]{1,18}") ? Long.parseLong(committed) : -1;
    }

    private String field(ShardKeys keys, String name) throws RedisTrouble, InterruptedException {
        byte[] value = get(commands.hget(keys.keys()[0], ShardKeys.bytes(name)), () -> true);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private <T> T get(RedisFuture<T> future, BooleanSupplier wanted) throws RedisTrouble, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return future.get(SLICE_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                if (!wanted.getAsBoolean()) {
                    throw new InterruptedException("not wanted any more");
                }
                if (System.nanoTime() - deadline > 0) {
                    close();
                    throw new RedisTrouble(server + " does not answer within " + patience.toMillis() + " ms");
                }
            } catch (ExecutionException e) {
                throw trouble(e.getCause());
            } catch (java.util.concurrent.CancellationException e) {
                throw new RedisTrouble("the connection to " + server + " broke", e);
            }
        }
    }

    private RedisTrouble trouble(Throwable cause) {
        if (cause instanceof RedisNoScriptException noScript) {
            throw noScript;
        }
        if (cause instanceof RedisCommandExecutionException refused) {
            String said = String.valueOf(refused.getMessage());
            if (said.startsWith("READONLY") || said.startsWith("LOADING") || said.startsWith("MASTERDOWN")) {
                close(); // another server may be found behind the same name
            }
            return new RedisTrouble(server + " refuses: " + said, refused);
        }
        close();
        return new RedisTrouble("the connection to " + server + " broke: " + cause, cause);
    }

    /** Ends it without waiting; whoever waits for an answer gets none. */
    void close() {
        if (ended.compareAndSet(false, true)) {
            boolean _ = connection.closeAsync().isDone();
        }
    }
}
