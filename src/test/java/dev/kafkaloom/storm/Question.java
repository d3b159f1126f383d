package dev.kafkaloom.storm;

import dev.kafkaloom.message.DescribeConfigsRequest;
import dev.kafkaloom.message.DescribeConfigsRequest.DescribeConfigsResource;
import dev.kafkaloom.message.DescribeConfigsResponse;
import dev.kafkaloom.message.DescribeGroupsRequest;
import dev.kafkaloom.message.DescribeGroupsResponse;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaloom.message.ListOffsetsResponse;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import java.util.List;
import java.util.stream.IntStream;

/** A request whose response echoes the token of its call. */
enum Question {
    /** A topic of that name, which no broker has. */
    METADATA,
    /** A group of that name, of its coordinator. */
    GROUP,
    /** The coordinator of that name. */
    COORDINATOR,
    /** The settings of a topic of that name. */
    CONFIGS,
    /** The offset at that time, of partitions with different leaders: what {@link FakeWorld} answers is the time itself. */
    OFFSETS;

    static final String TOPIC = "weather";
    static final int PARTITIONS = 6;

    private static final byte TOPIC_RESOURCE = 2;

    Request<?> request(long call) {
        String name = Token.name(call);
        return switch (this) {
            case METADATA ->
                MetadataRequest.builder()
                        .topics(List.of(
                                MetadataRequestTopic.builder().name(name).build()))
                        .allowAutoTopicCreation(false)
                        .build();
            case GROUP -> DescribeGroupsRequest.builder().groups(List.of(name)).build();
            case COORDINATOR ->
                FindCoordinatorRequest.builder().coordinatorKeys(List.of(name)).build();
            case CONFIGS ->
                DescribeConfigsRequest.builder()
                        .resources(List.of(DescribeConfigsResource.builder()
                                .resourceType(TOPIC_RESOURCE)
                                .resourceName(name)
                                .build()))
                        .build();
            case OFFSETS -> offsets(call);
        };
    }

    private static ListOffsetsRequest offsets(long call) {
        int first = (int) (call % PARTITIONS);
        int count = 1 + (int) (call % 3);
        List<ListOffsetsPartition> partitions = IntStream.range(0, count)
                .mapToObj(i -> ListOffsetsPartition.builder()
                        .partitionIndex((first + i) % PARTITIONS)
                        .timestamp(Token.number(call))
                        .build())
                .toList();
        return ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(ListOffsetsTopic.builder()
                        .name(TOPIC)
                        .partitions(partitions)
                        .build()))
                .build();
    }

    static Verdict judge(long call, Request<?> request, Response response) {
        String name = Token.name(call);
        return Verdict.worst(
                switch (response) {
                    case MetadataResponse r ->
                        r.topics().stream()
                                .map(each -> Verdict.of(name, each.name()))
                                .toList();
                    case DescribeGroupsResponse r ->
                        r.groups().stream()
                                .map(each -> Verdict.of(name, each.groupId()))
                                .toList();
                    case FindCoordinatorResponse r ->
                        r.coordinators().stream()
                                .map(each -> Verdict.of(name, each.key()))
                                .toList();
                    case DescribeConfigsResponse r ->
                        r.results().stream()
                                .map(each -> Verdict.of(name, each.resourceName()))
                                .toList();
                    case ListOffsetsResponse r -> offsets(call, (ListOffsetsRequest) request, r);
                    default -> throw new IllegalStateException("nobody asks for " + response);
                });
    }

    private static List<Verdict> offsets(long call, ListOffsetsRequest request, ListOffsetsResponse response) {
        int asked = request.topics().getFirst().partitions().size();
        var came = response.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
        return came.size() != asked
                ? List.of(Verdict.GARBLED)
                : came.stream()
                        .map(each -> each.errorCode() == ErrorCode.NONE.code()
                                ? Verdict.of(Token.number(call), each.offset())
                                : Verdict.REFUSED)
                        .toList();
    }
}
