package dev.kafkaloom.client;

import static dev.kafkaloom.client.SpanFamily.NOT_COORDINATOR;
import static dev.kafkaloom.client.SpanFamily.codes;
import static dev.kafkaloom.client.SpanFamily.each;

import dev.kafkaloom.message.AddPartitionsToTxnRequest;
import dev.kafkaloom.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import dev.kafkaloom.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import dev.kafkaloom.message.AddPartitionsToTxnResponse;
import dev.kafkaloom.message.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import dev.kafkaloom.message.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import dev.kafkaloom.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ConsumerGroupDescribeRequest;
import dev.kafkaloom.message.ConsumerGroupDescribeResponse;
import dev.kafkaloom.message.DeleteGroupsRequest;
import dev.kafkaloom.message.DeleteGroupsResponse;
import dev.kafkaloom.message.DescribeGroupsRequest;
import dev.kafkaloom.message.DescribeGroupsResponse;
import dev.kafkaloom.message.DescribeShareGroupOffsetsRequest;
import dev.kafkaloom.message.DescribeShareGroupOffsetsResponse;
import dev.kafkaloom.message.DescribeTransactionsRequest;
import dev.kafkaloom.message.DescribeTransactionsResponse;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.OffsetFetchResponse;
import dev.kafkaloom.message.ShareGroupDescribeRequest;
import dev.kafkaloom.message.ShareGroupDescribeResponse;
import dev.kafkaloom.message.StreamsGroupDescribeRequest;
import dev.kafkaloom.message.StreamsGroupDescribeResponse;
import java.util.List;

/** Those about groups and transactions. */
final class GroupSpanFamilies {
    private GroupSpanFamilies() {}

    static List<SpanFamily> all() {
        return List.of(
                describeGroups(),
                deleteGroups(),
                offsetFetch(),
                consumerGroupDescribe(),
                shareGroupDescribe(),
                streamsGroupDescribe(),
                describeShareGroupOffsets(),
                describeTransactions(),
                addPartitionsToTxn());
    }

    static SpanFamily describeGroups() {
        return new SpanFamily(
                ApiKey.DESCRIBE_GROUPS,
                NOT_COORDINATOR,
                asked -> DescribeGroupsRequest.builder().groups(asked).build(),
                request -> ((DescribeGroupsRequest) request).groups(),
                codes -> DescribeGroupsResponse.builder()
                        .groups(each(
                                codes,
                                (group, code) -> DescribeGroupsResponse.DescribedGroup.builder()
                                        .groupId(group)
                                        .errorCode(code)
                                        .build()))
                        .build(),
                response -> codes(((DescribeGroupsResponse) response).groups(), g -> g.groupId(), g -> g.errorCode()));
    }

    static SpanFamily deleteGroups() {
        return new SpanFamily(
                ApiKey.DELETE_GROUPS,
                NOT_COORDINATOR,
                asked -> DeleteGroupsRequest.builder().groupsNames(asked).build(),
                request -> ((DeleteGroupsRequest) request).groupsNames(),
                codes -> DeleteGroupsResponse.builder()
                        .results(each(
                                codes,
                                (group, code) -> DeleteGroupsResponse.DeletableGroupResult.builder()
                                        .groupId(group)
                                        .errorCode(code)
                                        .build()))
                        .build(),
                response -> codes(((DeleteGroupsResponse) response).results(), g -> g.groupId(), g -> g.errorCode()));
    }

    static SpanFamily offsetFetch() {
        return new SpanFamily(
                ApiKey.OFFSET_FETCH,
                NOT_COORDINATOR,
                asked -> OffsetFetchRequest.builder()
                        .groups(asked.stream()
                                .map(group -> OffsetFetchRequest.OffsetFetchRequestGroup.builder()
                                        .groupId(group)
                                        .topics(List.of(OffsetFetchRequest.OffsetFetchRequestTopics.builder()
                                                .name("t")
                                                .partitionIndexes(List.of(0))
                                                .build()))
                                        .build())
                                .toList())
                        .build(),
                request -> GroupSpanFamilies.groups((OffsetFetchRequest) request),
                codes -> OffsetFetchResponse.builder()
                        .groups(each(
                                codes,
                                (group, code) -> OffsetFetchResponse.OffsetFetchResponseGroup.builder()
                                        .groupId(group)
                                        .errorCode(code)
                                        .build()))
                        .build(),
                response -> codes(((OffsetFetchResponse) response).groups(), g -> g.groupId(), g -> g.errorCode()));
    }

    private static List<String> groups(OffsetFetchRequest request) {
        return request.groups().isEmpty() && !request.groupId().isEmpty()
                ? List.of(request.groupId())
                : request.groups().stream().map(g -> g.groupId()).toList();
    }

    static SpanFamily consumerGroupDescribe() {
        return new SpanFamily(
                ApiKey.CONSUMER_GROUP_DESCRIBE,
                NOT_COORDINATOR,
                asked -> ConsumerGroupDescribeRequest.builder().groupIds(asked).build(),
                request -> ((ConsumerGroupDescribeRequest) request).groupIds(),
                codes -> ConsumerGroupDescribeResponse.builder()
                        .groups(each(
                                codes,
                                (group, code) -> ConsumerGroupDescribeResponse.DescribedGroup.builder()
                                        .groupId(group)
                                        .errorCode(code)
                                        .build()))
                        .build(),
                response -> codes(
                        ((ConsumerGroupDescribeResponse) response).groups(), g -> g.groupId(), g -> g.errorCode()));
    }

    static SpanFamily shareGroupDescribe() {
        return new SpanFamily(
                ApiKey.SHARE_GROUP_DESCRIBE,
                NOT_COORDINATOR,
                asked -> ShareGroupDescribeRequest.builder().groupIds(asked).build(),
                request -> ((ShareGroupDescribeRequest) request).groupIds(),
                codes -> ShareGroupDescribeResponse.builder()
                        .groups(each(
                                codes,
                                (group, code) -> ShareGroupDescribeResponse.DescribedGroup.builder()
                                        .groupId(group)
                                        .errorCode(code)
                                        .build()))
                        .build(),
                response ->
                        codes(((ShareGroupDescribeResponse) response).groups(), g -> g.groupId(), g -> g.errorCode()));
    }

    static SpanFamily streamsGroupDescribe() {
        return new SpanFamily(
                ApiKey.STREAMS_GROUP_DESCRIBE,
                NOT_COORDINATOR,
                asked -> StreamsGroupDescribeRequest.builder().groupIds(asked).build(),
                request -> ((StreamsGroupDescribeRequest) request).groupIds(),
                codes -> StreamsGroupDescribeResponse.builder()
                        .groups(each(
                                codes,
                                (group, code) -> StreamsGroupDescribeResponse.DescribedGroup.builder()
                                        .groupId(group)
                                        .errorCode(code)
                                        .build()))
                        .build(),
                response -> codes(
                        ((StreamsGroupDescribeResponse) response).groups(), g -> g.groupId(), g -> g.errorCode()));
    }

    static SpanFamily describeShareGroupOffsets() {
        return new SpanFamily(
                ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                NOT_COORDINATOR,
                asked -> DescribeShareGroupOffsetsRequest.builder()
                        .groups(asked.stream()
                                .map(group ->
                                        DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup.builder()
                                                .groupId(group)
                                                .build())
                                .toList())
                        .build(),
                request -> ((DescribeShareGroupOffsetsRequest) request)
                        .groups().stream().map(g -> g.groupId()).toList(),
                codes -> DescribeShareGroupOffsetsResponse.builder()
                        .groups(each(
                                codes,
                                (group, code) ->
                                        DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup
                                                .builder()
                                                .groupId(group)
                                                .errorCode(code)
                                                .build()))
                        .build(),
                response -> codes(
                        ((DescribeShareGroupOffsetsResponse) response).groups(), g -> g.groupId(), g -> g.errorCode()));
    }

    static SpanFamily describeTransactions() {
        return new SpanFamily(
                ApiKey.DESCRIBE_TRANSACTIONS,
                NOT_COORDINATOR,
                asked -> DescribeTransactionsRequest.builder()
                        .transactionalIds(asked)
                        .build(),
                request -> ((DescribeTransactionsRequest) request).transactionalIds(),
                codes -> DescribeTransactionsResponse.builder()
                        .transactionStates(each(
                                codes,
                                (id, code) -> DescribeTransactionsResponse.TransactionState.builder()
                                        .transactionalId(id)
                                        .errorCode(code)
                                        .build()))
                        .build(),
                response -> codes(
                        ((DescribeTransactionsResponse) response).transactionStates(),
                        t -> t.transactionalId(),
                        t -> t.errorCode()));
    }

    static SpanFamily addPartitionsToTxn() {
        return new SpanFamily(
                ApiKey.ADD_PARTITIONS_TO_TXN,
                NOT_COORDINATOR,
                asked -> AddPartitionsToTxnRequest.builder()
                        .transactions(asked.stream()
                                .map(id -> AddPartitionsToTxnTransaction.builder()
                                        .transactionalId(id)
                                        .topics(List.of(AddPartitionsToTxnTopic.builder()
                                                .name("t")
                                                .partitions(List.of(0))
                                                .build()))
                                        .build())
                                .toList())
                        .build(),
                request -> ((AddPartitionsToTxnRequest) request)
                        .transactions().stream().map(t -> t.transactionalId()).toList(),
                codes -> AddPartitionsToTxnResponse.builder()
                        .resultsByTransaction(each(codes, GroupSpanFamilies::added))
                        .build(),
                response -> codes(
                        ((AddPartitionsToTxnResponse) response).resultsByTransaction(),
                        t -> t.transactionalId(),
                        t -> t.topicResults()
                                .getFirst()
                                .resultsByPartition()
                                .getFirst()
                                .partitionErrorCode()));
    }

    private static AddPartitionsToTxnResult added(String id, short code) {
        return AddPartitionsToTxnResult.builder()
                .transactionalId(id)
                .topicResults(List.of(AddPartitionsToTxnTopicResult.builder()
                        .name("t")
                        .resultsByPartition(List.of(AddPartitionsToTxnPartitionResult.builder()
                                .partitionErrorCode(code)
                                .build()))
                        .build()))
                .build();
    }
}
