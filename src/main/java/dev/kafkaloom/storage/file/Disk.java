package dev.kafkaloom.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What is asked of the file system, in one place so that tests can have it fail. */
class Disk {
    /** The real one. */
    static final Disk REAL = new Disk();

    FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE);
    }

    /** Writes all of it there. */
    void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    void truncate(FileChannel file, long length) throws IOException {
        file.truncate(length);
    }

    void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    void force(FileChannel file) throws IOException {
        file.force(false);
    }

    /** Makes the names of new files durable. */
    void forceFolder(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** Bytes that may still be written, 0 when that cannot be said. */
    long free(Path folder) {
        return folder.toFile().getUsableSpace();
    }
}
