package dev.kafkaloom.console;

import java.util.ArrayDeque;
import java.util.ArrayList;
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
    private volatile boolean watched;

    /** Takes one line; cheap while nobody looks. */
    public void pass(String line) {
        passed.incrementAndGet();
        if (!watched) {
            return;
        }
        synchronized (lines) {
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
            lines.clear();
        }
    }

    /** The newest lines, at most so many; the rest is left out. */
    public List<String> take(int most) {
        synchronized (lines) {
            List<String> newest = new ArrayList<>(lines).subList(Math.max(0, lines.size() - most), lines.size());
            lines.clear();
            return newest;
        }
    }
}
