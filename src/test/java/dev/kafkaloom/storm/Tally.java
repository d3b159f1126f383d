package dev.kafkaloom.storm;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/** How the calls ended. Thread-safe. */
final class Tally {
    /** How a call ended. */
    enum End {
        ANSWERED,
        TIMED_OUT,
        INTERRUPTED,
        /** With an error, of the network or of a broker, or with a response that was damaged on the way. */
        BROKEN,
        /** With the answer to another call's question. */
        WRONG,
        /** With something that a call never ends with. */
        UNHEARD_OF
    }

    private static final int KEPT = 5;

    private final AtomicLongArray ends = new AtomicLongArray(End.values().length);
    private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);
    private volatile String latestCall = "";
    private final Map<String, Long> causes = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    void ended(End end) {
        ends.incrementAndGet(end.ordinal());
    }

    /** Why it did not end with an answer, without what differs from call to call. */
    void because(String cause) {
        causes.merge(cause, 1L, Long::sum);
    }

    /** What must not be. */
    void complain(String what) {
        if (complaints.size() < KEPT) {
            complaints.add(what);
        }
    }

    /** {@code how} is kept of the latest so far. */
    void late(long nanos, Supplier<String> how) {
        if (latest.accumulateAndGet(nanos, Math::max) == nanos) {
            latestCall = how.get();
        }
    }

    String latestCall() {
        return latestCall;
    }

    long count(End end) {
        return ends.get(end.ordinal());
    }

    /** By how much the latest call ended behind its deadline, or behind its interrupt; negative when none did. */
    Duration latest() {
        return Duration.ofNanos(latest.get());
    }

    Map<String, Long> causes() {
        return causes;
    }

    Queue<String> complaints() {
        return complaints;
    }
}
