package dev.kafkaloom.consumer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.PartitionInfo;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.consumer.assignor.Subscriber;
import dev.kafkaloom.consumer.assignor.Topics;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** In which racks the partitions have their replicas, for assignors that look at that (KIP-881). Stateless. */
final class ReplicaRacks {
    private ReplicaRacks() {}

    /** What there is to share out; the racks are looked up only if a member has named its own. */
    static Topics topics(Cluster cluster, Map<String, Integer> counts, List<Subscriber> members) {
        if (cluster.racks().isEmpty() || members.stream().allMatch(member -> member.rack() == null)) {
            return Topics.of(counts);
        }
        Map<TopicPartition, Set<String>> racks = new HashMap<>();
        for (String name : counts.keySet()) {
            TopicInfo topic = cluster.topics().get(name);
            if (topic != null) {
                topic.partitions()
                        .forEach(each -> racks.put(new TopicPartition(name, each.partition()), of(each, cluster)));
            }
        }
        return new Topics(counts, racks);
    }

    private static Set<String> of(PartitionInfo partition, Cluster cluster) {
        return partition.replicas().stream()
                .map(cluster.racks()::get)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
