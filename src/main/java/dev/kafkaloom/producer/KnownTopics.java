package dev.kafkaloom.producer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.TopicInfo;
import java.util.HashMap;
import java.util.Map;

/** The topics produced to. All of it under the accumulator's lock, but for {@link #generation()}. */
final class KnownTopics {
    private final Leaders leaders;
    private final Map<String, TopicQueues> topics = new HashMap<>();
    private volatile long generation = -1;

    KnownTopics(Leaders leaders) {
        this.leaders = leaders;
    }

    /** Of the newest snapshot taken over. */
    long generation() {
        return generation;
    }

    void observe(Cluster cluster) {
        for (TopicQueues topic : topics.values()) {
            TopicInfo info = cluster.topics().get(topic.name());
            if (info != null) {
                observe(topic, info, cluster.generation());
            }
        }
        generation = Math.max(generation, cluster.generation());
    }

    TopicQueues topic(TopicInfo info, long ofGeneration) {
        TopicQueues topic = topics.computeIfAbsent(info.name(), TopicQueues::new);
        if (topic.partitions().length < info.partitions().size()) {
            observe(topic, info, ofGeneration);
        }
        return topic;
    }

    private void observe(TopicQueues topic, TopicInfo info, long ofGeneration) {
        topic.observe(info, ofGeneration);
        for (PartitionQueue queue : topic.partitions()) {
            leaders.seen(queue.leader());
            if (!queue.batches.isEmpty()) {
                leaders.wake(queue.leader());
            }
        }
    }
}
