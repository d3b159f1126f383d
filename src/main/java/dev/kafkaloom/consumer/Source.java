package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Where the partitions of a {@link Consumer} come from. Thread-safe. */
sealed interface Source permits GroupSource, ManualSource {
    /** The partitions at work now. */
    Map<TopicPartition, PartitionWork> works();

    /** One of them. */
    Optional<PartitionWork> work(TopicPartition partition);

    /**
     * Commits what is done.
     *
     * @throws KafkaException when it cannot be done within the time
     */
    void commitDone(Duration timeout) throws InterruptedException;

    /** Commits given offsets, whatever is done. Throws as {@link #commitDone}. */
    void commit(Map<TopicPartition, CommittedOffset> offsets, Duration timeout) throws InterruptedException;

    /** Why nothing comes any more, if that is so. */
    Optional<RuntimeException> failure();

    /** Waits for what is being handled, commits what is done, ends everything; within about that time. Once. */
    void close(Duration within);
}
