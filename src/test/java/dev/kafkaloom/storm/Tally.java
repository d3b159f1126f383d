package dev.kafkaloom.storm;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

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

    private final Map<End, Long> ends = new ConcurrentHashMap<>();
    private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong lateByItself = new AtomicLong(Long.MIN_VALUE);
    private volatile String latestCall = "";
    private final Map<String, Long> hanging = new ConcurrentHashMap<>();
    private final Map<String, Long> causes = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    void ended(End end) {
        ends.merge(end, 1L, Long::sum);
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

    /**
     * It ended so long after it had to, with the process standing still for a part of it.
     *
     * @param how is kept of the latest so far
     */
    void late(long nanos, long stalled, Supplier<String> how) {
        lateByItself.accumulateAndGet(nanos - stalled, Math::max);
        if (latest.accumulateAndGet(nanos, Math::max) == nanos) {
            latestCall = how.get();
        }
    }

    /** The most that a call was late by itself, with what the process stood still taken off. */
    Duration lateByItself() {
        return Duration.ofNanos(lateByItself.get());
    }

    String latestCall() {
        return latestCall;
    }

    /** A call has not ended so long after it had to. */
    void hangs(long nanos, List<StackTraceElement> at) {
        String way = at.stream()
                .filter(each -> each.getClassName().startsWith("dev.kafkaloom."))
                .map(each -> each.getFileName() + ":" + each.getLineNumber())
                .collect(Collectors.joining(" < "));
        hanging.merge(way, nanos, Math::max);
    }

    /** Where calls hung beyond their end, and for how long at most, in nanoseconds. */
    Map<String, Long> hanging() {
        return hanging;
    }

    long count(End end) {
        return ends.getOrDefault(end, 0L);
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
