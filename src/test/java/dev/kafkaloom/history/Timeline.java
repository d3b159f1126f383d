package dev.kafkaloom.history;

import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** When what happened, for who measures how long something took. Moments are those of the history, in nanoseconds. */
public final class Timeline {
    /** A record that was acknowledged. */
    public record Acknowledged(long at, long offset) {}

    private record Place(String group, TopicPartition tp) {}

    private final Map<TopicPartition, NavigableMap<Long, Long>> acknowledged = new TreeMap<>(); // offsets by moment
    private final Map<Place, NavigableMap<Long, Long>> delivered = new HashMap<>(); // first moments by offset
    private final Map<Place, NavigableMap<Long, Long>> committed = new HashMap<>();

    private Timeline(History history) {
        history.of(Event.Ok.class)
                .forEach(it -> acknowledged
                        .computeIfAbsent(new TopicPartition(it.topic(), it.partition()), _ -> new TreeMap<>())
                        .merge(it.at(), it.offset(), Math::min));
        history.of(Event.Delivered.class)
                .forEach(it -> note(delivered, it.group(), it.topic(), it.partition(), it.offset(), it.at()));
        history.of(Event.Committed.class)
                .forEach(it -> note(committed, it.group(), it.topic(), it.partition(), it.offset(), it.at()));
    }

    private static void note(
            Map<Place, NavigableMap<Long, Long>> in, String group, String topic, int partition, long offset, long at) {
        in.computeIfAbsent(new Place(group, new TopicPartition(topic, partition)), _ -> new TreeMap<>())
                .merge(offset, at, Math::min);
    }

    /** Of all that was written to these files and folders. */
    public static Timeline read(Path... places) throws IOException {
        return new Timeline(History.read(List.of(places)));
    }

    /** Partitions in which anything was acknowledged. */
    public Collection<TopicPartition> partitions() {
        return acknowledged.keySet();
    }

    /** The first record of a partition that was acknowledged after this moment. */
    public Optional<Acknowledged> acknowledgedAfter(TopicPartition tp, long at) {
        return Optional.ofNullable(
                        acknowledged.getOrDefault(tp, new TreeMap<>()).higherEntry(at))
                .map(it -> new Acknowledged(it.getKey(), it.getValue()));
    }

    /** When the group first got the record at this offset. */
    public OptionalLong delivered(String group, TopicPartition tp, long offset) {
        Long at = delivered.getOrDefault(new Place(group, tp), new TreeMap<>()).get(offset);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    /** When it was first seen that the group had committed this offset or a higher one. */
    public OptionalLong committed(String group, TopicPartition tp, long offset) {
        return committed.getOrDefault(new Place(group, tp), new TreeMap<>()).tailMap(offset, true).values().stream()
                .mapToLong(Long::longValue)
                .min();
    }
}
