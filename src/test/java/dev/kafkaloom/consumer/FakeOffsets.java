package dev.kafkaloom.consumer;

import dev.kafkaloom.client.CommittedOffset;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.message.OffsetCommitResponse;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** The offsets of one group, kept by fake broker 1; topics go by name or by {@link FakeLog#ID}. Thread-safe. */
final class FakeOffsets {
    final Map<TopicPartition, CommittedOffset> committed = new ConcurrentHashMap<>();
    /** Called with every offset, before it counts as committed. */
    volatile BiConsumer<TopicPartition, Long> onCommit = (_, _) -> {};

    volatile ErrorCode error = ErrorCode.NONE;

    FakeOffsets(FakeBroker... brokers) {
        for (FakeBroker broker : brokers) {
            broker.on(ApiKey.FIND_COORDINATOR, _ -> coordinator(brokers[0].port()))
                    .on(ApiKey.OFFSET_FETCH, this::fetch)
                    .on(ApiKey.OFFSET_COMMIT, this::commit);
        }
    }

    private static Response coordinator(int port) {
        return FindCoordinatorResponse.builder()
                .coordinators(List.of(FindCoordinatorResponse.Coordinator.builder()
                        .key("readers")
                        .nodeId(1)
                        .host("127.0.0.1")
                        .port(port)
                        .build()))
                .build();
    }

    private Response fetch(Request<?> any) {
        List<OffsetFetchResponse.OffsetFetchResponseGroup> groups = new ArrayList<>();
        for (var group : ((OffsetFetchRequest) any).groups()) {
            groups.add(OffsetFetchResponse.OffsetFetchResponseGroup.builder()
                    .groupId(group.groupId())
                    .topics(group.topics().stream()
                            .map(topic -> OffsetFetchResponse.OffsetFetchResponseTopics.builder()
                                    .name(topic.name())
                                    .topicId(topic.topicId())
                                    .partitions(topic.partitionIndexes().stream()
                                            .map(this::offset)
                                            .toList())
                                    .build())
                            .toList())
                    .build());
        }
        return OffsetFetchResponse.builder().groups(groups).build();
    }

    private OffsetFetchResponse.OffsetFetchResponsePartitions offset(int partition) {
        CommittedOffset found = committed.get(new TopicPartition(FakeLog.TOPIC, partition));
        return OffsetFetchResponse.OffsetFetchResponsePartitions.builder()
                .partitionIndex(partition)
                .committedOffset(found == null ? -1 : found.offset())
                .committedLeaderEpoch(found == null ? -1 : found.leaderEpoch())
                .metadata(found == null ? "" : found.metadata())
                .build();
    }

    private Response commit(Request<?> any) {
        List<OffsetCommitResponse.OffsetCommitResponseTopic> topics = new ArrayList<>();
        ErrorCode now = error;
        for (var topic : ((OffsetCommitRequest) any).topics()) {
            topic.partitions().forEach(each -> {
                TopicPartition partition = new TopicPartition(FakeLog.TOPIC, each.partitionIndex());
                onCommit.accept(partition, each.committedOffset());
                if (now == ErrorCode.NONE) {
                    committed.put(
                            partition,
                            new CommittedOffset(
                                    each.committedOffset(), each.committedLeaderEpoch(), each.committedMetadata()));
                }
            });
            topics.add(OffsetCommitResponse.OffsetCommitResponseTopic.builder()
                    .name(topic.name())
                    .topicId(topic.topicId())
                    .partitions(topic.partitions().stream()
                            .map(each -> OffsetCommitResponse.OffsetCommitResponsePartition.builder()
                                    .partitionIndex(each.partitionIndex())
                                    .errorCode(now.code())
                                    .build())
                            .toList())
                    .build());
        }
        return OffsetCommitResponse.builder().topics(topics).build();
    }
}
