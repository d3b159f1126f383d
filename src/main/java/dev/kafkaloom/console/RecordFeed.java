package dev.kafkaloom.console;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The lines of the sink on their way to whoever looks. Nobody is made to wait for a person: what does not fit is counted and left
 * out. Thread-safe.
 */
public final class RecordFeed {
    private static final int KEPT = 200;

    private final ArrayDeque<String> lines = new ArrayDeque<>(); // guarded by itself
    private final AtomicLong passed = new AtomicLong();
    private long fresh; // lines since the last glance; guarded by lines
    private volatile boolean watched;

    /** Takes one line; cheap while nobody looks. */
    public void pass(String line) {
        passed.incrementAndGet();
        if (!watched) {
            return;
        }
        synchronized (lines) {
            fresh++;
            lines.add(line);
            if (lines.size() > KEPT) {
                lines.remove();
            }
        }
    }

    /** How many lines have passed. */
    public long passed() {
        return passed.get();
    }

    /** Switches keeping on or off; what was kept is dropped. */
    public void watch(boolean on) {
        synchronized (lines) {
            watched = on;
            fresh = 0;
            lines.clear();
        }
    }

    /** What has come since the last call: all of it if it is little, else the newest line and how many it stands for. */
    List<String> glance(int little) {
        synchronized (lines) {
            long came = fresh;
            fresh = 0;
            List<String> all = List.copyOf(lines);
            lines.clear();
            return came <= little ? all : List.of(all.getLast() + "   (and " + (came - 1) + " more)");
        }
    }
}
