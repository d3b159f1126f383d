package dev.kafkaloom.consumer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.consumer.assignor.Assignors;
import dev.kafkaloom.consumer.assignor.Subscriber;
import dev.kafkaloom.consumer.assignor.Topics;
import dev.kafkaloom.message.JoinGroupResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader of a group decides for one generation, for its own and everybody else's members, whatever client they are.
 * Immutable.
 *
 * @param assignments by member id, as it goes into SyncGroup
 * @param partitionCounts of all topics that a member subscribed to, as the decision was taken; 0 for one that does not exist
 * @param members all member ids
 */
record LeaderPlan(Map<String, ByteBuffer> assignments, Map<String, Integer> partitionCounts, List<String> members) {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderPlan.class);
    /** What a member that does not lead knows. */
    static final LeaderPlan NONE = new LeaderPlan(Map.of(), Map.of(), List.of());

    /** Looks up the partitions of all subscribed topics and divides them; blocks on metadata. */
    static LeaderPlan make(KafkaClient client, JoinGroupResponse joined) throws InterruptedException {
        List<Subscriber> subscribers = new ArrayList<>();
        Set<String> topics = new HashSet<>();
        for (var member : joined.members()) {
            Subscriber subscriber = subscriber(member);
            subscribers.add(subscriber);
            topics.addAll(subscriber.topics());
        }
        Map<String, Integer> counts = partitionCounts(client.clusterWith(topics), topics);
        Map<String, ByteBuffer> assignments = new TreeMap<>();
        Assignors.named(joined.protocolName())
                .assign(Topics.of(counts), subscribers)
                .forEach((member, partitions) -> assignments.put(member, ConsumerProtocol.assignment(partitions)));
        return new LeaderPlan(
                assignments,
                counts,
                subscribers.stream().map(Subscriber::memberId).sorted().toList());
    }

    private static Subscriber subscriber(JoinGroupResponse.JoinGroupResponseMember member) {
        try {
            return ConsumerProtocol.subscriber(member.memberId(), member.groupInstanceId(), member.metadata());
        } catch (KafkaException.MalformedMessage e) {
            LOG.warn("member {} gets nothing, its subscription cannot be read: {}", member.memberId(), e.oneLine());
            return Subscriber.of(member.memberId(), List.of());
        }
    }

    /** How many partitions each of these topics has; 0 for one that does not exist. */
    static Map<String, Integer> partitionCounts(Cluster cluster, Collection<String> topics) {
        Map<String, Integer> counts = new HashMap<>();
        for (String topic : topics) {
            TopicInfo info = cluster.topics().get(topic);
            counts.put(
                    topic,
                    info != null && info.error() == ErrorCode.NONE
                            ? info.partitions().size()
                            : 0);
        }
        return counts;
    }

    /** Names what has been added to the subscribed topics since, empty if nothing was: then the group has to be rebalanced. */
    String growth(Cluster now) {
        for (var count : partitionCounts(now, partitionCounts.keySet()).entrySet()) {
            int before = partitionCounts.get(count.getKey());
            if (count.getValue() > before) {
                return "topic " + count.getKey() + " grew from " + before + " to " + count.getValue() + " partitions";
            }
        }
        return "";
    }
}
