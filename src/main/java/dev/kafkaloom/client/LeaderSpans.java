package dev.kafkaloom.client;

import dev.kafkaloom.client.Elements.IdPartition;
import dev.kafkaloom.client.Elements.InTopic;
import dev.kafkaloom.client.Span.Failure;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.DeleteRecordsRequest;
import dev.kafkaloom.message.DeleteRecordsRequest.DeleteRecordsPartition;
import dev.kafkaloom.message.DeleteRecordsRequest.DeleteRecordsTopic;
import dev.kafkaloom.message.DeleteRecordsResponse;
import dev.kafkaloom.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import dev.kafkaloom.message.DeleteRecordsResponse.DeleteRecordsTopicResult;
import dev.kafkaloom.message.DescribeProducersRequest;
import dev.kafkaloom.message.DescribeProducersRequest.TopicRequest;
import dev.kafkaloom.message.DescribeProducersResponse;
import dev.kafkaloom.message.DescribeProducersResponse.PartitionResponse;
import dev.kafkaloom.message.DescribeProducersResponse.TopicResponse;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchRequest.FetchPartition;
import dev.kafkaloom.message.FetchRequest.FetchTopic;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.message.FetchResponse.FetchableTopicResponse;
import dev.kafkaloom.message.FetchResponse.PartitionData;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaloom.message.ListOffsetsResponse;
import dev.kafkaloom.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import dev.kafkaloom.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import dev.kafkaloom.message.OffsetForLeaderEpochRequest;
import dev.kafkaloom.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import dev.kafkaloom.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import dev.kafkaloom.message.OffsetForLeaderEpochResponse;
import dev.kafkaloom.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import dev.kafkaloom.message.OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ProduceRequest.PartitionProduceData;
import dev.kafkaloom.message.ProduceRequest.TopicProduceData;
import dev.kafkaloom.message.ProduceResponse;
import dev.kafkaloom.message.ProduceResponse.PartitionProduceResponse;
import dev.kafkaloom.message.ProduceResponse.TopicProduceResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.message.WriteTxnMarkersRequest;
import dev.kafkaloom.message.WriteTxnMarkersRequest.WritableTxnMarker;
import dev.kafkaloom.message.WriteTxnMarkersResponse;
import dev.kafkaloom.message.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import dev.kafkaloom.message.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import dev.kafkaloom.message.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** Requests about partitions, which go to their leaders. */
final class LeaderSpans {
    static final Span<
                    ListOffsetsRequest,
                    ListOffsetsResponse,
                    InTopic<ListOffsetsTopic, ListOffsetsPartition>,
                    InTopic<ListOffsetsTopicResponse, ListOffsetsPartitionResponse>>
            LIST_OFFSETS = byLeader(
                            Elements.partitions(
                                    ListOffsetsRequest::topics,
                                    (request, topics) ->
                                            request.toBuilder().topics(topics).build(),
                                    ListOffsetsTopic::name,
                                    ListOffsetsTopic::partitions,
                                    (topic, all) ->
                                            topic.toBuilder().partitions(all).build(),
                                    ListOffsetsPartition::partitionIndex),
                            Elements.partitions(
                                    ListOffsetsResponse::topics,
                                    (response, topics) ->
                                            response.toBuilder().topics(topics).build(),
                                    ListOffsetsTopicResponse::name,
                                    ListOffsetsTopicResponse::partitions,
                                    (topic, all) ->
                                            topic.toBuilder().partitions(all).build(),
                                    ListOffsetsPartitionResponse::partitionIndex),
                            ListOffsetsPartitionResponse::errorCode,
                            (asked, why) -> new InTopic<>(
                                    ListOffsetsTopicResponse.builder()
                                            .name(asked.topic().name())
                                            .build(),
                                    ListOffsetsPartitionResponse.builder()
                                            .partitionIndex(asked.partition().partitionIndex())
                                            .errorCode(why.code())
                                            .build()))
                    .fitted(LeaderSpans::withoutIsolation);

    static final Span<
                    DeleteRecordsRequest,
                    DeleteRecordsResponse,
                    InTopic<DeleteRecordsTopic, DeleteRecordsPartition>,
                    InTopic<DeleteRecordsTopicResult, DeleteRecordsPartitionResult>>
            DELETE_RECORDS = byLeader(
                    Elements.partitions(
                            DeleteRecordsRequest::topics,
                            (request, topics) ->
                                    request.toBuilder().topics(topics).build(),
                            DeleteRecordsTopic::name,
                            DeleteRecordsTopic::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            DeleteRecordsPartition::partitionIndex),
                    Elements.partitions(
                            DeleteRecordsResponse::topics,
                            (response, topics) ->
                                    response.toBuilder().topics(topics).build(),
                            DeleteRecordsTopicResult::name,
                            DeleteRecordsTopicResult::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            DeleteRecordsPartitionResult::partitionIndex),
                    DeleteRecordsPartitionResult::errorCode,
                    (asked, why) -> new InTopic<>(
                            DeleteRecordsTopicResult.builder()
                                    .name(asked.topic().name())
                                    .build(),
                            DeleteRecordsPartitionResult.builder()
                                    .partitionIndex(asked.partition().partitionIndex())
                                    .lowWatermark(-1)
                                    .errorCode(why.code())
                                    .build()));

    static final Span<
                    OffsetForLeaderEpochRequest,
                    OffsetForLeaderEpochResponse,
                    InTopic<OffsetForLeaderTopic, OffsetForLeaderPartition>,
                    InTopic<OffsetForLeaderTopicResult, EpochEndOffset>>
            OFFSET_FOR_LEADER_EPOCH = byLeader(
                    Elements.partitions(
                            OffsetForLeaderEpochRequest::topics,
                            (request, topics) ->
                                    request.toBuilder().topics(topics).build(),
                            OffsetForLeaderTopic::topic,
                            OffsetForLeaderTopic::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            OffsetForLeaderPartition::partition),
                    Elements.partitions(
                            OffsetForLeaderEpochResponse::topics,
                            (response, topics) ->
                                    response.toBuilder().topics(topics).build(),
                            OffsetForLeaderTopicResult::topic,
                            OffsetForLeaderTopicResult::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            EpochEndOffset::partition),
                    EpochEndOffset::errorCode,
                    (asked, why) -> new InTopic<>(
                            OffsetForLeaderTopicResult.builder()
                                    .topic(asked.topic().topic())
                                    .build(),
                            EpochEndOffset.builder()
                                    .partition(asked.partition().partition())
                                    .errorCode(why.code())
                                    .build()));

    static final Span<
                    DescribeProducersRequest,
                    DescribeProducersResponse,
                    InTopic<TopicRequest, Integer>,
                    InTopic<TopicResponse, PartitionResponse>>
            DESCRIBE_PRODUCERS = byLeader(
                    Elements.partitions(
                            DescribeProducersRequest::topics,
                            (request, topics) ->
                                    request.toBuilder().topics(topics).build(),
                            TopicRequest::name,
                            TopicRequest::partitionIndexes,
                            (topic, all) ->
                                    topic.toBuilder().partitionIndexes(all).build(),
                            Integer::intValue),
                    Elements.partitions(
                            DescribeProducersResponse::topics,
                            (response, topics) ->
                                    response.toBuilder().topics(topics).build(),
                            TopicResponse::name,
                            TopicResponse::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            PartitionResponse::partitionIndex),
                    PartitionResponse::errorCode,
                    (asked, why) -> new InTopic<>(
                            TopicResponse.builder().name(asked.topic().name()).build(),
                            PartitionResponse.builder()
                                    .partitionIndex(asked.partition())
                                    .errorCode(why.code())
                                    .errorMessage(why.message())
                                    .build()));

    static final Span<
                    ProduceRequest,
                    ProduceResponse,
                    InTopic<TopicProduceData, PartitionProduceData>,
                    InTopic<TopicProduceResponse, PartitionProduceResponse>>
            PRODUCE = byLeader(
                            Elements.partitions(
                                    ProduceRequest::topicData,
                                    (request, topics) -> request.toBuilder()
                                            .topicData(topics)
                                            .build(),
                                    TopicProduceData::name,
                                    TopicProduceData::topicId,
                                    TopicProduceData::partitionData,
                                    (topic, all) ->
                                            topic.toBuilder().partitionData(all).build(),
                                    PartitionProduceData::index),
                            Elements.partitions(
                                    ProduceResponse::responses,
                                    (response, topics) -> response.toBuilder()
                                            .responses(topics)
                                            .build(),
                                    TopicProduceResponse::name,
                                    TopicProduceResponse::topicId,
                                    TopicProduceResponse::partitionResponses,
                                    (topic, all) -> topic.toBuilder()
                                            .partitionResponses(all)
                                            .build(),
                                    PartitionProduceResponse::index),
                            PartitionProduceResponse::errorCode,
                            (asked, why) -> new InTopic<>(
                                    TopicProduceResponse.builder()
                                            .name(asked.topic().name())
                                            .topicId(asked.topic().topicId())
                                            .build(),
                                    PartitionProduceResponse.builder()
                                            .index(asked.partition().index())
                                            .errorCode(why.code())
                                            .baseOffset(-1)
                                            .errorMessage(why.message())
                                            .build()))
                    .again(LeaderSpans::isNothingWritten);

    static final Span<
                    FetchRequest,
                    FetchResponse,
                    InTopic<FetchTopic, FetchPartition>,
                    InTopic<FetchableTopicResponse, PartitionData>>
            FETCH = byLeader(
                    Elements.partitions(
                            FetchRequest::topics,
                            (request, topics) ->
                                    request.toBuilder().topics(topics).build(),
                            FetchTopic::topic,
                            FetchTopic::topicId,
                            FetchTopic::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            FetchPartition::partition),
                    Elements.partitions(
                            FetchResponse::responses,
                            (response, topics) ->
                                    response.toBuilder().responses(topics).build(),
                            FetchableTopicResponse::topic,
                            FetchableTopicResponse::topicId,
                            FetchableTopicResponse::partitions,
                            (topic, all) -> topic.toBuilder().partitions(all).build(),
                            PartitionData::partitionIndex),
                    PartitionData::errorCode,
                    (asked, why) -> new InTopic<>(
                            FetchableTopicResponse.builder()
                                    .topic(asked.topic().topic())
                                    .topicId(asked.topic().topicId())
                                    .build(),
                            PartitionData.builder()
                                    .partitionIndex(asked.partition().partition())
                                    .errorCode(why.code())
                                    .highWatermark(-1)
                                    .build()));

    /** A marker about one partition is an item: there may be several about the same. */
    private record Marked(long producerId, TopicPartition partition) {
        @Override
        public String toString() {
            return "producer " + producerId + " in " + partition;
        }
    }

    static final Span<WriteTxnMarkersRequest, WriteTxnMarkersResponse, WritableTxnMarker, WritableTxnMarkerResult>
            WRITE_TXN_MARKERS = Span.of(
                    Elements.of(
                            (WriteTxnMarkersRequest request) -> request.markers().stream()
                                    .flatMap(LeaderSpans::single)
                                    .toList(),
                            (WriteTxnMarkersRequest request, List<WritableTxnMarker> all) ->
                                    request.toBuilder().markers(all).build(),
                            marker -> new Marked(marker.producerId(), only(marker))),
                    Elements.of(
                            (WriteTxnMarkersResponse response) -> response.markers().stream()
                                    .flatMap(LeaderSpans::single)
                                    .toList(),
                            (WriteTxnMarkersResponse response, List<WritableTxnMarkerResult> all) ->
                                    response.toBuilder().markers(all).build(),
                            result -> new Marked(
                                    result.producerId(),
                                    new TopicPartition(
                                            result.topics().getFirst().name(),
                                            only(result).partitionIndex()))),
                    marker -> new Route.Leader(only(marker)),
                    result -> only(result).errorCode(),
                    (marker, why) -> result(marker, why.code()));

    private static final int ISOLATION_SINCE = 2; // Kafka 0.11

    private LeaderSpans() {}

    private static <Q extends Request<R>, R extends Response, T, P, U, V>
            Span<Q, R, InTopic<T, P>, InTopic<U, V>> byLeader(
                    Elements<Q, InTopic<T, P>> asked,
                    Elements<R, InTopic<U, V>> answered,
                    ToIntFunction<V> error,
                    BiFunction<InTopic<T, P>, Failure, InTopic<U, V>> failed) {
        return Span.of(
                asked,
                answered,
                item -> leader(asked.names().apply(item)),
                answer -> error.applyAsInt(answer.partition()),
                failed);
    }

    private static Route leader(List<Object> names) {
        return switch (names.getFirst()) {
            case TopicPartition partition -> new Route.Leader(partition);
            case IdPartition(var topicId, int partition) -> new Route.LeaderById(topicId, partition);
            default -> throw new IllegalArgumentException("no partition: " + names);
        };
    }

    /** Before there were transactions nothing was uncommitted: the level that older brokers have no field for changes nothing there. */
    private static ListOffsetsRequest withoutIsolation(ListOffsetsRequest request, ApiVersions versions) {
        boolean old = versions.common(ApiKey.LIST_OFFSETS)
                .map(range -> range.highest() < ISOLATION_SINCE)
                .orElse(false);
        return old ? request.toBuilder().isolationLevel(0).build() : request;
    }

    /** After the others that pass, a batch may have been written: whether to send it again is the caller's decision. */
    private static boolean isNothingWritten(ErrorCode code) {
        return switch (code) {
            case NOT_LEADER_OR_FOLLOWER, LEADER_NOT_AVAILABLE, UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID -> true;
            case NOT_ENOUGH_REPLICAS, KAFKA_STORAGE_ERROR -> true;
            default -> false;
        };
    }

    // ---- transaction markers, which nest one level deeper

    private static Stream<WritableTxnMarker> single(WritableTxnMarker marker) {
        return marker.topics().stream()
                .flatMap(topic -> topic.partitionIndexes().stream()
                        .map(partition -> marker.toBuilder()
                                .topics(List.of(topic.toBuilder()
                                        .partitionIndexes(List.of(partition))
                                        .build()))
                                .build()));
    }

    private static Stream<WritableTxnMarkerResult> single(WritableTxnMarkerResult result) {
        return result.topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> result.toBuilder()
                                .topics(List.of(topic.toBuilder()
                                        .partitions(List.of(partition))
                                        .build()))
                                .build()));
    }

    private static TopicPartition only(WritableTxnMarker marker) {
        var topic = marker.topics().getFirst();
        return new TopicPartition(topic.name(), topic.partitionIndexes().getFirst());
    }

    private static WritableTxnMarkerPartitionResult only(WritableTxnMarkerResult result) {
        return result.topics().getFirst().partitions().getFirst();
    }

    private static WritableTxnMarkerResult result(WritableTxnMarker marker, short code) {
        return WritableTxnMarkerResult.builder()
                .producerId(marker.producerId())
                .topics(List.of(WritableTxnMarkerTopicResult.builder()
                        .name(only(marker).topic())
                        .partitions(List.of(WritableTxnMarkerPartitionResult.builder()
                                .partitionIndex(only(marker).partition())
                                .errorCode(code)
                                .build()))
                        .build()))
                .build();
    }
}
