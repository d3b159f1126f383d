package dev.kafkaloom.coroutine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Tells when virtual threads no longer get to run. They are not time-sliced: as many spinning ones as there are carriers starve
 * every heartbeat for as long as they spin. A platform thread asks a virtual one for an answer again and again and measures how
 * long it takes. The alarm runs on that platform thread, once for each starvation.
 */
public final class Watchdog {
    /**
     * @param delay   how long the tick had been waiting for a carrier when the alarm was raised
     * @param holders names of the coroutines that held the carriers then
     */
    public record Alarm(Duration delay, List<String> holders) {}

    private final long alarmNanos;
    private final Consumer<Alarm> onAlarm;
    private final AtomicLong asked = new AtomicLong();
    private volatile long answered;
    private volatile Thread ticker; // parked between two questions
    private volatile Thread watcher;
    private volatile long worstNanos;

    private Watchdog(Duration alarm, Consumer<Alarm> onAlarm) {
        this.alarmNanos = Math.max(1, alarm.toNanos());
        this.onAlarm = onAlarm;
    }

    /** Starts watching until the scope ends; asks four times within the span {@code alarm}. */
    public static Watchdog start(Scope scope, Duration alarm, Consumer<Alarm> onAlarm) {
        Watchdog watchdog = new Watchdog(alarm, onAlarm);
        scope.go("watchdog-tick", watchdog::answer);
        scope.goPlatform("watchdog", watchdog::watch);
        return watchdog;
    }

    /** The longest that a virtual thread had to wait for its turn so far. */
    public Duration worstDelay() {
        return Duration.ofNanos(worstNanos);
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
            LockSupport.unpark(ticker);
            waitFor(question, begun);
            worstNanos = Math.max(worstNanos, System.nanoTime() - begun); // only this thread writes it
            Thread.sleep(Duration.ofNanos(alarmNanos / 4));
        }
    }

    private void waitFor(long question, long begun) throws InterruptedException {
        boolean raised = false;
        while (answered != question) {
            long delay = System.nanoTime() - begun;
            worstNanos = Math.max(worstNanos, delay);
            if (delay >= alarmNanos && !raised) {
                raised = true;
                onAlarm.accept(new Alarm(Duration.ofNanos(delay), CoroutineRegistry.holdersOfCarriers()));
            }
            LockSupport.parkNanos(this, raised ? alarmNanos / 4 : Math.max(1, alarmNanos - delay));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
