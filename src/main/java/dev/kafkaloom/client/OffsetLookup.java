package dev.kafkaloom.client;

import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaloom.message.ListOffsetsResponse;
import dev.kafkaloom.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds offsets by time, of partitions whatever brokers lead them. */
public final class OffsetLookup {
    /** The timestamp that means the end of the log. */
    public static final long LATEST = -1;
    /** The timestamp that means the start of the log. */
    public static final long EARLIEST = -2;

    private static final int CONSUMER = -1;

    /**
     * What was found.
     *
     * @param offset -1 where no record is that young
     * @param timestamp of that record, milliseconds since 1970; -1 for the ends of the log, and on brokers before 0.10.1
     * @param leaderEpoch in which the record before it was written, as far as that broker knows; -1 before 2.1
     */
    public record Found(long offset, long timestamp, int leaderEpoch) {}

    private OffsetLookup() {}

    /**
     * The offsets of the first records at or after the timestamps.
     *
     * @param timestamps {@link #LATEST}, {@link #EARLIEST} or milliseconds since 1970. Brokers before 0.10.1 look milliseconds up by
     *     log segment: what they find may lie earlier
     * @return for each partition the offset, -1 where no record is that young
     * @throws KafkaException when a partition does not exist, or no answer was had within the client's {@code apiTimeout}
     */
    public static Map<TopicPartition, Long> list(KafkaClient client, Map<TopicPartition, Long> timestamps)
            throws InterruptedException {
        return offsets(find(client, timestamps));
    }

    /** The same with all that the brokers say of it. */
    public static Map<TopicPartition, Found> find(KafkaClient client, Map<TopicPartition, Long> timestamps)
            throws InterruptedException {
        return ask(client, timestamps, (byte) 0);
    }

    private static Map<TopicPartition, Long> offsets(Map<TopicPartition, Found> found) {
        Map<TopicPartition, Long> offsets = new TreeMap<>();
        found.forEach((partition, each) -> offsets.put(partition, each.offset));
        return offsets;
    }

    /**
     * How far a reader gets: the end of the log, or with the isolation level read_committed (1) the last stable offset, behind which an
     * open transaction holds everything back. Errors as {@link #list}.
     */
    public static Map<TopicPartition, Long> ends(
            KafkaClient client, Collection<TopicPartition> partitions, byte isolationLevel)
            throws InterruptedException {
        return offsets(ask(
                client,
                partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> LATEST)),
                isolationLevel));
    }

    private static Map<TopicPartition, Found> ask(
            KafkaClient client, Map<TopicPartition, Long> timestamps, byte isolationLevel) throws InterruptedException {
        if (timestamps.isEmpty()) {
            return Map.of();
        }
        ListOffsetsResponse response =
                client.callForAll(request(timestamps, isolationLevel), partition -> "offset of " + partition);
        Map<TopicPartition, Found> found = new TreeMap<>();
        response.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(each ->
                                found.put(new TopicPartition(topic.name(), each.partitionIndex()), found(each))));
        if (!found.keySet().containsAll(timestamps.keySet())) {
            Set<TopicPartition> missing = new TreeSet<>(timestamps.keySet());
            missing.removeAll(found.keySet());
            throw new KafkaException.MalformedMessage("ListOffsetsResponse", "lacks " + missing);
        }
        return found;
    }

    /** v0 answers with a list, the newest first. */
    private static Found found(ListOffsetsPartitionResponse partition) {
        return partition.oldStyleOffsets().isEmpty()
                ? new Found(partition.offset(), partition.timestamp(), partition.leaderEpoch())
                : new Found(partition.oldStyleOffsets().getFirst(), -1, -1);
    }

    private static ListOffsetsRequest request(Map<TopicPartition, Long> timestamps, byte isolationLevel) {
        Map<String, List<ListOffsetsPartition>> topics = new TreeMap<>();
        timestamps.forEach((partition, timestamp) -> topics.computeIfAbsent(partition.topic(), _ -> new ArrayList<>())
                .add(ListOffsetsPartition.builder()
                        .partitionIndex(partition.partition())
                        .timestamp(timestamp)
                        .build()));
        return ListOffsetsRequest.builder()
                .replicaId(CONSUMER)
                .isolationLevel(isolationLevel)
                .topics(topics.entrySet().stream()
                        .map(topic -> ListOffsetsTopic.builder()
                                .name(topic.getKey())
                                .partitions(topic.getValue())
                                .build())
                        .toList())
                .build();
    }
}
