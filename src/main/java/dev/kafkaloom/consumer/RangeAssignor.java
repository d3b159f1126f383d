package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Kafka's {@code range}: each topic by itself, its partitions in order, cut into one run per subscribed member; the first members get
 * one more when it does not come out even. Members are sorted as the Java client sorts them (static ones first, by instance id, then
 * by member id), so that any leader of a mixed group decides the same. Racks (KIP-881) are not looked at. Stateless.
 */
final class RangeAssignor {
    /** Its name in the group protocol and in the configuration. */
    static final String NAME = "range";

    /** A member as the coordinator told its leader: {@code instanceId} null for a dynamic member. */
    record Subscriber(String memberId, String instanceId, Collection<String> topics) {}

    private static final Comparator<Subscriber> ORDER = Comparator.comparing(
                    Subscriber::instanceId, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Subscriber::memberId);

    private RangeAssignor() {}

    /**
     * Cuts every topic.
     *
     * @param partitionCounts partitions of each existing topic; a subscribed topic that is missing here is left out
     * @return partitions by member id, an entry for every member, sorted by topic and partition
     */
    static Map<String, List<TopicPartition>> assign(
            Map<String, Integer> partitionCounts, Collection<Subscriber> members) {
        Map<String, List<TopicPartition>> assignment = new TreeMap<>();
        Set<String> topics = new TreeSet<>();
        for (Subscriber member : members) {
            assignment.put(member.memberId(), new ArrayList<>());
            topics.addAll(member.topics());
        }
        for (String topic : topics) {
            List<Subscriber> subscribed = members.stream()
                    .filter(m -> m.topics().contains(topic))
                    .sorted(ORDER)
                    .toList();
            int partitions = partitionCounts.getOrDefault(topic, 0);
            int each = partitions / subscribed.size();
            int withOneMore = partitions % subscribed.size();
            int next = 0;
            for (int i = 0; i < subscribed.size(); i++) {
                int end = next + each + (i < withOneMore ? 1 : 0);
                List<TopicPartition> mine = assignment.get(subscribed.get(i).memberId());
                for (; next < end; next++) {
                    mine.add(new TopicPartition(topic, next));
                }
            }
        }
        return assignment;
    }

    /** The topics of all of them. */
    static Set<String> topics(Collection<Subscriber> members) {
        Set<String> all = new HashSet<>();
        members.forEach(m -> all.addAll(m.topics()));
        return all;
    }
}
