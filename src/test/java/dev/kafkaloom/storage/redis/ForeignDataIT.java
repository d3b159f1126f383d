package dev.kafkaloom.storage.redis;

import static dev.kafkaloom.storage.StoredRecords.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody else has written under the keys of one partition. */
@Timeout(60)
@ExtendWith(Evidence.class)
class ForeignDataIT {
    private static final TopicPartition SPOILT = new TopicPartition("a-orders", 0);
    private static final TopicPartition SOUND = new TopicPartition("bills", 0);
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    static Path dir;

    private static RedisProcess redis;

    private final String group = "group-" + UUID.randomUUID();
    private final Scope scope = Scope.open("foreign");

    @BeforeAll
    static void start() throws Exception {
        redis = RedisProcess.start(dir);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    /** Where the storage is to write, to tend, to take. */
    @ParameterizedTest
    @CsvSource({
        "LPUSH pending:{G:a-orders:0}:data foreign, DEL pending:{G:a-orders:0}:data",
        "HSET processing:{G:a-orders:0} foreign data, DEL processing:{G:a-orders:0}",
        "ZADD pending:{G:a-orders:0} -5 foreign, ZREM pending:{G:a-orders:0} foreign"
    })
    void itIsToldAndHoldsUpNoOtherPartitionAndGoneAllIsWell(String spoil, String mend) throws Exception {
        assertThat(redis.ask(spoil.replace("G", group))).startsWith(":");
        try (RedisStorage storage =
                RedisStorage.open(SharedRedisIT.config(redis, group, Duration.ofSeconds(1)), scope)) {
            scope.go("spoilt", () -> {
                storage.owned(List.of(SPOILT), true);
                storage.append(Uuid.ZERO, range(SPOILT, 1, 0, 10), () -> true);
            });
            storage.owned(List.of(SOUND), true);
            storage.append(Uuid.ZERO, range(SOUND, 1, 0, 10), () -> true);

            Lease sound = storage.take(10, SOON);
            Lease none = storage.take(10, Duration.ofMillis(300));
            await().during(Duration.ofMillis(1_200))
                    .atMost(SOON)
                    .until(sound::isValid); // longer than a lease without renewal
            String trouble = storage.stats().trouble().orElseThrow();
            String mended = redis.ask(mend.replace("G", group));
            Lease spoilt = storage.take(10, SOON);

            assertThat(sound.partition()).isEqualTo(SOUND);
            assertThat(none).isNull();
            assertThat(trouble).contains("refuses");
            assertThat(mended).isEqualTo(":1");
            assertThat(spoilt.partition()).isEqualTo(SPOILT);
            assertThat(spoilt.records()).hasSize(10);
            await().atMost(SOON).until(() -> storage.stats().trouble().isEmpty());
        }
    }
}
