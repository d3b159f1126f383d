package dev.kafkaloom.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** The right to use a folder: one process has it, and the system takes it back when that ends, however it ends. */
final class FolderLock implements AutoCloseable {
    private static final String NAME = "lock";

    private final FileChannel file;

    private FolderLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Makes the folder when there is none.
     *
     * @throws IOException also when another process, or another storage of this one, has it
     */
    static FolderLock take(Path folder) throws IOException {
        Path name = folder.resolve(NAME);
        FileChannel file = open(folder, name);
        try {
            FileLock lock = file.tryLock();
            if (lock == null) {
                throw taken(folder, name);
            }
            ByteBuffer holder = StandardCharsets.UTF_8.encode(
                    "process " + ProcessHandle.current().pid() + " since " + Instant.now() + "\n");
            file.truncate(0);
            file.write(holder, 0);
            return new FolderLock(file);
        } catch (OverlappingFileLockException _) {
            file.close();
            throw taken(folder, name);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static FileChannel open(Path folder, Path name) throws IOException {
        try {
            Files.createDirectories(folder);
            return FileChannel.open(name, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) { // of the file system's exceptions many say no more than a path
            throw new IOException(
                    "KAFKA_STORAGE_FILE_DIR: " + folder + " is no folder that can be made or written to: " + e, e);
        }
    }

    private static IOException taken(Path folder, Path name) {
        String holder = "another process";
        try {
            String text = Files.readString(name).strip();
            holder = text.isEmpty() || text.length() > 100 ? holder : text;
        } catch (IOException _) {
            // then without its name
        }
        return new IOException("KAFKA_STORAGE_FILE_DIR: " + folder + " is in use by " + holder
                + "; one daemon may have it at a time: stop that one, or give this one another folder");
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
