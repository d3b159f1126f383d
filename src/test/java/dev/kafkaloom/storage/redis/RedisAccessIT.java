package dev.kafkaloom.storage.redis;

import static dev.kafkaloom.storage.StoredRecords.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StorageConfig.RedisServer;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Redis servers that want a password, are a cluster, have a replica. */
@Timeout(60)
@ExtendWith(Evidence.class)
class RedisAccessIT {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path dir;

    private final Scope scope = Scope.open("access");

    @AfterEach
    void close() {
        scope.close();
    }

    private static StorageConfig.Redis config(RedisServer server, int replicas) {
        return new StorageConfig.Redis(
                server, "g", "pending", "processing", 1000, 10, Duration.ofSeconds(10), replicas);
    }

    private static RedisServer as(RedisProcess redis, String user, String password, int connections) {
        return new RedisServer(
                "POOL_REDIS_0", "127.0.0.1", redis.port(), user, password, 2, false, connections, connections, 0);
    }

    private static void roundTrip(RedisStorage storage) throws InterruptedException {
        storage.owned(List.of(ORDERS), true);
        assertThat(storage.append(Uuid.ZERO, range(ORDERS, 1, 0, 20), () -> true))
                .isEqualTo(20);
        assertThat(SharedRedisIT.takeAll(storage, 20))
                .containsExactlyElementsOf(range(ORDERS, 1, 0, 20).records().stream()
                        .map(ConsumedRecord::offset)
                        .toList());
    }

    @Test
    void aPasswordAndAUserOpenAndAreNeverShown() throws Exception {
        try (RedisProcess redis = RedisProcess.start(
                dir, "--requirepass", "open-sesame", "--user", "loom", "on", ">hunter2", "~*", "&*", "+@all")) {
            try (RedisStorage storage = RedisStorage.open(config(as(redis, "", "open-sesame", 4), 0), scope)) {
                roundTrip(storage);
            }
            try (RedisStorage storage = RedisStorage.open(config(as(redis, "loom", "hunter2", 1), 0), scope)) {
                storage.owned(List.of(ORDERS), true);
                assertThat(storage.stats().trouble()).isEmpty();
            }
            StorageConfig.Redis wrong = config(as(redis, "loom", "hunter3", 4), 0);
            assertThatThrownBy(() -> RedisStorage.open(wrong, scope, Duration.ofSeconds(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("hunter");
        }
    }

    @Test
    void noScriptTouchesTwoSlotsOfACluster() throws Exception {
        try (RedisProcess redis = RedisProcess.start(dir, "--cluster-enabled", "yes")) {
            for (int from = 0; from < 16384; from += 4096) {
                String slots = IntStream.range(from, from + 4096)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(" "));
                assertThat(redis.ask("CLUSTER ADDSLOTS " + slots)).isEqualTo("+OK");
            }
            await().atMost(SOON).until(() -> !redis.ask("SET probe 1").startsWith("-CLUSTERDOWN"));
            try (RedisStorage storage = RedisStorage.open(config(redis.server(), 0), scope)) {
                roundTrip(storage);
                assertThat(storage.append(Uuid.ZERO, range(ORDERS, 1, 20, 40), () -> true))
                        .isEqualTo(40);
                storage.take(10, SOON).close();
                assertThat(storage.peek(5)).hasSize(5);
                assertThat(storage.retransmit(true)).isZero();
                assertThat(storage.clear(false)).isEqualTo(20);
            }
        }
    }

    @Test
    void anAppendWaitsForTheReplicasThatAreAskedFor() throws Exception {
        try (RedisProcess master = RedisProcess.start(dir.resolve("master"), "--repl-diskless-sync-delay", "0");
                RedisStorage storage = RedisStorage.open(config(master.server(), 1), scope)) {
            storage.owned(List.of(ORDERS), true);
            Coroutine append = scope.go("append", () -> storage.append(Uuid.ZERO, range(ORDERS, 1, 0, 10), () -> true));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(storage.stats().trouble())
                            .hasValueSatisfying(why -> assertThat(why).contains("only 0 replicas")));

            try (RedisProcess _ = RedisProcess.start(
                    dir.resolve("replica"), "--replicaof", "127.0.0.1", Integer.toString(master.port()))) {
                assertThat(append.join(SOON)).isTrue();
            }
        }
    }

    @Test
    void whatCannotBeReadIsPutAsideAndTold() throws Exception {
        try (RedisProcess redis = RedisProcess.start(dir);
                RedisStorage storage = RedisStorage.open(config(redis.server(), 0), scope)) {
            storage.owned(List.of(ORDERS), true);
            assertThat(storage.append(Uuid.ZERO, range(ORDERS, 1, 0, 20), () -> true))
                    .isEqualTo(20);
            redis.ask("HSET pending:{g:orders:0}:data 1 rubbish");

            assertThat(SharedRedisIT.takeAll(storage, 10).getFirst()).isEqualTo(10);

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(storage.stats().trouble())
                            .hasValueSatisfying(why -> assertThat(why).contains("1 elements of pending:{g:orders:0}")));
            long _ = storage.clear(false);
            assertThat(storage.stats().trouble()).isEmpty();
        }
    }
}
