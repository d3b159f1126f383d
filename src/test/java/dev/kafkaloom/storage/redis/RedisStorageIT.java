package dev.kafkaloom.storage.redis;

import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StorageContract;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What every storage promises, of the one in a real Redis. */
@ExtendWith(Evidence.class)
class RedisStorageIT extends StorageContract {
    @TempDir
    static Path dir;

    private static RedisProcess redis;

    private final String name = UUID.randomUUID().toString();

    @BeforeAll
    static void start() throws Exception {
        redis = RedisProcess.start(dir);
    }

    @AfterAll
    static void stop() throws Exception {
        redis.close();
    }

    @Override
    protected Storage open(long limitRecords) throws Exception {
        return RedisStorage.open(
                new StorageConfig.Redis(
                        redis.server(),
                        "group-" + name,
                        "pending",
                        "processing",
                        limitRecords,
                        500,
                        Duration.ofSeconds(10),
                        0),
                scope);
    }
}
