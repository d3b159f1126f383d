package dev.kafkaloom.runtime;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.file.FileStorage;
import dev.kafkaloom.storage.redis.RedisStorage;
import java.io.IOException;

/** Opens the storage that is configured. */
final class StorageOpening {
    private StorageOpening() {}

    /** Null when nothing is stored. */
    static Storage open(StorageConfig config, String group, Scope scope) throws IOException, InterruptedException {
        return switch (config) {
            case StorageConfig.Direct _ -> null;
            case StorageConfig.File file -> FileStorage.open(file, group, scope);
            case StorageConfig.Redis redis -> RedisStorage.open(redis, scope);
        };
    }
}
