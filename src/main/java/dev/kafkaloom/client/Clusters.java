package dev.kafkaloom.client;

import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.message.MetadataResponse.MetadataResponsePartition;
import dev.kafkaloom.message.MetadataResponse.MetadataResponseTopic;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes snapshots of metadata responses. */
final class Clusters {
    private Clusters() {}

    /** {@code known} is the snapshot before, or null. */
    static Cluster of(MetadataResponse response, TopicScope scope, Cluster known, BrokerAddress answeredBy) {
        ErrorCode error = ErrorCode.of(response.errorCode());
        if (error != ErrorCode.NONE) {
            throw new KafkaException.BrokerError(error, "metadata of " + answeredBy);
        }
        Map<Integer, BrokerAddress> brokers = new HashMap<>();
        Map<Integer, String> racks = new HashMap<>();
        for (var broker : response.brokers()) {
            brokers.put(broker.nodeId(), new BrokerAddress(broker.nodeId(), broker.host(), broker.port()));
            if (broker.rack() != null) {
                racks.put(broker.nodeId(), broker.rack());
            }
        }
        if (brokers.isEmpty()) {
            throw new KafkaException.BrokerError(
                    ErrorCode.BROKER_NOT_AVAILABLE, answeredBy + " knows of no broker yet");
        }
        Map<String, TopicInfo> topics = new HashMap<>();
        for (MetadataResponseTopic topic : response.topics()) {
            if (topic.name() != null && scope.includes(topic.name())) {
                topics.put(topic.name(), topic(topic, known));
            }
        }
        if (scope.names() != null) {
            scope.names().forEach(name -> topics.computeIfAbsent(name, TopicInfo::unknown));
        }
        long generation = known == null ? 1 : known.generation() + 1;
        return new Cluster(
                response.clusterId(), response.controllerId(), brokers, racks, topics, generation, Instant.now());
    }

    private static TopicInfo topic(MetadataResponseTopic topic, Cluster known) {
        List<PartitionInfo> partitions = topic.partitions().stream()
                .map(each -> newest(topic, each, known))
                .sorted(Comparator.comparingInt(PartitionInfo::partition))
                .toList();
        return new TopicInfo(
                topic.name(), topic.topicId(), topic.isInternal(), ErrorCode.of(topic.errorCode()), partitions);
    }

    /** A broker that is behind may name a leader that was replaced: the higher leader epoch wins, within one topic id (KIP-320). */
    private static PartitionInfo newest(
            MetadataResponseTopic topic, MetadataResponsePartition partition, Cluster known) {
        PartitionInfo fresh = new PartitionInfo(
                partition.partitionIndex(),
                partition.leaderId(),
                partition.leaderEpoch(),
                partition.replicaNodes(),
                partition.isrNodes(),
                ErrorCode.of(partition.errorCode()));
        TopicInfo before = known == null ? null : known.topics().get(topic.name());
        if (before == null || !before.id().equals(topic.topicId())) {
            return fresh;
        }
        // without ids (before 2.8) a topic that was made anew shows by its epochs beginning again
        int least = topic.topicId().equals(Uuid.ZERO) ? 1 : 0;
        return known.partition(new TopicPartition(topic.name(), fresh.partition()))
                .filter(old -> fresh.leaderEpoch() >= least && old.leaderEpoch() > fresh.leaderEpoch())
                .orElse(fresh);
    }
}
