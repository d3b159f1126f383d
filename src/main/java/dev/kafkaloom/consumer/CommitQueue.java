package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Commits that a program asked for, one after the other in the order in which it did, so that an older one never lands on a newer one.
 * Thread-safe; its coroutine starts with the first.
 */
final class CommitQueue {
    /** One commit, with a deadline of its own. */
    interface Commit {
        void run() throws InterruptedException;
    }

    private record Order(Commit commit, CompletableFuture<Void> result) {}

    private final Scope scope;
    private final String name;
    private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
    private boolean started; // guarded by this, as the next
    private boolean closed;

    CommitQueue(Scope scope, String name) {
        this.scope = scope;
        this.name = name;
    }

    /** Completes on the coroutine of this queue, which what depends on it must not block. */
    CompletableFuture<Void> submit(Commit commit) {
        Order order = new Order(commit, new CompletableFuture<>());
        synchronized (this) {
            if (closed) {
                throw new KafkaException.Closed(name + " is closed");
            }
            orders.add(order);
            if (!started) {
                started = true;
                scope.go(name + "/commits", this::run);
            }
        }
        return order.result;
    }

    /** Submits and waits. An interrupt ends the wait only. */
    void execute(Commit commit, Duration timeout) throws InterruptedException {
        try {
            submit(commit).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException _) {
            throw new KafkaException.RequestTimedOut(name + ": commit", timeout);
        }
    }

    private void run() throws InterruptedException {
        while (true) {
            Order order = orders.take();
            try {
                order.commit.run();
                order.result.complete(null);
            } catch (InterruptedException e) {
                order.result.completeExceptionally(closedNow());
                throw e;
            } catch (RuntimeException e) {
                order.result.completeExceptionally(e);
            }
        }
    }

    /** What was not begun fails. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        for (Order order = orders.poll(); order != null; order = orders.poll()) {
            order.result.completeExceptionally(closedNow());
        }
    }

    private KafkaException closedNow() {
        return new KafkaException.Closed(name + " was closed before it committed this");
    }
}
