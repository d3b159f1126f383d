package dev.kafkaloom.storage.file;

import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StorageContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileStorageTest extends StorageContract {
    @TempDir
    Path folder;

    @Override
    protected Storage open(long limitRecords) throws Exception {
        return FileStorage.open(new StorageConfig.File(folder, 1L << 30, limitRecords, 1 << 20), "g", scope);
    }
}
