package dev.kafkaloom.client;

import static dev.kafkaloom.client.SpanFamily.NOT_LEADER;
import static dev.kafkaloom.client.SpanFamily.answers;
import static dev.kafkaloom.client.SpanFamily.codes;
import static dev.kafkaloom.client.SpanFamily.items;
import static dev.kafkaloom.client.SpanFamily.topics;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.DeleteRecordsRequest;
import dev.kafkaloom.message.DeleteRecordsResponse;
import dev.kafkaloom.message.DescribeProducersRequest;
import dev.kafkaloom.message.DescribeProducersResponse;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsResponse;
import dev.kafkaloom.message.OffsetForLeaderEpochRequest;
import dev.kafkaloom.message.OffsetForLeaderEpochResponse;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ProduceResponse;
import java.util.List;

/** Those about partitions. */
final class PartitionSpanFamilies {
    private PartitionSpanFamilies() {}

    static List<SpanFamily> all() {
        return List.of(listOffsets(), deleteRecords(), offsetForLeaderEpoch(), describeProducers(), produce(), fetch());
    }

    static SpanFamily listOffsets() {
        return new SpanFamily(
                ApiKey.LIST_OFFSETS,
                NOT_LEADER,
                asked -> ListOffsetsRequest.builder()
                        .replicaId(-1)
                        .topics(topics(
                                asked,
                                (name, all) -> ListOffsetsRequest.ListOffsetsTopic.builder()
                                        .name(name)
                                        .partitions(all.stream()
                                                .map(p -> ListOffsetsRequest.ListOffsetsPartition.builder()
                                                        .partitionIndex(p)
                                                        .timestamp(-1)
                                                        .build())
                                                .toList())
                                        .build()))
                        .build(),
                request -> items(
                        ((ListOffsetsRequest) request).topics(),
                        t -> t.name(),
                        t -> t.partitions(),
                        p -> p.partitionIndex()),
                codes -> ListOffsetsResponse.builder()
                        .topics(answers(
                                codes,
                                (name, all) -> ListOffsetsResponse.ListOffsetsTopicResponse.builder()
                                        .name(name)
                                        .partitions(all.stream()
                                                .map(p -> ListOffsetsResponse.ListOffsetsPartitionResponse.builder()
                                                        .partitionIndex(p)
                                                        .errorCode(codes.get(name + "-" + p))
                                                        .build())
                                                .toList())
                                        .build()))
                        .build(),
                response -> codes(
                        ((ListOffsetsResponse) response).topics(),
                        t -> t.name(),
                        t -> t.partitions(),
                        p -> p.partitionIndex(),
                        p -> p.errorCode()));
    }

    static SpanFamily deleteRecords() {
        return new SpanFamily(
                ApiKey.DELETE_RECORDS,
                NOT_LEADER,
                asked -> DeleteRecordsRequest.builder()
                        .timeoutMs(1000)
                        .topics(topics(
                                asked,
                                (name, all) -> DeleteRecordsRequest.DeleteRecordsTopic.builder()
                                        .name(name)
                                        .partitions(all.stream()
                                                .map(p -> DeleteRecordsRequest.DeleteRecordsPartition.builder()
                                                        .partitionIndex(p)
                                                        .offset(5)
                                                        .build())
                                                .toList())
                                        .build()))
                        .build(),
                request -> items(
                        ((DeleteRecordsRequest) request).topics(),
                        t -> t.name(),
                        t -> t.partitions(),
                        p -> p.partitionIndex()),
                codes -> DeleteRecordsResponse.builder()
                        .topics(answers(
                                codes,
                                (name, all) -> DeleteRecordsResponse.DeleteRecordsTopicResult.builder()
                                        .name(name)
                                        .partitions(all.stream()
                                                .map(p -> DeleteRecordsResponse.DeleteRecordsPartitionResult.builder()
                                                        .partitionIndex(p)
                                                        .errorCode(codes.get(name + "-" + p))
                                                        .build())
                                                .toList())
                                        .build()))
                        .build(),
                response -> codes(
                        ((DeleteRecordsResponse) response).topics(),
                        t -> t.name(),
                        t -> t.partitions(),
                        p -> p.partitionIndex(),
                        p -> p.errorCode()));
    }

    static SpanFamily offsetForLeaderEpoch() {
        return new SpanFamily(
                ApiKey.OFFSET_FOR_LEADER_EPOCH,
                NOT_LEADER,
                asked -> OffsetForLeaderEpochRequest.builder()
                        .replicaId(-1)
                        .topics(topics(
                                asked,
                                (name, all) -> OffsetForLeaderEpochRequest.OffsetForLeaderTopic.builder()
                                        .topic(name)
                                        .partitions(all.stream()
                                                .map(p -> OffsetForLeaderEpochRequest.OffsetForLeaderPartition.builder()
                                                        .partition(p)
                                                        .leaderEpoch(0)
                                                        .build())
                                                .toList())
                                        .build()))
                        .build(),
                request -> items(
                        ((OffsetForLeaderEpochRequest) request).topics(),
                        t -> t.topic(),
                        t -> t.partitions(),
                        p -> p.partition()),
                codes -> OffsetForLeaderEpochResponse.builder()
                        .topics(answers(
                                codes,
                                (name, all) -> OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult.builder()
                                        .topic(name)
                                        .partitions(all.stream()
                                                .map(p -> OffsetForLeaderEpochResponse.EpochEndOffset.builder()
                                                        .partition(p)
                                                        .errorCode(codes.get(name + "-" + p))
                                                        .build())
                                                .toList())
                                        .build()))
                        .build(),
                response -> codes(
                        ((OffsetForLeaderEpochResponse) response).topics(),
                        t -> t.topic(),
                        t -> t.partitions(),
                        p -> p.partition(),
                        p -> p.errorCode()));
    }

    static SpanFamily describeProducers() {
        return new SpanFamily(
                ApiKey.DESCRIBE_PRODUCERS,
                NOT_LEADER,
                asked -> DescribeProducersRequest.builder()
                        .topics(topics(
                                asked,
                                (name, all) -> DescribeProducersRequest.TopicRequest.builder()
                                        .name(name)
                                        .partitionIndexes(all)
                                        .build()))
                        .build(),
                request -> items(
                        ((DescribeProducersRequest) request).topics(),
                        t -> t.name(),
                        t -> t.partitionIndexes(),
                        p -> p),
                codes -> DescribeProducersResponse.builder()
                        .topics(answers(
                                codes,
                                (name, all) -> DescribeProducersResponse.TopicResponse.builder()
                                        .name(name)
                                        .partitions(all.stream()
                                                .map(p -> DescribeProducersResponse.PartitionResponse.builder()
                                                        .partitionIndex(p)
                                                        .errorCode(codes.get(name + "-" + p))
                                                        .build())
                                                .toList())
                                        .build()))
                        .build(),
                response -> codes(
                        ((DescribeProducersResponse) response).topics(),
                        t -> t.name(),
                        t -> t.partitions(),
                        p -> p.partitionIndex(),
                        p -> p.errorCode()));
    }

    static SpanFamily produce() {
        return new SpanFamily(
                ApiKey.PRODUCE,
                NOT_LEADER,
                asked -> ProduceRequest.builder()
                        .acks((short) -1)
                        .timeoutMs(1000)
                        .topicData(topics(
                                asked,
                                (name, all) -> ProduceRequest.TopicProduceData.builder()
                                        .name(name)
                                        .partitionData(all.stream()
                                                .map(p -> ProduceRequest.PartitionProduceData.builder()
                                                        .index(p)
                                                        .build())
                                                .toList())
                                        .build()))
                        .build(),
                request -> items(
                        ((ProduceRequest) request).topicData(), t -> t.name(), t -> t.partitionData(), p -> p.index()),
                codes -> ProduceResponse.builder()
                        .responses(answers(
                                codes,
                                (name, all) -> ProduceResponse.TopicProduceResponse.builder()
                                        .name(name)
                                        .partitionResponses(all.stream()
                                                .map(p -> ProduceResponse.PartitionProduceResponse.builder()
                                                        .index(p)
                                                        .errorCode(codes.get(name + "-" + p))
                                                        .build())
                                                .toList())
                                        .build()))
                        .build(),
                response -> codes(
                        ((ProduceResponse) response).responses(),
                        t -> t.name(),
                        t -> t.partitionResponses(),
                        p -> p.index(),
                        p -> p.errorCode()));
    }

    static SpanFamily fetch() {
        return new SpanFamily(
                ApiKey.FETCH,
                NOT_LEADER,
                asked -> FetchRequest.builder()
                        .maxBytes(1 << 20)
                        .topics(topics(
                                asked,
                                (name, all) -> FetchRequest.FetchTopic.builder()
                                        .topic(name)
                                        .partitions(all.stream()
                                                .map(p -> FetchRequest.FetchPartition.builder()
                                                        .partition(p)
                                                        .build())
                                                .toList())
                                        .build()))
                        .build(),
                request -> items(
                        ((FetchRequest) request).topics(), t -> t.topic(), t -> t.partitions(), p -> p.partition()),
                codes -> FetchResponse.builder()
                        .responses(answers(
                                codes,
                                (name, all) -> FetchResponse.FetchableTopicResponse.builder()
                                        .topic(name)
                                        .partitions(all.stream()
                                                .map(p -> FetchResponse.PartitionData.builder()
                                                        .partitionIndex(p)
                                                        .errorCode(codes.get(name + "-" + p))
                                                        .build())
                                                .toList())
                                        .build()))
                        .build(),
                response -> codes(
                        ((FetchResponse) response).responses(),
                        t -> t.topic(),
                        t -> t.partitions(),
                        p -> p.partitionIndex(),
                        p -> p.errorCode()));
    }
}
