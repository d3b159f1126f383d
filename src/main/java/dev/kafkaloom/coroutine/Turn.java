package dev.kafkaloom.coroutine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How a loop on a virtual thread lets the others run: they are not time-sliced. {@link Thread#yield()} alone does not do it. What yields goes to a
 * queue of its own carrier, which goes on with that queue as long as it holds something; as many loops that yield as there are carriers therefore
 * keep all others, heartbeats as well, from running for as long as they have work. A park, however short, empties that queue, and the carrier
 * looks at the others; it costs some tens of microseconds, so it comes only after a while. Used by one thread.
 */
public final class Turn {
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private long since = System.nanoTime();

    /** Lets others run; to be called again and again, from where nothing is held. */
    @SuppressWarnings("ThreadPriorityCheck") // not for correctness: see above
    public void pass() {
        if (System.nanoTime() - since < SLICE_NANOS || !Thread.currentThread().isVirtual()) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(this, 1);
            since = System.nanoTime();
        }
    }
}
