package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Kafka's {@code range}: each topic by itself, its partitions in order, cut into one run per subscribed member; the first members get
 * one more when it does not come out even. Racks (KIP-881) are not looked at. Stateless.
 */
final class RangeAssignor implements Assignor {
    @Override
    public String name() {
        return "range";
    }

    @Override
    public Map<String, List<TopicPartition>> assign(Topics topics, List<Subscriber> members) {
        Map<String, List<TopicPartition>> assignment = new TreeMap<>();
        Map<String, List<Subscriber>> byTopic = new TreeMap<>();
        for (Subscriber member : members.stream().sorted(Subscriber.ORDER).toList()) {
            assignment.put(member.memberId(), new ArrayList<>());
            member.topics()
                    .forEach(topic -> byTopic.computeIfAbsent(topic, _ -> new ArrayList<>())
                            .add(member));
        }
        byTopic.forEach((topic, subscribed) -> cut(topic, topics.partitions(topic), subscribed, assignment));
        return assignment;
    }

    private static void cut(
            String topic, int partitions, List<Subscriber> subscribed, Map<String, List<TopicPartition>> assignment) {
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
}
