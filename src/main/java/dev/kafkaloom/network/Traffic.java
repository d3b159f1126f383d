package dev.kafkaloom.network;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The requests of one connection, from their caller's hand to their end: how many there may be, which of them have waited for long,
 * whether the broker wants none for a while, and since when there have been none. Thread-safe.
 *
 * <p>Who sends takes a place first. A connection that nobody uses is retired by taking all its places: so it cannot happen that a
 * caller hands a request to a connection that is just being closed for idleness.
 */
final class Traffic {
    private static final int GATE_OPEN = 1 << 20;

    private final int most;
    private final Semaphore places;
    private final Set<Slot<?>> live = ConcurrentHashMap.newKeySet(); // handed over, or on the wire
    private final InFlight inFlight = new InFlight();
    private volatile long lastUse = System.nanoTime();
    private volatile long throttledUntil = System.nanoTime();

    Traffic(int most) {
        this.most = most;
        this.places = new Semaphore(most, true); // fair: everyone's turn comes
    }

    /** On the wire, in the order of writing. */
    InFlight inFlight() {
        return inFlight;
    }

    /** Handed over, and not at its end. */
    int size() {
        return live.size();
    }

    /**
     * Waits until the broker takes requests, and for a place.
     *
     * @param request what wants to go, to whom, for the error
     * @throws KafkaException.RequestTimedOut when patience ended first
     */
    void enter(ApiKey request, String peer, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        awaitThrottle(request, peer, patience, end);
        if (places.tryAcquire() || places.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return;
        }
        String before = most == 1 ? "the request before it" : "the " + most + " requests before it";
        throw new KafkaException.RequestTimedOut(
                request.apiName() + " to " + peer + ", which has not answered " + before, patience);
    }

    private void awaitThrottle(ApiKey request, String peer, Duration patience, long end) throws InterruptedException {
        long until = throttledUntil;
        long left = until - System.nanoTime();
        if (left <= 0) {
            return;
        }
        TimeUnit.NANOSECONDS.sleep(Math.min(left, end - System.nanoTime()));
        if (until - end > 0) {
            throw new KafkaException.RequestTimedOut(
                    request.apiName() + " held back, because " + peer + " throttles this client for "
                            + TimeUnit.NANOSECONDS.toMillis(left) + " ms (a quota)",
                    patience);
        }
    }

    /** Gives a place back for which there was no use. */
    void leave() {
        places.release();
    }

    /** Enters a request that has a place. */
    void add(Slot<?> slot) {
        slot.hasPlace();
        live.add(slot);
    }

    /** Enters one of the handshake, which needs no place. */
    void addWithoutPlace(Slot<?> slot) {
        live.add(slot);
    }

    /** A request is at its end. */
    void remove(Slot<?> slot) {
        if (live.remove(slot) && slot.isPlaced()) {
            lastUse = System.nanoTime();
            places.release();
        }
    }

    /** Begins to count idle time anew. */
    void touch() {
        lastUse = System.nanoTime();
    }

    /** Takes all places if there has been nothing to do for so long; nobody gets in any more. */
    boolean retire(Duration limit) {
        if (isBusy(limit) || !places.tryAcquire(most)) {
            return false;
        }
        if (isBusy(limit)) { // someone was quicker
            places.release(most);
            return false;
        }
        return true;
    }

    private boolean isBusy(Duration limit) {
        long now = System.nanoTime();
        return now - lastUse < limit.toNanos() || throttledUntil - now > 0;
    }

    /** A response has come, and may say that the broker takes no requests for a while. */
    void heard(ApiKey api, short version, Response response) {
        Duration quiet = Throttling.after(api, version, response.throttleTimeMs());
        if (quiet.isPositive()) {
            throttledUntil = System.nanoTime() + quiet.toNanos();
        }
    }

    /** For how long still the broker takes no requests; zero when it does. */
    Duration throttled() {
        return Duration.ofNanos(Math.max(0, throttledUntil - System.nanoTime()));
    }

    /** For how long the broker has owed the answer that is due; zero when it owes none. */
    Duration silence(long now) {
        Slot<?> oldest = inFlight.oldest();
        return oldest == null ? Duration.ZERO : Duration.ofNanos(now - oldest.sentAt());
    }

    /** The first request whose time is over. */
    Optional<Slot<?>> overdue(long now) {
        return inFlight.first(slot -> slot.isOverdue(now));
    }

    /** Called by the deadline thread now and then: its requests keep the time of those who wait for them. */
    void tick(long now) {
        for (Slot<?> slot : live) {
            slot.tick(now);
        }
    }

    /** Fails what is here, and lets those through who wait for a place: they see that it is over. */
    void end(KafkaException cause) {
        for (Slot<?> slot : live) {
            slot.fail(cause);
        }
        live.clear();
        places.release(GATE_OPEN);
    }
}
