package dev.kafkaloom.client;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaloom.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import dev.kafkaloom.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.network.ApiVersions;
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
    private static final int BATCHED_SINCE = 8;

    private GroupOffsets() {}

    /**
     * The committed offsets: the next ones to consume. Partitions without one are absent.
     *
     * @throws KafkaException.BrokerError when the group may not be read
     */
    public static Map<TopicPartition, Long> fetch(
            KafkaClient client, String group, Collection<TopicPartition> partitions) throws InterruptedException {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        Map<String, List<Integer>> topics = new TreeMap<>();
        partitions.forEach(each ->
                topics.computeIfAbsent(each.topic(), _ -> new ArrayList<>()).add(each.partition()));
        OffsetFetchResponse response = client.call(
                new Route.GroupCoordinator(group),
                ApiKey.OFFSET_FETCH,
                versions -> request(versions, group, topics),
                CallOptions.DEFAULT);
        Map<TopicPartition, Long> offsets = new TreeMap<>();
        response.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(each -> take(
                                offsets,
                                group,
                                new TopicPartition(topic.name(), each.partitionIndex()),
                                each.committedOffset(),
                                each.errorCode())));
        response.groups()
                .forEach(each -> each.topics()
                        .forEach(topic -> topic.partitions()
                                .forEach(partition -> take(
                                        offsets,
                                        group,
                                        new TopicPartition(topic.name(), partition.partitionIndex()),
                                        partition.committedOffset(),
                                        partition.errorCode()))));
        return offsets;
    }

    /** Never in v0, which reads offsets stored in ZooKeeper; since v8 in the form for several groups. */
    private static OffsetFetchRequest request(ApiVersions versions, String group, Map<String, List<Integer>> topics) {
        int version = versions.common(ApiKey.OFFSET_FETCH)
                .map(range -> (int) range.highest())
                .orElse(0);
        if (version == 0) {
            throw new KafkaException.UnsupportedVersion(
                    "offsets stored in Kafka exist since 0.9, the broker is Kafka " + versions.release());
        }
        if (version < BATCHED_SINCE) {
            return OffsetFetchRequest.builder()
                    .groupId(group)
                    .topics(topics.entrySet().stream()
                            .map(topic -> OffsetFetchRequestTopic.builder()
                                    .name(topic.getKey())
                                    .partitionIndexes(topic.getValue())
                                    .build())
                            .toList())
                    .build();
        }
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
            Map<TopicPartition, Long> offsets, String group, TopicPartition partition, long offset, short errorCode) {
        ErrorCode error = ErrorCode.of(errorCode);
        if (error == ErrorCode.NONE && offset >= 0) {
            offsets.put(partition, offset);
        } else if (error != ErrorCode.NONE && error != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            throw new KafkaException.BrokerError(error, "committed offset of " + partition + " in group " + group);
        }
    }
}
