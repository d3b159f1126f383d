package dev.kafkaloom.protocol;

import java.util.Objects;

/**
 * A partition of a topic, by name and number. Ordered by topic, then by number.
 *
 * @param topic the topic's name
 * @param partition the partition's number, from 0
 */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {
    public TopicPartition {
        Objects.requireNonNull(topic, "topic");
    }

    @Override
    public int compareTo(TopicPartition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    /** For example {@code orders-3}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
