package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The partitions that a group gives to the members of this process. */
record GroupSource(ConsumerGroup group) implements Source {
    @Override
    public Map<TopicPartition, PartitionWork> works() {
        return group.works();
    }

    @Override
    public Optional<PartitionWork> work(TopicPartition partition) {
        return group.work(partition);
    }

    @Override
    public void commitDone(Duration timeout) throws InterruptedException {
        group.commitNow(timeout);
    }

    @Override
    public void commit(Map<TopicPartition, CommittedOffset> offsets, Duration timeout) throws InterruptedException {
        group.commit(offsets, timeout);
    }

    @Override
    public Optional<RuntimeException> failure() {
        return group.failure();
    }

    @Override
    public void close(Duration within) {
        group.close(within);
    }
}
