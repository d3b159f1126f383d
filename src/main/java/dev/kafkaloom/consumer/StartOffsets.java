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
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where the partitions of a group start: at the committed offset, else where {@code auto.offset.reset} says. A partition that appeared
 * after this process had started its group starts where {@code auto.offset.reset.new.partitions} says, at its beginning unless told
 * otherwise: what was produced into it before the group noticed it would be lost silently with {@code latest}. So does one whose topic
 * was deleted and made again. Thread-safe; blocks on brokers.
 */
final class StartOffsets {
    private final KafkaClient client;
    private final ConsumerConfig config;
    private final Map<String, Integer> partitionsAtStart;

    /** {@code partitionsAtStart} by topic, of those the group started with; any other topic appeared later. */
    StartOffsets(KafkaClient client, ConsumerConfig config, Map<String, Integer> partitionsAtStart) {
        this.client = client;
        this.config = config;
        this.partitionsAtStart = Map.copyOf(partitionsAtStart);
    }

    /** Where to start: {@code reset} are those without a committed offset, which have to be committed before anything else happens. */
    record Starts(Map<TopicPartition, StartAt> all, Map<TopicPartition, StartAt> reset) {}

    /**
     * Finds them all.
     *
     * @throws KafkaException.InvalidRequest naming the partitions, when nothing is committed and {@code auto.offset.reset} is none
     */
    Starts find(Collection<TopicPartition> partitions) throws InterruptedException {
        Map<TopicPartition, StartAt> all = new HashMap<>();
        GroupOffsets.committed(client, config.groupId(), partitions)
                .forEach((tp, found) -> all.put(tp, new StartAt(found.offset(), found.leaderEpoch())));
        List<TopicPartition> missing =
                partitions.stream().filter(tp -> !all.containsKey(tp)).sorted().toList();
        Map<TopicPartition, StartAt> reset = missing.isEmpty()
                ? Map.of()
                : reset(
                        missing.stream().collect(Collectors.toMap(Function.identity(), this::resetOf)),
                        "has no committed offset");
        all.putAll(reset);
        return new Starts(all, reset);
    }

    /**
     * Where a partition goes on that cannot go on where it stood: at the oldest record, when what comes next was deleted before it was
     * read; where the logs part, when the leader's is another one; a topic made anew as one that is new to the group. Else where
     * {@code auto.offset.reset} says. None of these passes over a record that is there and was not read.
     *
     * @throws KafkaException.InvalidRequest naming the partition and what is wrong, when {@code auto.offset.reset} is none
     */
    StartAt afterLost(TopicPartition partition, LostPosition lost) throws InterruptedException {
        OffsetReset reset = resetOf(partition);
        if (config.autoOffsetReset().equals(OffsetReset.NONE)) {
            throw refusal(Set.of(partition), lost.why());
        }
        return switch (lost) {
            case LostPosition.Truncated(StartAt at, long end, int epoch) ->
                new StartAt(Math.min(at.offset(), end), epoch);
            case LostPosition.Recreated recreated ->
                reset(Map.of(partition, config.newPartitionsReset()), recreated.why())
                        .get(partition);
            case LostPosition.OutOfRange(StartAt at) -> afterOutOfRange(partition, at, reset, lost.why());
        };
    }

    private StartAt afterOutOfRange(TopicPartition partition, StartAt at, OffsetReset reset, String why)
            throws InterruptedException {
        StartAt oldest = startAt(partition, OffsetLookup.EARLIEST);
        if (at.offset() < oldest.offset()) {
            return oldest; // the setting would pass over what is still there
        }
        if (at.leaderEpoch() >= 0) {
            return oldest; // the leader has never heard of that epoch (KIP-320): nobody knows where the logs part
        }
        if (at.offset() <= startAt(partition, OffsetLookup.LATEST).offset()) {
            return at; // it has come by now
        }
        return reset(Map.of(partition, reset), why).get(partition);
    }

    private StartAt startAt(TopicPartition partition, long timestamp) throws InterruptedException {
        return startAt(OffsetLookup.find(client, Map.of(partition, timestamp)).get(partition));
    }

    private static StartAt startAt(OffsetLookup.Found found) {
        return new StartAt(found.offset(), found.leaderEpoch());
    }

    private Map<TopicPartition, StartAt> reset(Map<TopicPartition, OffsetReset> to, String why)
            throws InterruptedException {
        Set<TopicPartition> refused = to.entrySet().stream()
                .filter(each -> each.getValue().equals(OffsetReset.NONE))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        if (!refused.isEmpty()) {
            throw refusal(refused, why);
        }
        Map<TopicPartition, Long> timestamps = new HashMap<>();
        to.forEach((partition, reset) -> timestamps.put(partition, timestamp(reset)));
        Map<TopicPartition, OffsetLookup.Found> found = new HashMap<>(OffsetLookup.find(client, timestamps));
        Map<TopicPartition, Long> tooOld = new HashMap<>(); // nothing is as young as was asked for
        found.forEach((partition, each) -> {
            if (each.offset() < 0) {
                tooOld.put(partition, OffsetLookup.LATEST);
            }
        });
        found.putAll(OffsetLookup.find(client, tooOld));
        Map<TopicPartition, StartAt> starts = new HashMap<>();
        found.forEach((partition, each) -> starts.put(partition, startAt(each)));
        return starts;
    }

    private OffsetReset resetOf(TopicPartition tp) {
        boolean isNew = tp.partition() >= partitionsAtStart.getOrDefault(tp.topic(), 0);
        return isNew ? config.newPartitionsReset() : config.autoOffsetReset();
    }

    private static long timestamp(OffsetReset reset) {
        return switch (reset) {
            case OffsetReset.Named.EARLIEST -> OffsetLookup.EARLIEST;
            case OffsetReset.Named.LATEST, OffsetReset.Named.NONE -> OffsetLookup.LATEST;
            case OffsetReset.ByDuration(Duration back) -> Math.max(0, System.currentTimeMillis() - back.toMillis());
        };
    }

    private KafkaException refusal(Collection<TopicPartition> partitions, String why) {
        return new KafkaException.InvalidRequest("group " + config.groupId() + ": " + named(partitions) + " " + why
                + " and auto.offset.reset is none: commit one, or set it to earliest or latest");
    }

    private static String named(Collection<TopicPartition> partitions) {
        List<String> names = new ArrayList<>(partitions.stream()
                .sorted()
                .limit(10)
                .map(TopicPartition::toString)
                .toList());
        if (partitions.size() > names.size()) {
            names.add((partitions.size() - names.size()) + " more");
        }
        return String.join(", ", names);
    }
}
