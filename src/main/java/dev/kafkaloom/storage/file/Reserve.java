package dev.kafkaloom.storage.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What the disk must have free before records are stored; the rest is for acks, by which files become free.
 *
 * @param bytes how much
 */
record Reserve(Disk disk, Path folder, long bytes) {
    void check() throws IOException {
        long free = disk.free(folder);
        if (free > 0 && free < bytes) {
            throw new IOException("only " + free + " bytes are free on the disk, and " + bytes
                    + " are kept for the acks of what is stored");
        }
    }
}
