package dev.kafkaloom.storage.redis;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.StorageConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Hears over a connection of its own what other processes did to shards, so that nobody need ask often. What it misses is seen at the
 * tender's next round.
 */
final class Notices {
    private static final long CONNECT_MS = 3000;
    private static final long PAUSE_MS = 1000;

    private final RedisClient client;
    private final StorageConfig.Redis config;
    private final ProcessName me;
    private final Shards shards;

    Notices(RedisClient client, StorageConfig.Redis config, ProcessName me, Shards shards) {
        this.client = client;
        this.config = config;
        this.me = me;
        this.shards = shards;
    }

    /** What is published about a shard. */
    static String text(ProcessName from, Shard shard) {
        return from.text() + " " + shard.keys.tag();
    }

    /** The body of its thread. */
    void run() throws InterruptedException {
        while (true) {
            var opening = client.connectPubSubAsync(
                            io.lettuce.core.codec.StringCodec.UTF8, RedisClients.uri(config.server()))
                    .toCompletableFuture();
            try {
                StatefulRedisPubSubConnection<String, String> connection =
                        opening.get(CONNECT_MS, TimeUnit.MILLISECONDS);
                listen(connection); // returns when it is closed; at the end the client closes it
            } catch (ExecutionException | TimeoutException _) { // the link to the same server says what is wrong
                var _ = opening.thenCompose(StatefulRedisPubSubConnection::closeAsync);
            }
            Coroutine.waitingFor("another try to hear of other processes' shards");
            Thread.sleep(PAUSE_MS);
        }
    }

    private void listen(StatefulRedisPubSubConnection<String, String> connection)
            throws InterruptedException, ExecutionException, TimeoutException {
        connection.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
                hear(message);
            }
        });
        connection.async().subscribe(ShardKeys.channel(config)).get(CONNECT_MS, TimeUnit.MILLISECONDS);
        shards.tendAllSoon(); // what was published before is missed
        while (connection.isOpen()) {
            Coroutine.waitingFor("news of other processes' shards");
            Thread.sleep(PAUSE_MS);
        }
    }

    private void hear(String message) {
        int space = message.indexOf(' ');
        if (space < 0 || message.startsWith(me.text() + " ")) {
            return;
        }
        TopicPartition partition = ShardKeys.partition(config, message.substring(space + 1));
        if (partition != null) {
            shards.tendSoon(shards.of(partition));
        }
    }
}
