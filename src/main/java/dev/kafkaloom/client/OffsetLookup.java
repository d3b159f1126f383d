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
        return ask(client, timestamps, (byte) 0);
    }

    /**
     * How far a reader gets: the end of the log, or with the isolation level read_committed (1) the last stable offset, behind which an
     * open transaction holds everything back. Errors as {@link #list}.
     */
    public static Map<TopicPartition, Long> ends(
            KafkaClient client, Collection<TopicPartition> partitions, byte isolationLevel)
            throws InterruptedException {
        return ask(
                client,
                partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> LATEST)),
                isolationLevel);
    }

    private static Map<TopicPartition, Long> ask(
            KafkaClient client, Map<TopicPartition, Long> timestamps, byte isolationLevel) throws InterruptedException {
        if (timestamps.isEmpty()) {
            return Map.of();
        }
        ListOffsetsResponse response =
                client.callForAll(request(timestamps, isolationLevel), partition -> "offset of " + partition);
        Map<TopicPartition, Long> found = new TreeMap<>();
        response.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(each ->
                                found.put(new TopicPartition(topic.name(), each.partitionIndex()), offset(each))));
        if (!found.keySet().containsAll(timestamps.keySet())) {
            Set<TopicPartition> missing = new TreeSet<>(timestamps.keySet());
            missing.removeAll(found.keySet());
            throw new KafkaException.MalformedMessage("ListOffsetsResponse", "lacks " + missing);
        }
        return found;
    }

    /** v0 answers with a list, the newest first. */
    private static long offset(ListOffsetsPartitionResponse partition) {
        return partition.oldStyleOffsets().isEmpty()
                ? partition.offset()
                : partition.oldStyleOffsets().getFirst();
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
