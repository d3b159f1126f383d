package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Kafka's {@code roundrobin}: the partitions of all topics, in order, one to each member in turn; a member that is not subscribed to the
 * topic is passed over. Stateless.
 */
final class RoundRobinAssignor implements Assignor {
    private record Seat(Set<String> topics, List<TopicPartition> mine) {}

    @Override
    public String name() {
        return "roundrobin";
    }

    @Override
    public Map<String, List<TopicPartition>> assign(Topics topics, List<Subscriber> members) {
        Map<String, List<TopicPartition>> assignment = new TreeMap<>();
        List<Seat> ring = new ArrayList<>();
        Set<String> all = new TreeSet<>();
        for (Subscriber member : members.stream().sorted(Subscriber.ORDER).toList()) {
            List<TopicPartition> mine = new ArrayList<>();
            assignment.put(member.memberId(), mine);
            ring.add(new Seat(new HashSet<>(member.topics()), mine));
            all.addAll(member.topics());
        }
        int next = 0;
        for (String topic : all) {
            for (int partition = 0; partition < topics.partitions(topic); partition++) {
                while (!ring.get(next).topics().contains(topic)) {
                    next = (next + 1) % ring.size();
                }
                ring.get(next).mine().add(new TopicPartition(topic, partition));
                next = (next + 1) % ring.size();
            }
        }
        return assignment;
    }
}
