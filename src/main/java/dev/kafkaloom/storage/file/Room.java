package dev.kafkaloom.storage.file;

import java.util.concurrent.atomic.AtomicLong;

/** How much is stored, or about to be, and how much may be. Guarded by the {@link Shelf}'s lock, but for records that are done. */
final class Room {
    /** What is known of chunks must not fill the heap when records come one by one: half a kilobyte each, an eighth of the heap. */
    private static final long MOST_CHUNKS =
            Math.max(10_000, Runtime.getRuntime().maxMemory() / 8 / 512);

    final long limitBytes;
    final long limitRecords;
    private final AtomicLong records = new AtomicLong();
    private long bytes; // of chunks that are not wholly done
    private long chunks;

    Room(long limitBytes, long limitRecords) {
        this.limitBytes = limitBytes;
        this.limitRecords = limitRecords;
    }

    /** An empty storage has room for everything. */
    boolean has(Chunk chunk) {
        long now = records.get();
        return now == 0
                || (bytes + chunk.size <= limitBytes && now + chunk.count <= limitRecords && chunks < MOST_CHUNKS);
    }

    /** For a chunk with so many records that are not done. */
    void take(Chunk chunk, int count) {
        bytes += chunk.size;
        chunks++;
        records.addAndGet(count);
    }

    /** A record is done; without the lock. */
    void done() {
        records.decrementAndGet();
    }

    /** A chunk, of which so many records are not done, is gone. */
    void giveBack(Chunk chunk, int count) {
        bytes -= chunk.size;
        chunks--;
        records.addAndGet(-count);
    }

    long bytes() {
        return bytes;
    }
}
