package dev.kafkaloom.history;

import dev.kafkaloom.history.GroupHistory.Holder;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Who owned what; whenever the group had settled, each partition had exactly one owner. */
final class Owners {
    private final Map<TopicPartition, Set<Holder>> owners = new TreeMap<>();
    private final List<Anomaly> anomalies = new ArrayList<>();

    private Owners() {}

    static List<Anomaly> check(GroupHistory group) {
        Owners it = new Owners();
        for (Event event : group.ownership()) {
            it.follow(group.group(), event);
        }
        return it.anomalies;
    }

    private void follow(String group, Event event) {
        switch (event) {
            case Event.Assigned it ->
                it.partitions().forEach(tp -> {
                    take(it.member(), List.of(tp)); // what it still had of it was of an earlier assignment
                    owners.computeIfAbsent(tp, _ -> new HashSet<>()).add(new Holder(it.member(), it.epoch()));
                });
            case Event.Revoked it -> take(it.member(), it.partitions());
            case Event.Lost it -> take(it.member(), it.partitions());
            case Event.Killed it -> take(it.member(), List.copyOf(owners.keySet()));
            case Event.Rest it -> it.partitions().forEach(tp -> rest(group, tp));
            default -> {}
        }
    }

    private void take(String member, Collection<TopicPartition> partitions) {
        for (TopicPartition tp : partitions) {
            owners.computeIfAbsent(tp, _ -> new HashSet<>())
                    .removeIf(it -> it.member().equals(member));
        }
    }

    private void rest(String group, TopicPartition tp) {
        Set<Holder> now = owners.getOrDefault(tp, Set.of());
        if (now.isEmpty()) {
            anomalies.add(new Anomaly(Anomaly.Kind.UNOWNED, group + ": " + tp + " has no owner"));
        } else if (now.size() > 1) {
            anomalies.add(new Anomaly(Anomaly.Kind.OWNED_TWICE, group + ": " + tp + " belongs to " + now));
        }
    }
}
