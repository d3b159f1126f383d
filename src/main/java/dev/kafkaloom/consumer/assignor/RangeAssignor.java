package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Kafka's {@code range}: each topic by itself, its partitions in order, cut into one run per subscribed member; the first members get
 * one more when it does not come out even. Where members name their racks and the replicas of a topic are not in all of them (KIP-881), a
 * member first gets, within its share, what has a replica in its rack, and topics with the same members and as many partitions are kept
 * together: equal numbers go to the same member. Stateless.
 */
final class RangeAssignor implements Assignor {
    /** Topics that may be kept together. */
    private record Alike(List<Subscriber> members, int partitions) {}

    @Override
    public String name() {
        return "range";
    }

    @Override
    public Map<String, List<TopicPartition>> assign(Topics topics, List<Subscriber> members) {
        Map<String, List<TopicPartition>> assignment = new TreeMap<>();
        Collection<RangeTopic> cuts = cuts(topics, members, assignment);
        boolean byRack = cuts.stream().anyMatch(RangeTopic::racksMatter);
        if (byRack) {
            matchRacks(cuts);
        }
        cuts.forEach(topic -> topic.handOut((_, _) -> true));
        if (byRack) {
            assignment.values().forEach(mine -> mine.sort(null));
        }
        return assignment;
    }

    private static Collection<RangeTopic> cuts(
            Topics topics, List<Subscriber> members, Map<String, List<TopicPartition>> assignment) {
        Map<String, List<Subscriber>> subscribed = new TreeMap<>();
        for (Subscriber member : members.stream().sorted(Subscriber.ORDER).toList()) {
            assignment.put(member.memberId(), new ArrayList<>());
            member.topics()
                    .forEach(topic -> subscribed
                            .computeIfAbsent(topic, _ -> new ArrayList<>())
                            .add(member));
        }
        List<RangeTopic> cuts = new ArrayList<>();
        subscribed.forEach((topic, by) -> {
            if (topics.partitions(topic) > 0) {
                cuts.add(new RangeTopic(topic, topics, by, assignment));
            }
        });
        return cuts;
    }

    private static void matchRacks(Collection<RangeTopic> cuts) {
        Map<Alike, List<RangeTopic>> alike = new HashMap<>();
        for (RangeTopic topic : cuts) {
            alike.computeIfAbsent(new Alike(topic.members(), topic.partitions()), _ -> new ArrayList<>())
                    .add(topic);
        }
        alike.forEach((what, together) -> {
            if (together.size() > 1) {
                matchTogether(what, together);
            } else if (together.getFirst().racksMatter()) {
                together.getFirst().handOut(together.getFirst()::isInRack);
            }
        });
    }

    /** Each number to the first member that may have it of all the topics. */
    private static void matchTogether(Alike what, List<RangeTopic> together) {
        Map<String, Subscriber> hungry = new LinkedHashMap<>();
        what.members().forEach(member -> hungry.put(member.memberId(), member));
        for (int partition = 0; partition < what.partitions() && !hungry.isEmpty(); partition++) {
            int number = partition;
            hungry.values().stream()
                    .filter(member -> together.stream()
                            .allMatch(topic -> topic.isInRack(member, number) && topic.mayHave(member) > 0))
                    .findFirst()
                    .ifPresent(member -> {
                        together.forEach(topic -> topic.give(number, member));
                        if (together.stream().noneMatch(topic -> topic.mayHave(member) > 0)) {
                            hungry.remove(member.memberId());
                        }
                    });
        }
    }
}
