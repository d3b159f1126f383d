package dev.kafkaloom.client;

import dev.kafkaloom.message.AddPartitionsToTxnRequest;
import dev.kafkaloom.message.AlterConfigsRequest;
import dev.kafkaloom.message.ConsumerGroupDescribeRequest;
import dev.kafkaloom.message.DeleteGroupsRequest;
import dev.kafkaloom.message.DeleteRecordsRequest;
import dev.kafkaloom.message.DeleteShareGroupStateRequest;
import dev.kafkaloom.message.DescribeConfigsRequest;
import dev.kafkaloom.message.DescribeGroupsRequest;
import dev.kafkaloom.message.DescribeLogDirsRequest;
import dev.kafkaloom.message.DescribeProducersRequest;
import dev.kafkaloom.message.DescribeShareGroupOffsetsRequest;
import dev.kafkaloom.message.DescribeTransactionsRequest;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.IncrementalAlterConfigsRequest;
import dev.kafkaloom.message.InitializeShareGroupStateRequest;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListTransactionsRequest;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.OffsetForLeaderEpochRequest;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ReadShareGroupStateRequest;
import dev.kafkaloom.message.ReadShareGroupStateSummaryRequest;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.message.ShareGroupDescribeRequest;
import dev.kafkaloom.message.StreamsGroupDescribeRequest;
import dev.kafkaloom.message.WriteShareGroupStateRequest;
import dev.kafkaloom.message.WriteTxnMarkersRequest;
import dev.kafkaloom.protocol.KafkaException;
import java.util.List;

/** Which span a request has. {@link Route#of} says whether it has one. */
final class SpanTable {
    /** The ids of the cluster's brokers. */
    interface Brokers {
        List<Integer> now() throws InterruptedException;
    }

    private SpanTable() {}

    @SuppressWarnings("unchecked") // a request's class decides its response's
    static <R extends Response> Span<?, R, ?, ?> of(Request<R> request, Brokers brokers) throws InterruptedException {
        Span<?, ?, ?, ?> span = switch (request) {
            case ListOffsetsRequest _ -> LeaderSpans.LIST_OFFSETS;
            case DeleteRecordsRequest _ -> LeaderSpans.DELETE_RECORDS;
            case OffsetForLeaderEpochRequest _ -> LeaderSpans.OFFSET_FOR_LEADER_EPOCH;
            case DescribeProducersRequest _ -> LeaderSpans.DESCRIBE_PRODUCERS;
            case ProduceRequest _ -> LeaderSpans.PRODUCE;
            case FetchRequest _ -> LeaderSpans.FETCH;
            case DescribeGroupsRequest _ -> GroupSpans.DESCRIBE_GROUPS;
            case DeleteGroupsRequest _ -> GroupSpans.DELETE_GROUPS;
            case OffsetFetchRequest _ -> GroupSpans.OFFSET_FETCH;
            case ConsumerGroupDescribeRequest _ -> GroupSpans.CONSUMER_GROUP_DESCRIBE;
            case ShareGroupDescribeRequest _ -> GroupSpans.SHARE_GROUP_DESCRIBE;
            case StreamsGroupDescribeRequest _ -> GroupSpans.STREAMS_GROUP_DESCRIBE;
            case DescribeShareGroupOffsetsRequest _ -> GroupSpans.DESCRIBE_SHARE_GROUP_OFFSETS;
            case DescribeTransactionsRequest _ -> CoordinatorSpans.DESCRIBE_TRANSACTIONS;
            case AddPartitionsToTxnRequest _ -> CoordinatorSpans.ADD_PARTITIONS_TO_TXN;
            case FindCoordinatorRequest _ -> CoordinatorSpans.FIND_COORDINATOR;
            case InitializeShareGroupStateRequest _ -> ShareStateSpans.INITIALIZE;
            case ReadShareGroupStateRequest _ -> ShareStateSpans.READ;
            case WriteShareGroupStateRequest _ -> ShareStateSpans.WRITE;
            case DeleteShareGroupStateRequest _ -> ShareStateSpans.DELETE;
            case ReadShareGroupStateSummaryRequest _ -> ShareStateSpans.READ_SUMMARY;
            case WriteTxnMarkersRequest _ -> LeaderSpans.WRITE_TXN_MARKERS;
            case DescribeConfigsRequest _ -> BrokerSpans.DESCRIBE_CONFIGS;
            case AlterConfigsRequest _ -> BrokerSpans.ALTER_CONFIGS;
            case IncrementalAlterConfigsRequest _ -> BrokerSpans.INCREMENTAL_ALTER_CONFIGS;
            case ListGroupsRequest _ -> BrokerSpans.listGroups(brokers.now());
            case ListTransactionsRequest _ -> BrokerSpans.listTransactions(brokers.now());
            case DescribeLogDirsRequest _ -> BrokerSpans.describeLogDirs(brokers.now());
            default ->
                throw new KafkaException.InvalidRequest(
                        request.api().apiName() + " cannot be split: say which broker it is for (Route.Broker)");
        };
        return (Span<?, R, ?, ?>) span;
    }
}
