package dev.kafkaloom.consumer;

import java.util.ArrayList;
import java.util.List;

/** What one poll has read so far. Belongs to the thread that polls. */
final class Gathering {
    private static final long MAX_BYTES = 4L << 20; // and one chunk beyond it

    private final int maxRecords;
    private final List<Polled> parts = new ArrayList<>();
    private int records;
    private long bytes;

    Gathering(int maxRecords) {
        this.maxRecords = maxRecords;
    }

    void add(Polled part, long size) {
        parts.add(part);
        records += part.records().size();
        bytes += size;
    }

    boolean isFull() {
        return records >= maxRecords || bytes >= MAX_BYTES;
    }

    /** How many more records may come, at least one unless it is full. */
    int room() {
        return maxRecords - records;
    }

    List<Polled> parts() {
        return parts;
    }
}
