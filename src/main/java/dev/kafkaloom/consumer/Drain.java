package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions on their way to be given back: their handlers may finish, then the listener is told, then what is done is committed. {@link
 * #run} is the body of the coroutine {@code group-<id>/member-<i>/drain}; everything else may be called from any thread.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final Duration FINAL_COMMIT = Duration.ofSeconds(10);

    private final String name;
    private final Map<TopicPartition, Assignment> partitions;
    private final Map<TopicPartition, PartitionWork> works;
    private boolean told; // guarded by this
    private volatile Coroutine coroutine;
    private volatile boolean over;

    /** {@code works} are those of the partitions that have begun. */
    Drain(String name, Map<TopicPartition, Assignment> partitions, Map<TopicPartition, PartitionWork> works) {
        this.name = name;
        this.partitions = Map.copyOf(partitions);
        this.works = Map.copyOf(works);
    }

    Map<TopicPartition, PartitionWork> works() {
        return works;
    }

    /** Begins. However it ends, {@code end} is run, then it is over, then {@code changed} is raised. */
    void start(
            Scope scope, Duration timeout, ListenerCalls listener, Committer committer, Runnable end, Signal changed) {
        coroutine = scope.go(name + "/drain", () -> {
            try {
                run(scope, timeout, listener, committer);
            } catch (ExecutionException | RuntimeException e) {
                LOG.error("{}: giving partitions back went wrong", name, e);
            } finally {
                end.run();
                over = true;
                changed.raise();
            }
        });
    }

    private void run(Scope scope, Duration timeout, ListenerCalls listener, Committer committer)
            throws InterruptedException, ExecutionException {
        List<Coroutine> drains = new ArrayList<>();
        works.forEach((tp, work) -> drains.add(scope.go("partition-" + tp + "/drain", () -> drain(tp, work, timeout))));
        for (Coroutine drain : drains) {
            if (!drain.join(timeout.plusSeconds(1))) {
                drain.interrupt();
            }
        }
        for (Future<Void> call : tellRevoked(listener)) {
            call.get();
        }
        try {
            committer.commitByItself(FINAL_COMMIT);
        } catch (Rejoin | KafkaException e) {
            LOG.warn(
                    "{}: could not commit before giving {} back, some records will come again: {}",
                    name,
                    partitions.keySet(),
                    e.getMessage());
        }
    }

    private void drain(TopicPartition tp, PartitionWork work, Duration timeout) throws InterruptedException {
        if (!work.drain(timeout)) {
            LOG.warn(
                    "{}: the handler of {} did not end within {} ms; what it does from now on will be done again",
                    name,
                    tp,
                    timeout.toMillis());
        }
    }

    private synchronized List<Future<Void>> tellRevoked(ListenerCalls listener) {
        List<Future<Void>> calls = new ArrayList<>();
        if (!told) {
            told = true;
            byEpoch(partitions).forEach((epoch, some) -> calls.add(listener.revoked(some, epoch)));
        }
        return calls;
    }

    /** Ends it at once, because the partitions are lost. Returns those of which the listener does not know yet. */
    Map<TopicPartition, Assignment> abandon() {
        Coroutine running = coroutine;
        if (running != null) {
            running.interrupt();
        }
        synchronized (this) {
            Map<TopicPartition, Assignment> untold = told ? Map.of() : partitions;
            told = true;
            return untold;
        }
    }

    static Map<Long, List<TopicPartition>> byEpoch(Map<TopicPartition, Assignment> partitions) {
        Map<Long, List<TopicPartition>> byEpoch = new TreeMap<>();
        new TreeMap<>(partitions)
                .forEach((tp, under) -> byEpoch.computeIfAbsent(under.epoch(), _ -> new ArrayList<>())
                        .add(tp));
        byEpoch.replaceAll((_, some) -> List.copyOf(some));
        return byEpoch;
    }

    /** Whether it is done. */
    boolean isOver() {
        return over;
    }
}
