package dev.kafkaloom.consumer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.consumer.assignor.Assignor;
import dev.kafkaloom.consumer.assignor.Assignors;
import dev.kafkaloom.consumer.assignor.Subscriber;
import dev.kafkaloom.message.JoinGroupResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader of a group decides for one generation, for its own and everybody else's members, whatever client they are.
 * Immutable.
 *
 * @param assignments by member id, as it goes into SyncGroup; none when the coordinator keeps the assignment there is (KIP-814)
 * @param partitionCounts of all topics that a member subscribed to, as the decision was taken; 0 for one that does not exist
 * @param members all member ids
 * @param asOf when the metadata were loaded that it is based on
 */
record LeaderPlan(
        Map<String, ByteBuffer> assignments, Map<String, Integer> partitionCounts, List<String> members, Instant asOf) {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderPlan.class);
    /** What a member that does not lead knows. */
    static final LeaderPlan NONE = new LeaderPlan(Map.of(), Map.of(), List.of(), Instant.MIN);

    /**
     * Looks up the partitions of all subscribed topics and divides them; blocks on metadata.
     *
     * @param notBefore metadata that are older will not do: somebody has seen newer ones
     * @throws IllegalStateException naming what is wrong, when the assignor's result cannot be used
     */
    static LeaderPlan make(KafkaClient client, JoinGroupResponse joined, Assignor assignor, Instant notBefore)
            throws InterruptedException {
        List<Subscriber> subscribers =
                joined.members().stream().map(LeaderPlan::subscriber).toList();
        Set<String> topics = new TreeSet<>();
        subscribers.forEach(subscriber -> topics.addAll(subscriber.topics()));
        if (client.clusterWith(topics).loadedAt().isBefore(notBefore)) {
            client.refreshCluster("the group is to be divided by what was seen since");
        }
        Cluster cluster = client.clusterWith(topics);
        Map<String, Integer> counts = Subscription.partitionCounts(cluster, topics);
        Map<String, ByteBuffer> assignments = new TreeMap<>();
        if (!joined.skipAssignment()) {
            Map<String, List<TopicPartition>> result =
                    assignor.assign(ReplicaRacks.topics(cluster, counts, subscribers), subscribers);
            check(assignor, counts, subscribers, result);
            subscribers.forEach(each -> assignments.put(
                    each.memberId(), ConsumerProtocol.assignment(result.getOrDefault(each.memberId(), List.of()))));
        }
        return new LeaderPlan(
                assignments,
                counts,
                subscribers.stream().map(Subscriber::memberId).sorted().toList(),
                cluster.loadedAt());
    }

    private static Subscriber subscriber(JoinGroupResponse.JoinGroupResponseMember member) {
        try {
            return ConsumerProtocol.subscriber(member.memberId(), member.groupInstanceId(), member.metadata());
        } catch (KafkaException.MalformedMessage e) {
            LOG.warn("member {} gets nothing, its subscription cannot be read: {}", member.memberId(), e.oneLine());
            return Subscriber.of(member.memberId(), List.of());
        }
    }

    /**
     * Assignors may be anybody's: a partition with two owners would be read twice for as long as the generation lasts. So would one that
     * a cooperative assignor moves at once, before its owner has given it back. What goes to nobody, or does not exist, nobody would read.
     */
    static void check(
            Assignor assignor,
            Map<String, Integer> partitionCounts,
            List<Subscriber> subscribers,
            Map<String, List<TopicPartition>> result) {
        boolean known = Assignors.all().contains(assignor);
        refuseIf(result == null, assignor, "returned null");
        Set<String> members = subscribers.stream().map(Subscriber::memberId).collect(Collectors.toSet());
        Map<TopicPartition, String> owners = new HashMap<>();
        result.forEach((member, partitions) -> {
            refuseIf(!members.contains(member), assignor, "names a member that there is not: " + member);
            refuseIf(
                    partitions == null,
                    assignor,
                    "gave null to " + member + ": it takes an empty list to give nothing");
            partitions.forEach(tp -> {
                refuseIf(tp == null, assignor, "gave null for a partition to " + member);
                boolean exists =
                        known || (tp.partition() >= 0 && tp.partition() < partitionCounts.getOrDefault(tp.topic(), 0));
                refuseIf(!exists, assignor, "gave " + tp + " to " + member + ": nobody subscribed to such a partition");
                String other = owners.put(tp, member);
                refuseIf(
                        other != null,
                        assignor,
                        "gave " + tp + " to " + member + " and to " + other + ": each partition may have one owner");
            });
        });
        if (known) {
            return; // of those that say they own something, it believes the latest
        }
        subscribers.forEach(each -> each.ownedPartitions().forEach(tp -> {
            String next = owners.getOrDefault(tp, each.memberId());
            if (!next.equals(each.memberId())) {
                throw new IllegalStateException("the assignor '" + assignor.name() + "' moved " + tp + " from "
                        + each.memberId() + " to " + next
                        + " at once: a cooperative one gives it to nobody first, until its owner has given it back");
            }
        }));
    }

    private static void refuseIf(boolean wrong, Assignor assignor, String what) {
        if (wrong) {
            throw new IllegalStateException("the assignor '" + assignor.name() + "' " + what);
        }
    }

    /** Names what has become of the subscribed topics since, empty if nothing: then the group has to be rebalanced. */
    String change(Cluster now) {
        if (!now.loadedAt().isAfter(asOf)) {
            return ""; // it knows better
        }
        List<String> changes = new ArrayList<>();
        new TreeMap<>(partitionCounts).forEach((topic, before) -> {
            TopicInfo info = now.topics().get(topic);
            if (info == null || !info.exists()) {
                if (before > 0) {
                    changes.add("topic " + topic + " is gone");
                }
            } else if (info.error() == ErrorCode.NONE && info.partitions().size() != before) {
                changes.add(
                        before == 0
                                ? "topic " + topic + " is there now"
                                : "topic " + topic + " went from " + before + " to "
                                        + info.partitions().size() + " partitions");
            }
        });
        return String.join(", ", changes);
    }
}
