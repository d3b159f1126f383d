package dev.kafkaloom.storage.file;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageConfig;
import java.io.IOException;

/** The file storage without its fsync, to know what that costs. */
public final class UnsyncedFiles {
    private UnsyncedFiles() {}

    /** As {@link FileStorage#open}. */
    public static Storage open(StorageConfig.File config, String group, Scope scope) throws IOException {
        return FileStorage.open(config, group, scope, Disk.REAL, false);
    }
}
