package dev.kafkaloom.coroutine;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Tells when virtual threads no longer get to run. They are not time-sliced: as many spinning ones as there are carriers starve
 * every heartbeat for as long as they spin. A platform thread asks a virtual one for an answer again and again and measures how
 * long it takes. Listeners are told on that platform thread, once when a starvation begins and once when it is over.
 *
 * <p>What stops the whole process (a debugger, a suspended machine) is not taken for a starvation.
 */
public final class Watchdog {
    /**
     * A starvation.
     *
     * @param delay   how long virtual threads had been waiting for a carrier
     * @param holders the coroutines that held the carriers then, by name
     */
    public record Alarm(Duration delay, List<Holder> holders) {
        public Alarm {
            holders = List.copyOf(holders);
        }

        /** One line: how long, and who holds the carriers for how long and where. */
        @Override
        public String toString() {
            return "virtual threads have been waiting for a carrier for " + delay.toMillis()
                    + " ms, heartbeats as well; the carriers are held by "
                    + holders.stream().map(Holder::toString).collect(Collectors.joining(", "));
        }
    }

    /**
     * A coroutine that does not let go of its carrier.
     *
     * @param name  of the coroutine and its thread
     * @param held  for how long at least, as far as it was looked at
     * @param where the top of its stack, the JDK's own frames left out
     */
    public record Holder(String name, Duration held, String where) {
        @Override
        public String toString() {
            return name + " for " + held.toMillis() + " ms" + (where.isEmpty() ? "" : " at " + where);
        }
    }

    /** Is told of starvations; must not block. */
    public interface Listener {
        /** Virtual threads have not run for the alarm time. */
        void starving(Alarm alarm);

        /** They run again, after so long. */
        void over(Duration delay);
    }

    private final long alarmNanos;
    private final long stepNanos;
    private final Listener listener;
    private final AtomicLong asked = new AtomicLong();
    private volatile long answered;
    private volatile Thread ticker; // parked between two questions
    private volatile Thread watcher;
    private volatile long worstNanos;
    private volatile long lastNanos;
    private volatile long askedAt; // 0: nobody waits for an answer
    private volatile Alarm now; // null: nobody starves

    private Watchdog(Duration alarm, Listener listener) {
        this.alarmNanos = Math.max(1, alarm.toNanos());
        this.stepNanos = Math.max(1, alarmNanos / 4);
        this.listener = listener;
    }

    /** Starts watching until the scope ends; asks four times within the span {@code alarm}. */
    public static Watchdog start(Scope scope, Duration alarm, Listener listener) {
        Watchdog watchdog = new Watchdog(alarm, listener);
        scope.go("watchdog-tick", watchdog::answer);
        scope.goPlatform("watchdog", watchdog::watch);
        return watchdog;
    }

    /** The longest that a virtual thread had to wait for its turn so far. */
    public Duration worstDelay() {
        return Duration.ofNanos(worstNanos);
    }

    /** How long the last one had to wait, or has been waiting by now. */
    public Duration delay() {
        long since = askedAt;
        return Duration.ofNanos(since == 0 ? lastNanos : Math.max(lastNanos, System.nanoTime() - since));
    }

    /** The starvation that goes on now, as it was last looked at. */
    public Optional<Alarm> starvation() {
        return Optional.ofNullable(now);
    }

    private void answer() throws InterruptedException {
        Coroutine.waitingFor("next tick");
        ticker = Thread.currentThread();
        while (!Thread.interrupted()) {
            long question = asked.get();
            if (question == answered) {
                LockSupport.park(this);
            } else {
                answered = question;
                LockSupport.unpark(watcher);
            }
        }
        throw new InterruptedException();
    }

    private void watch() throws InterruptedException {
        watcher = Thread.currentThread();
        while (true) {
            long begun = System.nanoTime();
            long question = asked.incrementAndGet();
            askedAt = begun;
            LockSupport.unpark(ticker);
            waitFor(question, begun);
            lastNanos = System.nanoTime() - begun;
            worstNanos = Math.max(worstNanos, lastNanos); // only this thread writes it
            askedAt = 0;
            Thread.sleep(Duration.ofNanos(stepNanos));
        }
    }

    private void waitFor(long question, long begun) throws InterruptedException {
        Map<String, Long> heldSince = Map.of();
        long counted = 0; // without what this thread itself was late by
        long last = begun;
        while (answered != question) {
            LockSupport.parkNanos(this, Math.min(stepNanos, Math.max(1, alarmNanos - counted)));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long at = System.nanoTime();
            counted += Math.min(at - last, 2 * stepNanos);
            last = at;
            worstNanos = Math.max(worstNanos, at - begun);
            if (answered != question) {
                heldSince = lookAtHolders(heldSince, heldSince.isEmpty() ? begun : at);
                if (counted >= alarmNanos) {
                    raise(at, begun, heldSince);
                }
            }
        }
        if (now != null) {
            now = null;
            listener.over(Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private static Map<String, Long> lookAtHolders(Map<String, Long> before, long since) {
        Map<String, Long> heldSince = new HashMap<>();
        for (Coroutine each : CoroutineRegistry.holdersOfCarriers()) {
            heldSince.put(each.name(), before.getOrDefault(each.name(), since));
        }
        return heldSince;
    }

    private void raise(long at, long begun, Map<String, Long> heldSince) {
        boolean first = now == null;
        List<Holder> holders = CoroutineRegistry.holdersOfCarriers().stream()
                .map(each -> new Holder(
                        each.name(), Duration.ofNanos(at - heldSince.getOrDefault(each.name(), at)), each.where()))
                .toList();
        now = new Alarm(Duration.ofNanos(at - begun), holders);
        if (first) {
            listener.starving(now);
        }
    }
}
