package dev.kafkaloom.storage.redis;

import dev.kafkaloom.storage.StorageConfig.RedisServer;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;

/** Lettuce as this storage wants it: it never reconnects or repeats a command by itself, since only we know what may be repeated. */
final class RedisClients {
    private static final int THREADS = 2; // its own, of netty: they only move bytes

    private static final String JFR = "io.lettuce.core.jfr";

    private RedisClients() {}

    static RedisClient create() {
        if (System.getProperty(JFR) == null) {
            System.setProperty(
                    JFR, "false"); // the flight recorder's classes take a second of a carrier on a busy machine
        }
        ClientResources resources = DefaultClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .build();
        RedisClient client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(Duration.ofSeconds(2))
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .timeoutOptions(TimeoutOptions.create())
                .build());
        return client;
    }

    /** Ends it and its threads. */
    static void shutDown(RedisClient client) {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        client.getResources()
                .shutdown(0, 2, java.util.concurrent.TimeUnit.SECONDS)
                .awaitUninterruptibly(3000);
    }

    static RedisURI uri(RedisServer server) {
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(server.host())
                .withPort(server.port())
                .withDatabase(server.database())
                .withSsl(server.tls())
                .withTimeout(Duration.ofSeconds(5))
                .withClientName("kafka-loom");
        if (!server.user().isEmpty()) {
            uri.withAuthentication(server.user(), server.password().toCharArray());
        } else if (!server.password().isEmpty()) {
            uri.withPassword(server.password().toCharArray());
        }
        return uri.build();
    }

    /** What is at the bottom of it: Lettuce wraps twice. */
    static String reason(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at.getMessage() == null ? at.toString() : at.getMessage();
    }
}
