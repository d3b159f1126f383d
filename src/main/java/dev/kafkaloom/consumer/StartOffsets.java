package dev.kafkaloom.consumer;

import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the partitions of a group start: at the committed offset, else where {@code auto.offset.reset} says. A partition that appeared
 * after this process had started its group starts at its beginning even with {@code latest}: what was produced into it before the group
 * noticed it would be lost silently. Thread-safe; blocks on brokers.
 */
final class StartOffsets {
    private final KafkaClient client;
    private final ConsumerConfig config;
    private final Map<String, Integer> partitionsAtStart;

    /** {@code partitionsAtStart} by topic, of those the group started with. */
    StartOffsets(KafkaClient client, ConsumerConfig config, Map<String, Integer> partitionsAtStart) {
        this.client = client;
        this.config = config;
        this.partitionsAtStart = Map.copyOf(partitionsAtStart);
    }

    /** Where to start: {@code reset} are those without a committed offset, which have to be committed before anything else happens. */
    record Starts(Map<TopicPartition, Long> all, Map<TopicPartition, Long> reset) {}

    /**
     * Finds them all.
     *
     * @throws KafkaException.InvalidRequest naming the partitions, when nothing is committed and {@code auto.offset.reset} is none
     */
    Starts find(Collection<TopicPartition> partitions) throws InterruptedException {
        Map<TopicPartition, Long> all = new HashMap<>(GroupOffsets.fetch(client, config.groupId(), partitions));
        List<TopicPartition> missing =
                partitions.stream().filter(tp -> !all.containsKey(tp)).sorted().toList();
        Map<TopicPartition, Long> reset = missing.isEmpty() ? Map.of() : reset(missing, "has no committed offset");
        all.putAll(reset);
        return new Starts(all, reset);
    }

    /**
     * Where a partition goes on whose position is not in its log (any more): at the oldest record, when what comes next was deleted
     * before it was read; {@code latest} would pass over what is still there. Else where {@code auto.offset.reset} says.
     */
    long afterOutOfRange(TopicPartition partition, long position) throws InterruptedException {
        if (config.autoOffsetReset() == OffsetReset.LATEST) {
            long oldest = OffsetLookup.list(client, Map.of(partition, OffsetLookup.EARLIEST))
                    .get(partition);
            if (position < oldest) {
                return oldest;
            }
        }
        return reset(List.of(partition), "does not hold offset " + position + " (any more)")
                .get(partition);
    }

    private Map<TopicPartition, Long> reset(List<TopicPartition> partitions, String why) throws InterruptedException {
        if (config.autoOffsetReset() == OffsetReset.NONE) {
            throw new KafkaException.InvalidRequest("group " + config.groupId() + ": " + named(partitions) + " " + why
                    + " and auto.offset.reset is none: commit one, or set it to earliest or latest");
        }
        Map<TopicPartition, Long> timestamps = new HashMap<>();
        partitions.forEach(tp -> timestamps.put(tp, resetTo(tp)));
        return OffsetLookup.list(client, timestamps);
    }

    private long resetTo(TopicPartition tp) {
        boolean isNew = tp.partition() >= partitionsAtStart.getOrDefault(tp.topic(), Integer.MAX_VALUE);
        OffsetReset reset = isNew ? config.newPartitionsReset() : config.autoOffsetReset();
        return switch (reset) {
            case OffsetReset.Named.EARLIEST -> OffsetLookup.EARLIEST;
            case OffsetReset.Named.LATEST, OffsetReset.Named.NONE -> OffsetLookup.LATEST;
            case OffsetReset.ByDuration(Duration back) -> System.currentTimeMillis() - back.toMillis();
        };
    }

    private static String named(List<TopicPartition> partitions) {
        List<String> names = new ArrayList<>(
                partitions.stream().limit(10).map(TopicPartition::toString).toList());
        if (partitions.size() > names.size()) {
            names.add((partitions.size() - names.size()) + " more");
        }
        return String.join(", ", names);
    }
}
