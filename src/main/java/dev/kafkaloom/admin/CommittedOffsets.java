package dev.kafkaloom.admin;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaloom.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a group has committed to Kafka, read and written from outside the group. Stateless, any thread. */
public final class CommittedOffsets {
    private static final int ALL_TOPICS_SINCE = 2;
    private static final short LAST_WITH_NAMES = 9; // v10 answers with topic ids alone
    private static final int NO_GENERATION = -1;

    private CommittedOffsets() {}

    /**
     * Every offset that the group has committed: the next ones to consume; no entries for a group that does not exist.
     *
     * @throws KafkaException.UnsupportedVersion on brokers before 0.10.2, which have to be told the topics
     *         ({@link dev.kafkaloom.client.GroupOffsets#fetch})
     * @throws KafkaException.BrokerError when the group may not be read
     */
    public static SortedMap<TopicPartition, Long> of(KafkaClient client, String group) throws InterruptedException {
        ApiVersions versions = client.versions(new Route.GroupCoordinator(group));
        int highest = versions.common(ApiKey.OFFSET_FETCH)
                .map(range -> (int) range.highest())
                .orElse(0);
        if (highest < ALL_TOPICS_SINCE) {
            throw new KafkaException.UnsupportedVersion("which topics group " + group
                    + " has committed offsets of is told since Kafka 0.10.2, this is " + versions.release()
                    + ": name the topics");
        }
        var request = OffsetFetchRequest.builder()
                .groups(List.of(OffsetFetchRequestGroup.builder()
                        .groupId(group)
                        .topics(null)
                        .build()))
                .build();
        Short version = highest > LAST_WITH_NAMES ? LAST_WITH_NAMES : null;
        return read(group, client.call(Route.of(request), request, CallOptions.DEFAULT.version(version)));
    }

    private static SortedMap<TopicPartition, Long> read(String group, OffsetFetchResponse response) {
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>();
        response.groups().forEach(each -> Topics.check(each.errorCode(), null, "committed offsets of group " + group));
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

    private static void take(
            Map<TopicPartition, Long> offsets, String group, TopicPartition partition, long offset, short code) {
        if (ErrorCode.of(code) != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            Topics.check(code, null, "committed offset of " + partition + " in group " + group);
            if (offset >= 0) {
                offsets.put(partition, offset);
            }
        }
    }

    /**
     * Sets the committed offsets of some partitions, the group's others stay. It makes the group when there is none.
     *
     * @throws KafkaException.InvalidRequest while the group has members, who would commit over it; nothing is changed then
     * @throws KafkaException.BrokerError when the broker refuses; other partitions may have been set
     */
    public static void commit(KafkaClient client, String group, Map<TopicPartition, Long> next)
            throws InterruptedException {
        SortedMap<TopicPartition, CommittedOffset> offsets = new TreeMap<>();
        next.forEach((partition, offset) -> offsets.put(partition, CommittedOffset.of(offset)));
        commitWithMetadata(client, group, offsets);
    }

    /** {@link #commit} with words beside the offsets. */
    public static void commitWithMetadata(KafkaClient client, String group, Map<TopicPartition, CommittedOffset> next)
            throws InterruptedException {
        refuseIfLive(client, group);
        Map<String, List<OffsetCommitRequestPartition>> topics = new TreeMap<>();
        next.forEach((partition, offset) -> topics.computeIfAbsent(partition.topic(), _ -> new ArrayList<>())
                .add(OffsetCommitRequestPartition.builder()
                        .partitionIndex(partition.partition())
                        .committedOffset(offset.offset())
                        .committedLeaderEpoch(offset.leaderEpoch())
                        .committedMetadata(offset.metadata())
                        .build()));
        var response = client.call(OffsetCommitRequest.builder()
                .groupId(group)
                .generationIdOrMemberEpoch(NO_GENERATION)
                .memberId("")
                .topics(topics.entrySet().stream()
                        .map(topic -> OffsetCommitRequestTopic.builder()
                                .name(topic.getKey())
                                .partitions(topic.getValue())
                                .build())
                        .toList())
                .build());
        for (var topic : response.topics()) {
            for (var partition : topic.partitions()) {
                if (ErrorCode.of(partition.errorCode()).recovery() == KafkaException.Recovery.REJOIN_GROUP) {
                    refuseIfLive(client, group); // somebody has joined in between
                }
                Topics.check(
                        partition.errorCode(),
                        null,
                        "commit of " + new TopicPartition(topic.name(), partition.partitionIndex()) + " in group "
                                + group);
            }
        }
    }

    private static void refuseIfLive(KafkaClient client, String group) throws InterruptedException {
        Optional<GroupDescription> found = Groups.find(client, group);
        if (found.isPresent() && found.get().isLive()) {
            throw new KafkaException.InvalidRequest(found.get().inWords()
                    + ": they would commit over it, so nothing was changed; stop them, and try again");
        }
        if (found.isPresent() && found.get().type().equals("share")) {
            throw new KafkaException.InvalidRequest(
                    "group " + group + " is a share group, which has no committed offsets");
        }
    }
}
