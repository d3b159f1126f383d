package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;

/** Puts the same question to an assignor of the Java client. */
final class Kafkas {
    private Kafkas() {}

    /** Its decision, in our words, each member's partitions sorted. */
    static Map<String, List<TopicPartition>> assign(
            ConsumerPartitionAssignor theirs, Topics topics, List<Subscriber> members) {
        Map<String, Subscription> subscriptions = new HashMap<>();
        members.forEach(member -> subscriptions.put(member.memberId(), subscription(member)));
        Map<String, List<TopicPartition>> result = new TreeMap<>();
        theirs.assign(cluster(topics), new GroupSubscription(subscriptions))
                .groupAssignment()
                .forEach((member, assignment) -> result.put(
                        member,
                        assignment.partitions().stream()
                                .map(p -> new TopicPartition(p.topic(), p.partition()))
                                .sorted()
                                .toList()));
        return result;
    }

    private static Subscription subscription(Subscriber member) {
        Subscription subscription = new Subscription(
                new ArrayList<>(member.topics()),
                member.userData(),
                partitions(member.ownedPartitions()),
                member.generation(),
                Optional.ofNullable(member.rack()));
        subscription.setGroupInstanceId(Optional.ofNullable(member.instanceId()));
        return subscription;
    }

    static List<org.apache.kafka.common.TopicPartition> partitions(Collection<TopicPartition> ours) {
        return ours.stream()
                .map(p -> new org.apache.kafka.common.TopicPartition(p.topic(), p.partition()))
                .toList();
    }

    private static Cluster cluster(Topics topics) {
        Node nowhere = new Node(1, "localhost", 9092);
        Map<String, Node> nodes = new TreeMap<>();
        topics.racks()
                .values()
                .forEach(racks ->
                        racks.forEach(rack -> nodes.put(rack, new Node(rack.hashCode(), "localhost", 9092, rack))));
        List<PartitionInfo> partitions = new ArrayList<>();
        topics.partitionCounts().forEach((topic, count) -> {
            for (int p = 0; p < count; p++) {
                Set<String> racks = topics.racks().getOrDefault(new TopicPartition(topic, p), Set.of());
                Node[] replicas = racks.isEmpty()
                        ? new Node[] {nowhere}
                        : racks.stream().map(nodes::get).toArray(Node[]::new);
                partitions.add(new PartitionInfo(topic, p, replicas[0], replicas, replicas));
            }
        });
        nodes.put("", nowhere);
        return new Cluster("c", nodes.values(), partitions, Set.of(), Set.of());
    }
}
