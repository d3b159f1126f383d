package dev.kafkaloom.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Random;

/** A disk that fails on demand: it is full, and writes half of what is to be written; or it cannot sync. Thread-safe. */
final class FaultyDisk extends Disk {
    private volatile boolean full;
    private volatile boolean unsyncable;
    private volatile boolean random;
    private volatile long free = Long.MAX_VALUE;
    private final Random chance;

    FaultyDisk(long seed) {
        this.chance = new Random(seed);
    }

    void full(boolean now) {
        full = now;
    }

    void unsyncable(boolean now) {
        unsyncable = now;
    }

    /** One in so many calls fails. */
    void random(boolean now) {
        random = now;
    }

    void free(long bytes) {
        free = bytes;
    }

    private boolean fails(boolean always) {
        synchronized (chance) {
            return always || (random && chance.nextInt(6) == 0);
        }
    }

    @Override
    FileChannel create(Path file) throws IOException {
        if (fails(full)) {
            throw new IOException("No space left on device");
        }
        return super.create(file);
    }

    @Override
    void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        if (fails(full)) {
            super.write(file, bytes.slice(bytes.position(), bytes.remaining() / 2), position);
            throw new IOException("No space left on device");
        }
        super.write(file, bytes, position);
    }

    @Override
    void truncate(FileChannel file, long length) throws IOException {
        if (fails(false)) {
            throw new IOException("Input/output error");
        }
        super.truncate(file, length);
    }

    @Override
    void force(FileChannel file) throws IOException {
        if (fails(unsyncable)) {
            throw new IOException("Input/output error");
        }
        super.force(file);
    }

    @Override
    long free(Path folder) {
        return free;
    }
}
