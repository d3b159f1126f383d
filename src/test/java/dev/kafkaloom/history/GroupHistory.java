package dev.kafkaloom.history;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** What one group was given, did and committed, by partition and in order. */
final class GroupHistory {
    /** Who has a partition: a member in one assignment. */
    record Holder(String member, long epoch) {
        @Override
        public String toString() {
            return member + " (epoch " + epoch + ")";
        }
    }

    private final String group;
    private final Map<TopicPartition, List<Event>> byPartition = new TreeMap<>();
    private final List<Event> ownership = new ArrayList<>();
    private final Map<TopicPartition, Long> owes = new HashMap<>();
    private final Set<String> topics = new HashSet<>();

    private GroupHistory(String group) {
        this.group = group;
    }

    /** Of all groups that there are. */
    static List<GroupHistory> all(History history) {
        Map<String, GroupHistory> groups = new TreeMap<>();
        for (Event event : history.events()) {
            String name = groupOf(event);
            if (name != null) {
                groups.computeIfAbsent(name, GroupHistory::new).add(event);
            }
        }
        return List.copyOf(groups.values());
    }

    private static String groupOf(Event event) {
        return switch (event) {
            case Event.Delivered it -> it.group();
            case Event.Done it -> it.group();
            case Event.Committed it -> it.group();
            case Event.Assigned it -> it.group();
            case Event.Revoked it -> it.group();
            case Event.Lost it -> it.group();
            case Event.Killed it -> it.group();
            case Event.Rest it -> it.group();
            case Event.Owes it -> it.group();
            case Event.Seek it -> it.group();
            case Event.Send _,
                    Event.Ok _,
                    Event.Fail _,
                    Event.Perhaps _,
                    Event.Deleted _,
                    Event.Truncated _,
                    Event.Note _ -> null;
        };
    }

    private void add(Event event) {
        switch (event) {
            case Event.Delivered it -> add(it.topic(), it.partition(), it);
            case Event.Done it -> add(it.topic(), it.partition(), it);
            case Event.Committed it -> add(it.topic(), it.partition(), it);
            case Event.Seek it -> add(it.topic(), it.partition(), it);
            case Event.Owes it -> {
                topics.add(it.topic());
                owes.put(new TopicPartition(it.topic(), it.partition()), it.offset());
            }
            case Event.Assigned it -> {
                ownership.add(it);
                it.partitions().forEach(tp -> add(tp.topic(), tp.partition(), it));
            }
            case Event.Rest it -> {
                ownership.add(it);
                it.partitions().forEach(tp -> topics.add(tp.topic()));
            }
            default -> ownership.add(event);
        }
    }

    private void add(String topic, int partition, Event event) {
        topics.add(topic);
        byPartition
                .computeIfAbsent(new TopicPartition(topic, partition), _ -> new ArrayList<>())
                .add(event);
    }

    String group() {
        return group;
    }

    boolean reads(String topic) {
        return topics.contains(topic);
    }

    /** Deliveries, ends of handling, commits, assignments and seeks of a partition, in order. */
    List<Event> of(TopicPartition tp) {
        return byPartition.getOrDefault(tp, List.of());
    }

    /** Assigned, Revoked, Lost, Killed and Rest, in order. */
    List<Event> ownership() {
        return ownership;
    }

    /** Of what is in the log, what this group has to get, by offset. */
    NavigableMap<Long, String> owed(Ledger ledger, TopicPartition tp) {
        return ledger.from(tp, owes.getOrDefault(tp, 0L));
    }
}
