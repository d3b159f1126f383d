package dev.kafkaloom.client;

import dev.kafkaloom.client.Elements.InTopic;
import dev.kafkaloom.client.Span.Failure;
import dev.kafkaloom.message.DeleteShareGroupStateRequest;
import dev.kafkaloom.message.DeleteShareGroupStateRequest.DeleteStateData;
import dev.kafkaloom.message.DeleteShareGroupStateResponse;
import dev.kafkaloom.message.DeleteShareGroupStateResponse.DeleteStateResult;
import dev.kafkaloom.message.InitializeShareGroupStateRequest;
import dev.kafkaloom.message.InitializeShareGroupStateRequest.InitializeStateData;
import dev.kafkaloom.message.InitializeShareGroupStateResponse;
import dev.kafkaloom.message.InitializeShareGroupStateResponse.InitializeStateResult;
import dev.kafkaloom.message.ReadShareGroupStateRequest;
import dev.kafkaloom.message.ReadShareGroupStateRequest.ReadStateData;
import dev.kafkaloom.message.ReadShareGroupStateResponse;
import dev.kafkaloom.message.ReadShareGroupStateResponse.ReadStateResult;
import dev.kafkaloom.message.ReadShareGroupStateSummaryRequest;
import dev.kafkaloom.message.ReadShareGroupStateSummaryRequest.ReadStateSummaryData;
import dev.kafkaloom.message.ReadShareGroupStateSummaryResponse;
import dev.kafkaloom.message.ReadShareGroupStateSummaryResponse.ReadStateSummaryResult;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.message.WriteShareGroupStateRequest;
import dev.kafkaloom.message.WriteShareGroupStateRequest.WriteStateData;
import dev.kafkaloom.message.WriteShareGroupStateResponse;
import dev.kafkaloom.message.WriteShareGroupStateResponse.WriteStateResult;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Requests about the state of share groups, which go to the share coordinator of each partition (KIP-932). */
final class ShareStateSpans {
    static final Span<
                    InitializeShareGroupStateRequest,
                    InitializeShareGroupStateResponse,
                    InTopic<InitializeStateData, InitializeShareGroupStateRequest.PartitionData>,
                    InTopic<InitializeStateResult, InitializeShareGroupStateResponse.PartitionResult>>
            INITIALIZE = byShareCoordinator(
                    InitializeShareGroupStateRequest::groupId,
                    Elements.partitions(
                            InitializeShareGroupStateRequest::topics,
                            (request, topics) ->
                                    request.toBuilder().topics(topics).build(),
                            _ -> "",
                            InitializeStateData::topicId,
                            InitializeStateData::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            InitializeShareGroupStateRequest.PartitionData::partition),
                    Elements.partitions(
                            InitializeShareGroupStateResponse::results,
                            (response, topics) ->
                                    response.toBuilder().results(topics).build(),
                            _ -> "",
                            InitializeStateResult::topicId,
                            InitializeStateResult::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            InitializeShareGroupStateResponse.PartitionResult::partition),
                    InitializeShareGroupStateResponse.PartitionResult::errorCode,
                    (asked, why) -> new InTopic<>(
                            InitializeStateResult.builder()
                                    .topicId(asked.topic().topicId())
                                    .build(),
                            InitializeShareGroupStateResponse.PartitionResult.builder()
                                    .partition(asked.partition().partition())
                                    .errorCode(why.code())
                                    .errorMessage(why.message())
                                    .build()));

    static final Span<
                    ReadShareGroupStateRequest,
                    ReadShareGroupStateResponse,
                    InTopic<ReadStateData, ReadShareGroupStateRequest.PartitionData>,
                    InTopic<ReadStateResult, ReadShareGroupStateResponse.PartitionResult>>
            READ = byShareCoordinator(
                    ReadShareGroupStateRequest::groupId,
                    Elements.partitions(
                            ReadShareGroupStateRequest::topics,
                            (request, topics) ->
                                    request.toBuilder().topics(topics).build(),
                            _ -> "",
                            ReadStateData::topicId,
                            ReadStateData::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            ReadShareGroupStateRequest.PartitionData::partition),
                    Elements.partitions(
                            ReadShareGroupStateResponse::results,
                            (response, topics) ->
                                    response.toBuilder().results(topics).build(),
                            _ -> "",
                            ReadStateResult::topicId,
                            ReadStateResult::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            ReadShareGroupStateResponse.PartitionResult::partition),
                    ReadShareGroupStateResponse.PartitionResult::errorCode,
                    (asked, why) -> new InTopic<>(
                            ReadStateResult.builder()
                                    .topicId(asked.topic().topicId())
                                    .build(),
                            ReadShareGroupStateResponse.PartitionResult.builder()
                                    .partition(asked.partition().partition())
                                    .errorCode(why.code())
                                    .errorMessage(why.message())
                                    .build()));

    static final Span<
                    WriteShareGroupStateRequest,
                    WriteShareGroupStateResponse,
                    InTopic<WriteStateData, WriteShareGroupStateRequest.PartitionData>,
                    InTopic<WriteStateResult, WriteShareGroupStateResponse.PartitionResult>>
            WRITE = byShareCoordinator(
                    WriteShareGroupStateRequest::groupId,
                    Elements.partitions(
                            WriteShareGroupStateRequest::topics,
                            (request, topics) ->
                                    request.toBuilder().topics(topics).build(),
                            _ -> "",
                            WriteStateData::topicId,
                            WriteStateData::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            WriteShareGroupStateRequest.PartitionData::partition),
                    Elements.partitions(
                            WriteShareGroupStateResponse::results,
                            (response, topics) ->
                                    response.toBuilder().results(topics).build(),
                            _ -> "",
                            WriteStateResult::topicId,
                            WriteStateResult::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            WriteShareGroupStateResponse.PartitionResult::partition),
                    WriteShareGroupStateResponse.PartitionResult::errorCode,
                    (asked, why) -> new InTopic<>(
                            WriteStateResult.builder()
                                    .topicId(asked.topic().topicId())
                                    .build(),
                            WriteShareGroupStateResponse.PartitionResult.builder()
                                    .partition(asked.partition().partition())
                                    .errorCode(why.code())
                                    .errorMessage(why.message())
                                    .build()));

    static final Span<
                    DeleteShareGroupStateRequest,
                    DeleteShareGroupStateResponse,
                    InTopic<DeleteStateData, DeleteShareGroupStateRequest.PartitionData>,
                    InTopic<DeleteStateResult, DeleteShareGroupStateResponse.PartitionResult>>
            DELETE = byShareCoordinator(
                    DeleteShareGroupStateRequest::groupId,
                    Elements.partitions(
                            DeleteShareGroupStateRequest::topics,
                            (request, topics) ->
                                    request.toBuilder().topics(topics).build(),
                            _ -> "",
                            DeleteStateData::topicId,
                            DeleteStateData::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            DeleteShareGroupStateRequest.PartitionData::partition),
                    Elements.partitions(
                            DeleteShareGroupStateResponse::results,
                            (response, topics) ->
                                    response.toBuilder().results(topics).build(),
                            _ -> "",
                            DeleteStateResult::topicId,
                            DeleteStateResult::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            DeleteShareGroupStateResponse.PartitionResult::partition),
                    DeleteShareGroupStateResponse.PartitionResult::errorCode,
                    (asked, why) -> new InTopic<>(
                            DeleteStateResult.builder()
                                    .topicId(asked.topic().topicId())
                                    .build(),
                            DeleteShareGroupStateResponse.PartitionResult.builder()
                                    .partition(asked.partition().partition())
                                    .errorCode(why.code())
                                    .errorMessage(why.message())
                                    .build()));

    static final Span<
                    ReadShareGroupStateSummaryRequest,
                    ReadShareGroupStateSummaryResponse,
                    InTopic<ReadStateSummaryData, ReadShareGroupStateSummaryRequest.PartitionData>,
                    InTopic<ReadStateSummaryResult, ReadShareGroupStateSummaryResponse.PartitionResult>>
            READ_SUMMARY = byShareCoordinator(
                    ReadShareGroupStateSummaryRequest::groupId,
                    Elements.partitions(
                            ReadShareGroupStateSummaryRequest::topics,
                            (request, topics) ->
                                    request.toBuilder().topics(topics).build(),
                            _ -> "",
                            ReadStateSummaryData::topicId,
                            ReadStateSummaryData::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            ReadShareGroupStateSummaryRequest.PartitionData::partition),
                    Elements.partitions(
                            ReadShareGroupStateSummaryResponse::results,
                            (response, topics) ->
                                    response.toBuilder().results(topics).build(),
                            _ -> "",
                            ReadStateSummaryResult::topicId,
                            ReadStateSummaryResult::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            ReadShareGroupStateSummaryResponse.PartitionResult::partition),
                    ReadShareGroupStateSummaryResponse.PartitionResult::errorCode,
                    (asked, why) -> new InTopic<>(
                            ReadStateSummaryResult.builder()
                                    .topicId(asked.topic().topicId())
                                    .build(),
                            ReadShareGroupStateSummaryResponse.PartitionResult.builder()
                                    .partition(asked.partition().partition())
                                    .errorCode(why.code())
                                    .errorMessage(why.message())
                                    .build()));

    private ShareStateSpans() {}

    private static <Q extends Request<R>, R extends Response, T, P, U, V>
            Span<Q, R, InTopic<T, P>, InTopic<U, V>> byShareCoordinator(
                    Function<Q, String> group,
                    Elements<Q, InTopic<T, P>> asked,
                    Elements<R, InTopic<U, V>> answered,
                    ToIntFunction<V> error,
                    BiFunction<InTopic<T, P>, Failure, InTopic<U, V>> failed) {
        return Span.of(
                        asked,
                        answered,
                        _ -> new Route.AnyBroker(),
                        answer -> error.applyAsInt(answer.partition()),
                        failed)
                .route((request, item) -> new Route.ShareCoordinator(key(group.apply(request), (Elements.IdPartition)
                        asked.names().apply(item).getFirst())));
    }

    private static String key(String group, Elements.IdPartition partition) {
        return group + ":" + partition.topicId() + ":" + partition.partition();
    }
}
