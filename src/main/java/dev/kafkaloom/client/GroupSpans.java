package dev.kafkaloom.client;

import dev.kafkaloom.client.Span.Failure;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ConsumerGroupDescribeRequest;
import dev.kafkaloom.message.ConsumerGroupDescribeResponse;
import dev.kafkaloom.message.DeleteGroupsRequest;
import dev.kafkaloom.message.DeleteGroupsResponse;
import dev.kafkaloom.message.DeleteGroupsResponse.DeletableGroupResult;
import dev.kafkaloom.message.DescribeGroupsRequest;
import dev.kafkaloom.message.DescribeGroupsResponse;
import dev.kafkaloom.message.DescribeShareGroupOffsetsRequest;
import dev.kafkaloom.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import dev.kafkaloom.message.DescribeShareGroupOffsetsResponse;
import dev.kafkaloom.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaloom.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import dev.kafkaloom.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.message.ShareGroupDescribeRequest;
import dev.kafkaloom.message.ShareGroupDescribeResponse;
import dev.kafkaloom.message.StreamsGroupDescribeRequest;
import dev.kafkaloom.message.StreamsGroupDescribeResponse;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Requests about groups, which go to their coordinators. */
final class GroupSpans {
    private static final int SINGLE_OFFSET_FETCH_UNTIL = 7;

    static final Span<DescribeGroupsRequest, DescribeGroupsResponse, String, DescribeGroupsResponse.DescribedGroup>
            DESCRIBE_GROUPS = named(
                    DescribeGroupsRequest::groups,
                    (request, groups) -> request.toBuilder().groups(groups).build(),
                    Elements.of(
                            DescribeGroupsResponse::groups,
                            (response, groups) ->
                                    response.toBuilder().groups(groups).build(),
                            DescribeGroupsResponse.DescribedGroup::groupId),
                    DescribeGroupsResponse.DescribedGroup::errorCode,
                    (group, why) -> DescribeGroupsResponse.DescribedGroup.builder()
                            .groupId(group)
                            .errorCode(why.code())
                            .build());

    static final Span<DeleteGroupsRequest, DeleteGroupsResponse, String, DeletableGroupResult> DELETE_GROUPS = named(
            DeleteGroupsRequest::groupsNames,
            (request, groups) -> request.toBuilder().groupsNames(groups).build(),
            Elements.of(
                    DeleteGroupsResponse::results,
                    (response, results) -> response.toBuilder().results(results).build(),
                    DeletableGroupResult::groupId),
            DeletableGroupResult::errorCode,
            (group, why) -> DeletableGroupResult.builder()
                    .groupId(group)
                    .errorCode(why.code())
                    .errorMessage(why.message())
                    .build());

    static final Span<
                    ConsumerGroupDescribeRequest,
                    ConsumerGroupDescribeResponse,
                    String,
                    ConsumerGroupDescribeResponse.DescribedGroup>
            CONSUMER_GROUP_DESCRIBE = named(
                    ConsumerGroupDescribeRequest::groupIds,
                    (request, groups) -> request.toBuilder().groupIds(groups).build(),
                    Elements.of(
                            ConsumerGroupDescribeResponse::groups,
                            (response, groups) ->
                                    response.toBuilder().groups(groups).build(),
                            ConsumerGroupDescribeResponse.DescribedGroup::groupId),
                    ConsumerGroupDescribeResponse.DescribedGroup::errorCode,
                    (group, why) -> ConsumerGroupDescribeResponse.DescribedGroup.builder()
                            .groupId(group)
                            .errorCode(why.code())
                            .errorMessage(why.message())
                            .build());

    static final Span<
                    ShareGroupDescribeRequest,
                    ShareGroupDescribeResponse,
                    String,
                    ShareGroupDescribeResponse.DescribedGroup>
            SHARE_GROUP_DESCRIBE = named(
                    ShareGroupDescribeRequest::groupIds,
                    (request, groups) -> request.toBuilder().groupIds(groups).build(),
                    Elements.of(
                            ShareGroupDescribeResponse::groups,
                            (response, groups) ->
                                    response.toBuilder().groups(groups).build(),
                            ShareGroupDescribeResponse.DescribedGroup::groupId),
                    ShareGroupDescribeResponse.DescribedGroup::errorCode,
                    (group, why) -> ShareGroupDescribeResponse.DescribedGroup.builder()
                            .groupId(group)
                            .errorCode(why.code())
                            .errorMessage(why.message())
                            .build());

    static final Span<
                    StreamsGroupDescribeRequest,
                    StreamsGroupDescribeResponse,
                    String,
                    StreamsGroupDescribeResponse.DescribedGroup>
            STREAMS_GROUP_DESCRIBE = named(
                    StreamsGroupDescribeRequest::groupIds,
                    (request, groups) -> request.toBuilder().groupIds(groups).build(),
                    Elements.of(
                            StreamsGroupDescribeResponse::groups,
                            (response, groups) ->
                                    response.toBuilder().groups(groups).build(),
                            StreamsGroupDescribeResponse.DescribedGroup::groupId),
                    StreamsGroupDescribeResponse.DescribedGroup::errorCode,
                    (group, why) -> StreamsGroupDescribeResponse.DescribedGroup.builder()
                            .groupId(group)
                            .errorCode(why.code())
                            .errorMessage(why.message())
                            .build());

    static final Span<
                    DescribeShareGroupOffsetsRequest,
                    DescribeShareGroupOffsetsResponse,
                    DescribeShareGroupOffsetsRequestGroup,
                    DescribeShareGroupOffsetsResponseGroup>
            DESCRIBE_SHARE_GROUP_OFFSETS = Span.of(
                    Elements.of(
                            DescribeShareGroupOffsetsRequest::groups,
                            (request, groups) ->
                                    request.toBuilder().groups(groups).build(),
                            DescribeShareGroupOffsetsRequestGroup::groupId),
                    Elements.of(
                            DescribeShareGroupOffsetsResponse::groups,
                            (response, groups) ->
                                    response.toBuilder().groups(groups).build(),
                            DescribeShareGroupOffsetsResponseGroup::groupId),
                    group -> new Route.GroupCoordinator(group.groupId()),
                    DescribeShareGroupOffsetsResponseGroup::errorCode,
                    (group, why) -> DescribeShareGroupOffsetsResponseGroup.builder()
                            .groupId(group.groupId())
                            .errorCode(why.code())
                            .errorMessage(why.message())
                            .build());

    static final Span<OffsetFetchRequest, OffsetFetchResponse, OffsetFetchRequestGroup, OffsetFetchResponseGroup>
            OFFSET_FETCH = Span.of(
                            Elements.of(
                                    OffsetFetchRequest::groups,
                                    (OffsetFetchRequest request, List<OffsetFetchRequestGroup> groups) ->
                                            request.toBuilder().groups(groups).build(),
                                    OffsetFetchRequestGroup::groupId),
                            Elements.of(
                                    OffsetFetchResponse::groups,
                                    (OffsetFetchResponse response, List<OffsetFetchResponseGroup> groups) ->
                                            response.toBuilder().groups(groups).build(),
                                    OffsetFetchResponseGroup::groupId),
                            group -> new Route.GroupCoordinator(group.groupId()),
                            OffsetFetchResponseGroup::errorCode,
                            (group, why) -> OffsetFetchResponseGroup.builder()
                                    .groupId(group.groupId())
                                    .errorCode(why.code())
                                    .build())
                    .alone(SINGLE_OFFSET_FETCH_UNTIL, GroupSpans::single, GroupSpans::batch);

    private GroupSpans() {}

    private static <Q extends Request<R>, R extends Response, A> Span<Q, R, String, A> named(
            Function<Q, List<String>> groups,
            BiFunction<Q, List<String>, Q> withGroups,
            Elements<R, A> answered,
            ToIntFunction<A> error,
            BiFunction<String, Failure, A> failed) {
        return Span.of(
                Elements.of(groups, withGroups, group -> group), answered, Route.GroupCoordinator::new, error, failed);
    }

    // ---- brokers before 3.0 are asked for the offsets of one group

    /** Never in v0, which reads offsets stored in ZooKeeper. */
    private static OffsetFetchRequest single(OffsetFetchRequest request, ApiVersions versions) {
        if (versions.common(ApiKey.OFFSET_FETCH).orElseThrow().highest() == 0) {
            throw new KafkaException.UnsupportedVersion(
                    "offsets stored in Kafka exist since 0.9, the broker is Kafka " + versions.release());
        }
        OffsetFetchRequestGroup group = request.groups().getFirst();
        return request.toBuilder()
                .groups(List.of())
                .groupId(group.groupId())
                .topics(
                        group.topics() == null
                                ? null
                                : group.topics().stream()
                                        .map(topic -> OffsetFetchRequestTopic.builder()
                                                .name(topic.name())
                                                .partitionIndexes(topic.partitionIndexes())
                                                .build())
                                        .toList())
                .build();
    }

    private static OffsetFetchResponse batch(OffsetFetchResponse response, OffsetFetchRequestGroup group) {
        return OffsetFetchResponse.builder()
                .throttleTimeMs(response.throttleTimeMs())
                .groups(List.of(OffsetFetchResponseGroup.builder()
                        .groupId(group.groupId())
                        .errorCode(groupError(response))
                        .topics(response.topics().stream()
                                .map(topic -> OffsetFetchResponseTopics.builder()
                                        .name(topic.name())
                                        .partitions(topic.partitions().stream()
                                                .map(GroupSpans::partition)
                                                .toList())
                                        .build())
                                .toList())
                        .build()))
                .build();
    }

    private static OffsetFetchResponsePartitions partition(OffsetFetchResponsePartition old) {
        return OffsetFetchResponsePartitions.builder()
                .partitionIndex(old.partitionIndex())
                .committedOffset(old.committedOffset())
                .committedLeaderEpoch(old.committedLeaderEpoch())
                .metadata(old.metadata())
                .errorCode(old.errorCode())
                .build();
    }

    /** Before v2 an error of the whole group stands with each of its partitions. */
    private static short groupError(OffsetFetchResponse response) {
        return response.errorCode() != 0
                ? response.errorCode()
                : response.topics().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .map(OffsetFetchResponsePartition::errorCode)
                        .filter(code -> isOfTheGroup(ErrorCode.of(code)))
                        .findFirst()
                        .orElse((short) 0);
    }

    private static boolean isOfTheGroup(ErrorCode code) {
        return switch (code) {
            case NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE -> true;
            case GROUP_AUTHORIZATION_FAILED, INVALID_GROUP_ID -> true;
            default -> false;
        };
    }
}
