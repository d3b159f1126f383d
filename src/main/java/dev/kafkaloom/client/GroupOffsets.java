package dev.kafkaloom.client;

import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaloom.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what a group has committed to Kafka. */
public final class GroupOffsets {
    private GroupOffsets() {}

    /**
     * The committed offsets: the next ones to consume. Partitions without one are absent.
     *
     * @throws KafkaException.BrokerError when the group may not be read
     */
    public static Map<TopicPartition, Long> fetch(
            KafkaClient client, String group, Collection<TopicPartition> partitions) throws InterruptedException {
        Map<TopicPartition, Long> offsets = new TreeMap<>();
        committed(client, group, partitions).forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /** The same with all that was committed. */
    public static Map<TopicPartition, CommittedOffset> committed(
            KafkaClient client, String group, Collection<TopicPartition> partitions) throws InterruptedException {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        OffsetFetchResponse response =
                client.callForAll(request(group, partitions), name -> "committed offsets of group " + name);
        Map<TopicPartition, CommittedOffset> offsets = new TreeMap<>();
        response.groups()
                .forEach(each -> each.topics()
                        .forEach(topic -> topic.partitions()
                                .forEach(partition -> take(
                                        offsets,
                                        group,
                                        new TopicPartition(topic.name(), partition.partitionIndex()),
                                        partition))));
        return offsets;
    }

    private static OffsetFetchRequest request(String group, Collection<TopicPartition> partitions) {
        Map<String, List<Integer>> topics = new TreeMap<>();
        partitions.forEach(each ->
                topics.computeIfAbsent(each.topic(), _ -> new ArrayList<>()).add(each.partition()));
        return OffsetFetchRequest.builder()
                .groups(List.of(OffsetFetchRequestGroup.builder()
                        .groupId(group)
                        .topics(topics.entrySet().stream()
                                .map(topic -> OffsetFetchRequestTopics.builder()
                                        .name(topic.getKey())
                                        .partitionIndexes(topic.getValue())
                                        .build())
                                .toList())
                        .build()))
                .build();
    }

    private static void take(
            Map<TopicPartition, CommittedOffset> offsets,
            String group,
            TopicPartition partition,
            OffsetFetchResponsePartitions found) {
        ErrorCode error = ErrorCode.of(found.errorCode());
        if (error == ErrorCode.NONE && found.committedOffset() >= 0) {
            offsets.put(
                    partition,
                    new CommittedOffset(
                            found.committedOffset(),
                            found.committedLeaderEpoch(),
                            found.metadata() == null ? "" : found.metadata()));
        } else if (error != ErrorCode.NONE && error != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            throw new KafkaException.BrokerError(error, "committed offset of " + partition + " in group " + group);
        }
    }
}
