package dev.kafkaloom.history;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** What is known to be in the logs, from acknowledgements and from what anybody was given; and what contradicts itself in that. */
final class Ledger {
    private record Place(TopicPartition tp, long offset) {}

    private final Map<TopicPartition, NavigableMap<Long, String>> records = new TreeMap<>();
    private final Map<TopicPartition, List<Event.Truncated>> truncations = new HashMap<>();
    private final Map<TopicPartition, Long> deleted = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Long> sent = new HashMap<>();
    private final Set<String> topicsWithSends = new HashSet<>();
    private final Set<String> failed = new HashSet<>();
    private final List<Anomaly> anomalies = new ArrayList<>();

    Ledger(History history) {
        for (Event event : history.events()) {
            switch (event) {
                case Event.Send it -> {
                    sent.put(it.value(), it.at());
                    topicsWithSends.add(it.topic());
                }
                case Event.Fail it -> failed.add(it.value());
                case Event.Deleted it ->
                    deleted.merge(new TopicPartition(it.topic(), it.partition()), it.offset(), Math::max);
                case Event.Truncated it ->
                    truncations
                            .computeIfAbsent(new TopicPartition(it.topic(), it.partition()), _ -> new ArrayList<>())
                            .add(it);
                default -> {}
            }
        }
        history.of(Event.Ok.class)
                .forEach(it -> know(it.at(), new TopicPartition(it.topic(), it.partition()), it.offset(), it.value()));
        history.of(Event.Delivered.class).forEach(this::delivered);
        checkSends(history);
    }

    private void delivered(Event.Delivered it) {
        TopicPartition tp = new TopicPartition(it.topic(), it.partition());
        if (failed.contains(it.value())) {
            add(Anomaly.Kind.ABORTED_READ, "%s got %s at %s@%d".formatted(it.member(), it.value(), tp, it.offset()));
        } else if (topicsWithSends.contains(it.topic()) && !sent.containsKey(it.value())) {
            add(
                    Anomaly.Kind.PHANTOM,
                    "%s got %s at %s@%d, which nobody sent".formatted(it.member(), it.value(), tp, it.offset()));
        }
        know(it.at(), tp, it.offset(), it.value());
    }

    private void know(long at, TopicPartition tp, long offset, String value) {
        if (isThrownAway(at, tp, offset) || failed.contains(value)) {
            return;
        }
        String before = records.computeIfAbsent(tp, _ -> new TreeMap<>()).putIfAbsent(offset, value);
        if (before != null && !before.equals(value) && !wasCutBack(tp, offset)) {
            add(Anomaly.Kind.INCONSISTENT_OFFSETS, "%s@%d is %s and %s".formatted(tp, offset, before, value));
        }
        Place place = new Place(tp, offset);
        Place other = places.putIfAbsent(value, place);
        if (other != null && !other.equals(place) && !wasCutBack(tp, Math.min(offset, other.offset()))) {
            add(
                    Anomaly.Kind.DUPLICATE,
                    "%s is at %s@%d and %s@%d".formatted(value, other.tp(), other.offset(), tp, offset));
        }
    }

    private boolean isThrownAway(long at, TopicPartition tp, long offset) {
        return truncations.getOrDefault(tp, List.of()).stream().anyMatch(it -> it.at() > at && it.offset() <= offset);
    }

    private boolean wasCutBack(TopicPartition tp, long offset) {
        return truncations.getOrDefault(tp, List.of()).stream().anyMatch(it -> it.offset() <= offset);
    }

    /** In the order in which they were sent, the offsets of one producer in one partition only grow. */
    private void checkSends(History history) {
        Map<String, List<Event.Ok>> byProducer = new TreeMap<>();
        history.of(Event.Ok.class)
                .filter(it -> sent.containsKey(it.value()))
                .forEach(it -> byProducer
                        .computeIfAbsent(
                                it.producer() + " in " + new TopicPartition(it.topic(), it.partition()),
                                _ -> new ArrayList<>())
                        .add(it));
        byProducer.forEach((who, oks) -> {
            oks.sort((a, b) -> Long.compare(sent.get(a.value()), sent.get(b.value())));
            for (int i = 1; i < oks.size(); i++) {
                Event.Ok before = oks.get(i - 1);
                Event.Ok now = oks.get(i);
                boolean cut = wasCutBack(new TopicPartition(now.topic(), now.partition()), now.offset());
                if (now.offset() <= before.offset() && !cut) {
                    add(
                            Anomaly.Kind.NONMONOTONIC_SEND,
                            "%s: %s@%d was sent before %s@%d"
                                    .formatted(who, before.value(), before.offset(), now.value(), now.offset()));
                }
            }
        });
    }

    private void add(Anomaly.Kind kind, String what) {
        anomalies.add(new Anomaly(kind, what));
    }

    List<Anomaly> anomalies() {
        return anomalies;
    }

    Collection<TopicPartition> partitions() {
        return records.keySet();
    }

    /** The records from an offset on that are there to be read, by offset. */
    NavigableMap<Long, String> from(TopicPartition tp, long offset) {
        NavigableMap<Long, String> all = records.getOrDefault(tp, new TreeMap<>());
        return new TreeMap<>(all.tailMap(Math.max(offset, deleted.getOrDefault(tp, 0L)), true));
    }

    boolean wasTruncated(TopicPartition tp) {
        return truncations.containsKey(tp);
    }
}
