package dev.kafkaloom.admin;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The offsets that a partition's log has.
 *
 * @param start the oldest that is kept
 * @param end the high watermark: the offset of the next record
 */
public record LogRange(long start, long end) {
    /**
     * The ranges of some partitions.
     *
     * @throws dev.kafkaloom.protocol.KafkaException when one of them does not exist or has no leader
     */
    public static SortedMap<TopicPartition, LogRange> of(KafkaClient client, Collection<TopicPartition> partitions)
            throws InterruptedException {
        Map<TopicPartition, Long> starts = at(client, partitions, OffsetLookup.EARLIEST);
        Map<TopicPartition, Long> ends = at(client, partitions, OffsetLookup.LATEST);
        SortedMap<TopicPartition, LogRange> ranges = new TreeMap<>();
        starts.forEach((partition, start) ->
                ranges.put(partition, new LogRange(start, Math.max(start, ends.getOrDefault(partition, start)))));
        return ranges;
    }

    /**
     * The first offset of each partition whose record is as young as a time, or what a negative time stands for ({@link OffsetLookup});
     * -1 where there is none.
     *
     * @param time milliseconds since 1970; brokers before 0.10.1 know it only by log segment
     */
    public static SortedMap<TopicPartition, Long> at(
            KafkaClient client, Collection<TopicPartition> partitions, long time) throws InterruptedException {
        return new TreeMap<>(OffsetLookup.list(
                client, partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> time))));
    }

    /** Whether a consumer can begin there. */
    public boolean contains(long offset) {
        return offset >= start && offset <= end;
    }
}
