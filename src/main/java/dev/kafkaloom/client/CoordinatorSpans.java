package dev.kafkaloom.client;

import dev.kafkaloom.message.AddPartitionsToTxnRequest;
import dev.kafkaloom.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import dev.kafkaloom.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import dev.kafkaloom.message.AddPartitionsToTxnResponse;
import dev.kafkaloom.message.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import dev.kafkaloom.message.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import dev.kafkaloom.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import dev.kafkaloom.message.DescribeTransactionsRequest;
import dev.kafkaloom.message.DescribeTransactionsResponse;
import dev.kafkaloom.message.DescribeTransactionsResponse.TransactionState;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.message.FindCoordinatorResponse.Coordinator;
import dev.kafkaloom.protocol.ErrorCode;
import java.util.List;

/** The search for coordinators, and requests about transactions, which go to theirs. */
final class CoordinatorSpans {
    static final Span<FindCoordinatorRequest, FindCoordinatorResponse, String, Coordinator> FIND_COORDINATOR = Span.of(
                    Elements.of(
                            FindCoordinatorRequest::coordinatorKeys,
                            (FindCoordinatorRequest request, List<String> keys) ->
                                    request.toBuilder().coordinatorKeys(keys).build(),
                            key -> key),
                    Elements.of(
                            FindCoordinatorResponse::coordinators,
                            (FindCoordinatorResponse response, List<Coordinator> all) ->
                                    response.toBuilder().coordinators(all).build(),
                            Coordinator::key),
                    _ -> new Route.AnyBroker(),
                    Coordinator::errorCode,
                    (key, why) -> Coordinator.builder()
                            .key(key)
                            .nodeId(-1)
                            .port(-1)
                            .errorCode(why.code())
                            .errorMessage(why.message())
                            .build())
            .alone(Coordinators.BATCHED_SINCE - 1, Coordinators::alone, Coordinators::batch);

    static final Span<DescribeTransactionsRequest, DescribeTransactionsResponse, String, TransactionState>
            DESCRIBE_TRANSACTIONS = Span.of(
                    Elements.of(
                            DescribeTransactionsRequest::transactionalIds,
                            (request, ids) ->
                                    request.toBuilder().transactionalIds(ids).build(),
                            id -> id),
                    Elements.of(
                            DescribeTransactionsResponse::transactionStates,
                            (response, states) -> response.toBuilder()
                                    .transactionStates(states)
                                    .build(),
                            TransactionState::transactionalId),
                    Route.TransactionCoordinator::new,
                    TransactionState::errorCode,
                    (id, why) -> TransactionState.builder()
                            .transactionalId(id)
                            .errorCode(why.code())
                            .build());

    static final Span<
                    AddPartitionsToTxnRequest,
                    AddPartitionsToTxnResponse,
                    AddPartitionsToTxnTransaction,
                    AddPartitionsToTxnResult>
            ADD_PARTITIONS_TO_TXN = Span.of(
                    Elements.of(
                            AddPartitionsToTxnRequest::transactions,
                            (request, all) ->
                                    request.toBuilder().transactions(all).build(),
                            AddPartitionsToTxnTransaction::transactionalId),
                    Elements.of(
                            AddPartitionsToTxnResponse::resultsByTransaction,
                            (response, all) -> response.toBuilder()
                                    .resultsByTransaction(all)
                                    .build(),
                            AddPartitionsToTxnResult::transactionalId),
                    each -> new Route.TransactionCoordinator(each.transactionalId()),
                    CoordinatorSpans::error,
                    (each, why) -> AddPartitionsToTxnResult.builder()
                            .transactionalId(each.transactionalId())
                            .topicResults(each.topics().stream()
                                    .map(topic -> failed(topic, why.code()))
                                    .toList())
                            .build());

    private CoordinatorSpans() {}

    /** An error of the transaction stands with each of its partitions; those of single partitions are the caller's matter. */
    private static int error(AddPartitionsToTxnResult result) {
        return result.topicResults().stream()
                .flatMap(topic -> topic.resultsByPartition().stream())
                .map(AddPartitionsToTxnPartitionResult::partitionErrorCode)
                .filter(code -> code != 0 && Retry.passes(ErrorCode.of(code).exception("AddPartitionsToTxn")))
                .findFirst()
                .orElse((short) 0);
    }

    private static AddPartitionsToTxnTopicResult failed(AddPartitionsToTxnTopic topic, short code) {
        return AddPartitionsToTxnTopicResult.builder()
                .name(topic.name())
                .resultsByPartition(topic.partitions().stream()
                        .map(partition -> AddPartitionsToTxnPartitionResult.builder()
                                .partitionIndex(partition)
                                .partitionErrorCode(code)
                                .build())
                        .toList())
                .build();
    }
}
