package dev.kafkaloom.fake;

import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.FindCoordinatorResponse;
import dev.kafkaloom.message.HeartbeatRequest;
import dev.kafkaloom.message.HeartbeatResponse;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.message.MetadataResponse;
import dev.kafkaloom.message.MetadataResponse.MetadataResponseBroker;
import dev.kafkaloom.message.MetadataResponse.MetadataResponsePartition;
import dev.kafkaloom.message.MetadataResponse.MetadataResponseTopic;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;

/** A cluster of one fake broker, as its metadata shows it. Thread-safe. */
final class FakeCluster {
    private static final String HOST = "127.0.0.1";

    private final int port;
    private final Map<String, Integer> topics = new ConcurrentSkipListMap<>();

    FakeCluster(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    void add(String topic, int partitions) {
        topics.put(topic, partitions);
    }

    /** Names none: v0 means all topics by that, later versions none, and null for all. */
    Response metadata(Request<?> request) {
        List<MetadataRequest.MetadataRequestTopic> wanted = ((MetadataRequest) request).topics();
        List<String> names = wanted == null || (wanted.isEmpty() && isOld(request))
                ? List.copyOf(topics.keySet())
                : wanted.stream()
                        .map(MetadataRequest.MetadataRequestTopic::name)
                        .toList();
        return MetadataResponse.builder()
                .clusterId("fake")
                .controllerId(FakeBroker.NODE_ID)
                .brokers(List.of(MetadataResponseBroker.builder()
                        .nodeId(FakeBroker.NODE_ID)
                        .host(HOST)
                        .port(port)
                        .build()))
                .topics(names.stream().map(this::topic).toList())
                .build();
    }

    /** Only a client of v4 or later can refuse auto-creation, and ours always does. */
    private static boolean isOld(Request<?> request) {
        return ((MetadataRequest) request).allowAutoTopicCreation();
    }

    private MetadataResponseTopic topic(String name) {
        Integer partitions = topics.get(name);
        if (partitions == null) {
            return MetadataResponseTopic.builder()
                    .name(name)
                    .errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code())
                    .build();
        }
        List<Integer> self = List.of(FakeBroker.NODE_ID);
        return MetadataResponseTopic.builder()
                .name(name)
                .partitions(IntStream.range(0, partitions)
                        .mapToObj(number -> MetadataResponsePartition.builder()
                                .partitionIndex(number)
                                .leaderId(FakeBroker.NODE_ID)
                                .leaderEpoch(0)
                                .replicaNodes(self)
                                .isrNodes(self)
                                .build())
                        .toList())
                .build();
    }

    Response coordinator(Request<?> request) {
        FindCoordinatorRequest wanted = (FindCoordinatorRequest) request;
        if (wanted.coordinatorKeys().isEmpty()) {
            return FindCoordinatorResponse.builder()
                    .nodeId(FakeBroker.NODE_ID)
                    .host(HOST)
                    .port(port)
                    .build();
        }
        return FindCoordinatorResponse.builder()
                .coordinators(wanted.coordinatorKeys().stream()
                        .map(key -> FindCoordinatorResponse.Coordinator.builder()
                                .key(key)
                                .nodeId(FakeBroker.NODE_ID)
                                .host(HOST)
                                .port(port)
                                .build())
                        .toList())
                .build();
    }

    /** No group has members here; the one without a name, which the first contact asks for, is not a group. */
    static Response heartbeat(Request<?> request) {
        boolean unnamed = ((HeartbeatRequest) request).groupId().isEmpty();
        return HeartbeatResponse.builder()
                .errorCode((unnamed ? ErrorCode.INVALID_GROUP_ID : ErrorCode.UNKNOWN_MEMBER_ID).code())
                .build();
    }
}
