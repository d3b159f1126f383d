package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.Sink.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A record on its way to the child process and back. It is settled once. Thread-safe. */
final class ExecWork {
    private static final int WAITING = 0;
    private static final int SENT = 1;
    private static final int WITHDRAWN = 2;

    private final ConsumedRecord record;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final AtomicInteger state = new AtomicInteger(WAITING);
    private volatile long seq = -1;

    ExecWork(ConsumedRecord record) {
        this.record = record;
    }

    ConsumedRecord record() {
        return record;
    }

    /** Whether it may be sent, as number {@code number}; not when it was withdrawn. */
    boolean send(long number) {
        seq = number;
        return state.compareAndSet(WAITING, SENT);
    }

    /** Whether it was taken back before it was sent. */
    boolean withdraw() {
        return state.compareAndSet(WAITING, WITHDRAWN);
    }

    /** The number that it was sent with; -1 before. */
    long seq() {
        return seq;
    }

    void settle(Outcome with) {
        outcome.complete(with);
    }

    /** Null when it is not settled within that time. */
    Outcome await(Duration timeout) throws InterruptedException {
        try {
            return outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // nobody completes it so
        }
    }
}
