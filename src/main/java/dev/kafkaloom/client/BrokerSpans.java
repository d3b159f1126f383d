package dev.kafkaloom.client;

import dev.kafkaloom.message.AlterConfigsRequest;
import dev.kafkaloom.message.AlterConfigsResponse;
import dev.kafkaloom.message.DescribeConfigsRequest;
import dev.kafkaloom.message.DescribeConfigsRequest.DescribeConfigsResource;
import dev.kafkaloom.message.DescribeConfigsResponse;
import dev.kafkaloom.message.DescribeConfigsResponse.DescribeConfigsResult;
import dev.kafkaloom.message.DescribeLogDirsRequest;
import dev.kafkaloom.message.DescribeLogDirsResponse;
import dev.kafkaloom.message.IncrementalAlterConfigsRequest;
import dev.kafkaloom.message.IncrementalAlterConfigsResponse;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import dev.kafkaloom.message.ListGroupsResponse.ListedGroup;
import dev.kafkaloom.message.ListTransactionsRequest;
import dev.kafkaloom.message.ListTransactionsResponse;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests that every broker has a part of the answer to, and those about the settings of single brokers. */
final class BrokerSpans {
    private static final byte BROKER = 4;
    private static final byte BROKER_LOGGER = 8;

    /** What settings belong to. */
    private record Resource(byte type, String name) {
        @Override
        public String toString() {
            return (type == BROKER ? "broker " : type == BROKER_LOGGER ? "loggers of broker " : "resource ") + name;
        }
    }

    static final Span<DescribeConfigsRequest, DescribeConfigsResponse, DescribeConfigsResource, DescribeConfigsResult>
            DESCRIBE_CONFIGS = Span.of(
                            Elements.of(
                                    DescribeConfigsRequest::resources,
                                    (DescribeConfigsRequest request, List<DescribeConfigsResource> all) ->
                                            request.toBuilder().resources(all).build(),
                                    each -> new Resource(each.resourceType(), each.resourceName())),
                            Elements.of(
                                    DescribeConfigsResponse::results,
                                    (DescribeConfigsResponse response, List<DescribeConfigsResult> all) ->
                                            response.toBuilder().results(all).build(),
                                    each -> new Resource(each.resourceType(), each.resourceName())),
                            each -> configRoute(each.resourceType(), each.resourceName()),
                            DescribeConfigsResult::errorCode,
                            (each, why) -> DescribeConfigsResult.builder()
                                    .resourceType(each.resourceType())
                                    .resourceName(each.resourceName())
                                    .errorCode(why.code())
                                    .errorMessage(why.message())
                                    .build())
                    .again(code -> code != ErrorCode.BROKER_NOT_AVAILABLE);

    static final Span<
                    AlterConfigsRequest,
                    AlterConfigsResponse,
                    AlterConfigsRequest.AlterConfigsResource,
                    AlterConfigsResponse.AlterConfigsResourceResponse>
            ALTER_CONFIGS = Span.of(
                            Elements.of(
                                    AlterConfigsRequest::resources,
                                    (AlterConfigsRequest request, List<AlterConfigsRequest.AlterConfigsResource> all) ->
                                            request.toBuilder().resources(all).build(),
                                    each -> new Resource(each.resourceType(), each.resourceName())),
                            Elements.of(
                                    AlterConfigsResponse::responses,
                                    (AlterConfigsResponse response,
                                            List<AlterConfigsResponse.AlterConfigsResourceResponse> all) ->
                                            response.toBuilder().responses(all).build(),
                                    each -> new Resource(each.resourceType(), each.resourceName())),
                            each -> configRoute(each.resourceType(), each.resourceName()),
                            AlterConfigsResponse.AlterConfigsResourceResponse::errorCode,
                            (each, why) -> AlterConfigsResponse.AlterConfigsResourceResponse.builder()
                                    .resourceType(each.resourceType())
                                    .resourceName(each.resourceName())
                                    .errorCode(why.code())
                                    .errorMessage(why.message())
                                    .build())
                    .again(code -> code != ErrorCode.BROKER_NOT_AVAILABLE);

    static final Span<
                    IncrementalAlterConfigsRequest,
                    IncrementalAlterConfigsResponse,
                    IncrementalAlterConfigsRequest.AlterConfigsResource,
                    IncrementalAlterConfigsResponse.AlterConfigsResourceResponse>
            INCREMENTAL_ALTER_CONFIGS = Span.of(
                            Elements.of(
                                    IncrementalAlterConfigsRequest::resources,
                                    (IncrementalAlterConfigsRequest request,
                                            List<IncrementalAlterConfigsRequest.AlterConfigsResource> all) ->
                                            request.toBuilder().resources(all).build(),
                                    each -> new Resource(each.resourceType(), each.resourceName())),
                            Elements.of(
                                    IncrementalAlterConfigsResponse::responses,
                                    (IncrementalAlterConfigsResponse response,
                                            List<IncrementalAlterConfigsResponse.AlterConfigsResourceResponse> all) ->
                                            response.toBuilder().responses(all).build(),
                                    each -> new Resource(each.resourceType(), each.resourceName())),
                            each -> configRoute(each.resourceType(), each.resourceName()),
                            IncrementalAlterConfigsResponse.AlterConfigsResourceResponse::errorCode,
                            (each, why) -> IncrementalAlterConfigsResponse.AlterConfigsResourceResponse.builder()
                                    .resourceType(each.resourceType())
                                    .resourceName(each.resourceName())
                                    .errorCode(why.code())
                                    .errorMessage(why.message())
                                    .build())
                    .again(code -> code != ErrorCode.BROKER_NOT_AVAILABLE);

    private BrokerSpans() {}

    /** The settings of one broker are known to that broker only; all others, those for all brokers among them, to each. */
    private static Route configRoute(byte type, String name) {
        boolean ofOneBroker = (type == BROKER || type == BROKER_LOGGER) && name.matches("\\d{1,9}");
        return ofOneBroker ? new Route.Broker(Integer.parseInt(name)) : new Route.AnyBroker();
    }

    static Span<ListGroupsRequest, ListGroupsResponse, ?, ?> listGroups(List<Integer> brokers) {
        return Span.everyBroker(brokers, BrokerSpans::joinGroups);
    }

    /** A group whose coordinator has just moved may be listed by two. */
    private static ListGroupsResponse joinGroups(List<ListGroupsResponse> responses) {
        Map<String, ListedGroup> groups = new LinkedHashMap<>();
        responses.forEach(response -> response.groups().forEach(group -> groups.putIfAbsent(group.groupId(), group)));
        return ListGroupsResponse.builder()
                .throttleTimeMs(throttle(responses))
                .errorCode(error(responses))
                .groups(List.copyOf(groups.values()))
                .build();
    }

    static Span<ListTransactionsRequest, ListTransactionsResponse, ?, ?> listTransactions(List<Integer> brokers) {
        return Span.everyBroker(
                brokers,
                responses -> ListTransactionsResponse.builder()
                        .throttleTimeMs(throttle(responses))
                        .errorCode(error(responses))
                        .unknownStateFilters(responses.stream()
                                .flatMap(response -> response.unknownStateFilters().stream())
                                .distinct()
                                .toList())
                        .transactionStates(responses.stream()
                                .flatMap(response -> response.transactionStates().stream())
                                .toList())
                        .build());
    }

    /** Which directory is whose the response has no field for: who wants to know asks each broker by itself. */
    static Span<DescribeLogDirsRequest, DescribeLogDirsResponse, ?, ?> describeLogDirs(List<Integer> brokers) {
        return Span.everyBroker(
                brokers,
                responses -> DescribeLogDirsResponse.builder()
                        .throttleTimeMs(throttle(responses))
                        .errorCode(error(responses))
                        .results(responses.stream()
                                .flatMap(response -> response.results().stream())
                                .toList())
                        .build());
    }

    private static int throttle(List<? extends Response> responses) {
        return responses.stream().mapToInt(Response::throttleTimeMs).max().orElse(0);
    }

    private static short error(List<? extends Response> responses) {
        return responses.stream()
                .map(Response::errorCode)
                .filter(code -> code != 0)
                .findFirst()
                .orElse((short) 0);
    }
}
