package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The beginning and the end of a {@link Consumer}: who first wants to use it starts its source, on a coroutine, so that nobody waits
 * longer than he likes. A start that fails is tried again by the next who wants it. Thread-safe.
 */
final class Starting {
    private static final Duration CLOSE_ALLOWANCE = Duration.ofSeconds(1);

    private final Consumer.Origin origin;
    private final Scope scope;
    private final String name;
    private final Runnable wakeAll;
    private volatile Work chosen; // written under the lock of this
    private CompletableFuture<Source> begun; // guarded by this, as the next
    private Coroutine starter;
    private volatile Source source;
    private volatile boolean closed;

    /** {@code wakeAll} makes everybody who waits look around. */
    Starting(Consumer.Origin origin, Scope scope, String name, Runnable wakeAll) {
        this.origin = origin;
        this.scope = scope;
        this.name = name;
        this.wakeAll = wakeAll;
    }

    /**
     * The source, started for that work, or null when it is not by then.
     *
     * @throws KafkaException what kept it from starting, or that this is closed
     * @throws IllegalStateException when it was started for other work
     */
    Source await(Work work, long nanos) throws InterruptedException {
        if (source != null && work.equals(chosen) && !closed) {
            return source;
        }
        CompletableFuture<Source> start = begin(work);
        try {
            return start.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return null;
        } catch (ExecutionException e) {
            forget(start);
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        }
    }

    /** The same for any work; it is started for {@code otherwise} when it was not for anything yet. */
    Source awaitAny(Work otherwise, long nanos) throws InterruptedException {
        Work work;
        synchronized (this) {
            work = chosen == null ? otherwise : chosen;
        }
        return await(work, nanos);
    }

    private synchronized CompletableFuture<Source> begin(Work work) {
        if (closed) {
            throw new KafkaException.Closed(name + " is closed");
        }
        if (chosen != null && !chosen.equals(work)) {
            throw new IllegalStateException(name + " is already "
                    + (chosen instanceof Polling ? "polled" : "run with a handler") + ": use another consumer");
        }
        chosen = work;
        if (begun == null) {
            CompletableFuture<Source> fresh = new CompletableFuture<>();
            begun = fresh;
            starter = scope.go(name + "/start", () -> start(work, fresh));
        }
        return begun;
    }

    private void start(Work work, CompletableFuture<Source> into) throws InterruptedException {
        try {
            source = origin.start(work, scope, name, wakeAll);
            into.complete(source);
        } catch (InterruptedException e) {
            into.completeExceptionally(new KafkaException.Closed(name + " was closed while it started"));
            throw e;
        } catch (Throwable e) { // whatever it is, somebody waits for it
            into.completeExceptionally(e);
        }
    }

    @SuppressWarnings("UndefinedEquals") // the same one is meant
    private synchronized void forget(CompletableFuture<Source> failed) {
        if (failed.equals(begun)) {
            begun = null;
        }
    }

    /** The source, once it is started. */
    Optional<Source> started() {
        return Optional.ofNullable(source);
    }

    boolean isClosed() {
        return closed;
    }

    /** Throws why nothing comes any more, if that is so: it is closed, or its source has failed. */
    void throwFailure() {
        if (closed) {
            throw new KafkaException.Closed(name + " is closed");
        }
        throwFailureUnlessClosed();
    }

    void throwFailureUnlessClosed() {
        Source now = source;
        if (now != null && !closed) {
            if (scope.isCancelled()) {
                throw new KafkaException.Closed(name + " has ended with the scope that it runs in");
            }
            now.failure().ifPresent(failure -> {
                throw failure;
            });
        }
    }

    /** Ends everything, within about that time; false when it was closed before. */
    boolean close(Duration within) {
        Coroutine starts;
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
            starts = starter;
        }
        wakeAll.run();
        try {
            if (starts != null && source == null) {
                starts.interrupt();
                starts.join(CLOSE_ALLOWANCE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // what has started is closed all the same
        }
        if (source != null) {
            source.close(within);
        }
        return true;
    }
}
