package dev.kafkaloom.producer;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The partitions that have batches, the one served last at the end. All of it under the accumulator's lock. */
final class BusyPartitions {
    private static final int REQUEST_OVERHEAD = 512;

    private final long lingerNanos;
    private final int batchLimit;
    private final int requestLimit;
    private final Set<PartitionQueue> queues = new LinkedHashSet<>();

    BusyPartitions(ProducerConfig config) {
        this.lingerNanos = config.linger().toNanos();
        this.batchLimit = Math.min(config.batchSize(), config.maxRequestSize());
        this.requestLimit = config.maxRequestSize();
    }

    /** Bytes at which a batch is full. */
    int batchLimit() {
        return batchLimit;
    }

    int size() {
        return queues.size();
    }

    void add(Batch batch) {
        batch.queue().batches.addLast(batch);
        queues.add(batch.queue());
    }

    /** Whether it was there; if so the caller ends it. */
    boolean remove(Batch batch) {
        PartitionQueue queue = batch.queue();
        boolean head = queue.batches.peekFirst() == batch;
        if (!queue.batches.remove(batch)) {
            return false;
        }
        if (head) {
            queue.inFlight = false;
            queue.backingOff = false;
        }
        if (queue.batches.isEmpty()) {
            queues.remove(queue);
        }
        return true;
    }

    /** A copy, the oldest of each partition first. */
    List<Batch> batches() {
        return queues.stream().flatMap(queue -> queue.batches.stream()).toList();
    }

    Optional<TopicPartition> leaderless() {
        return queues.stream()
                .filter(queue -> queue.leader() == PartitionQueue.NO_LEADER)
                .map(PartitionQueue::partition)
                .findFirst();
    }

    /** Takes the batches that may be sent to a leader now: one of each partition, together not more than one request. */
    List<Batch> take(int leader, long now, boolean hurry) {
        List<Batch> ready = new ArrayList<>();
        int size = REQUEST_OVERHEAD;
        for (PartitionQueue queue : queues) {
            if (queue.leader() == leader && queue.readyIn(now, lingerNanos, batchLimit, hurry) == 0) {
                Batch head = queue.batches.getFirst();
                size += head.bytes();
                if (size > requestLimit && !ready.isEmpty()) {
                    break;
                }
                ready.add(head);
            }
        }
        ready.forEach(this::taken);
        return ready;
    }

    private void taken(Batch head) {
        PartitionQueue queue = head.queue();
        head.close();
        queue.inFlight = true;
        queue.backingOff = false;
        queues.remove(queue);
        queues.add(queue);
    }

    /** Nanoseconds until something may be sent to a leader; {@link Long#MAX_VALUE}: not before something happens. */
    long readyIn(int leader, long now, boolean hurry) {
        return queues.stream()
                .filter(queue -> queue.leader() == leader)
                .mapToLong(queue -> queue.readyIn(now, lingerNanos, batchLimit, hurry))
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
