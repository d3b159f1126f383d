package dev.kafkaloom.storage.file;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A file of the log. Owned by {@link Journal}, under its rules; what is not written any more never changes but for its deletion. */
final class Segment {
    private static final String SUFFIX = ".log";

    final long number;
    final Path file;
    /** Bytes that are part of the log. */
    volatile long length;
    /** Of them, those that were synced. */
    volatile long durable;
    /** The chunks whose (newest) place is here and that are not done; guarded by itself. */
    private final Set<Chunk> chunks = new LinkedHashSet<>();

    Segment(Path folder, long number) {
        this.number = number;
        this.file = folder.resolve("%016d%s".formatted(number, SUFFIX));
    }

    /** The number in a file's name, -1 when it is none of ours. */
    static long numberOf(Path file) {
        String name = file.getFileName().toString();
        return name.matches("\\d{16}\\" + SUFFIX) ? Long.parseLong(name.substring(0, 16)) : -1;
    }

    void add(Chunk chunk) {
        synchronized (chunks) {
            chunks.add(chunk);
        }
    }

    void remove(Chunk chunk) {
        synchronized (chunks) {
            chunks.remove(chunk);
        }
    }

    /** Those that are not done yet. */
    List<Chunk> living() {
        synchronized (chunks) {
            return List.copyOf(chunks);
        }
    }

    /** Whether nothing in it has to be handed out any more. */
    boolean isDone() {
        synchronized (chunks) {
            return chunks.isEmpty();
        }
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
