package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls the {@link RebalanceListener} for one member: one call after another, in the order they were asked for, on a coroutine of its own
 * (none, when nobody listens). Thread-safe; asking does not block.
 */
final class ListenerCalls {
    private interface Call {
        void run() throws Exception;
    }

    private final RebalanceListener listener;
    private final Runnable onFailure;
    private final BlockingQueue<FutureTask<Void>> calls = new LinkedBlockingQueue<>();
    private volatile ListenerFailed failure;

    /** {@code onFailure} runs when {@link #failure()} has something to tell. */
    ListenerCalls(RebalanceListener listener, Runnable onFailure) {
        this.listener = listener;
        this.onFailure = onFailure;
    }

    /** Begins to call. */
    void start(Scope scope, String name) {
        if (!listener.equals(RebalanceListener.NONE)) {
            scope.go(name + "/listener", () -> {
                while (true) {
                    calls.take().run();
                }
            });
        }
    }

    /** {@link RebalanceListener#assigned}; who waits for the result waits for its end. */
    Future<Void> assigned(Collection<TopicPartition> partitions, long epoch) {
        return call("assigned(" + partitions + ")", () -> listener.assigned(partitions, epoch));
    }

    /** {@link RebalanceListener#revoked}. */
    Future<Void> revoked(Collection<TopicPartition> partitions, long epoch) {
        return call("revoked(" + partitions + ")", () -> listener.revoked(partitions, epoch));
    }

    /** {@link RebalanceListener#lost}. */
    Future<Void> lost(Collection<TopicPartition> partitions, long epoch) {
        return call("lost(" + partitions + ")", () -> listener.lost(partitions, epoch));
    }

    private Future<Void> call(String what, Call call) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            try {
                call.run();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // ends the coroutine at its next wait
            } catch (Throwable thrown) {
                failure = new ListenerFailed(what, thrown);
                onFailure.run();
            }
            return null;
        });
        if (listener.equals(RebalanceListener.NONE)) {
            task.run();
        } else {
            calls.add(task);
        }
        return task;
    }

    /** Waits until all that was asked for so far is done; false when it is not within that time. */
    boolean await(Duration timeout) throws InterruptedException {
        try {
            call("nothing", () -> {}).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException _) {
            return false;
        }
    }

    /** What the listener threw, if it did: the member is to fail with it. */
    Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }
}
