package dev.kafkaloom.fake;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ApiVersionsRequest;
import dev.kafkaloom.message.ApiVersionsResponse;
import dev.kafkaloom.message.DescribeClusterResponse;
import dev.kafkaloom.message.DescribeClusterResponse.DescribeClusterBroker;
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
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.network.HostAndPort;
import dev.kafkaloom.network.VersionRange;
import dev.kafkaloom.protocol.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the brokers of a cluster answer by themselves. Thread-safe. */
final class FakeAnswers {
    private final FakeCluster cluster;

    FakeAnswers(FakeCluster cluster) {
        this.cluster = cluster;
    }

    /** Names none: v0 means all topics by that, later versions none, and null for all. */
    Response metadata(Request<?> request) {
        List<MetadataRequest.MetadataRequestTopic> wanted = ((MetadataRequest) request).topics();
        List<String> names = wanted == null || (wanted.isEmpty() && isOld(request))
                ? cluster.topicNames()
                : wanted.stream()
                        .map(MetadataRequest.MetadataRequestTopic::name)
                        .toList();
        return MetadataResponse.builder()
                .clusterId(cluster.clusterId())
                .controllerId(cluster.controllerId())
                .brokers(cluster.addresses().entrySet().stream()
                        .map(each -> MetadataResponseBroker.builder()
                                .nodeId(each.getKey())
                                .host(each.getValue().host())
                                .port(each.getValue().port())
                                .build())
                        .toList())
                .topics(names.stream().map(this::topic).toList())
                .build();
    }

    /** Only a client of v4 or later can refuse auto-creation, and ours always does. */
    private static boolean isOld(Request<?> request) {
        return ((MetadataRequest) request).allowAutoTopicCreation();
    }

    private MetadataResponseTopic topic(String name) {
        List<FakeCluster.Leader> leaders = cluster.leaders(name);
        if (leaders == null) {
            return MetadataResponseTopic.builder()
                    .name(name)
                    .errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code())
                    .build();
        }
        return MetadataResponseTopic.builder()
                .name(name)
                .partitions(IntStream.range(0, leaders.size())
                        .mapToObj(number -> partition(number, leaders.get(number)))
                        .toList())
                .build();
    }

    private static MetadataResponsePartition partition(int number, FakeCluster.Leader leader) {
        boolean led = leader.nodeId() != FakeCluster.NOBODY;
        List<Integer> replicas = led ? List.of(leader.nodeId()) : List.of();
        return MetadataResponsePartition.builder()
                .partitionIndex(number)
                .errorCode((led ? ErrorCode.NONE : ErrorCode.LEADER_NOT_AVAILABLE).code())
                .leaderId(leader.nodeId())
                .leaderEpoch(leader.epoch())
                .replicaNodes(replicas)
                .isrNodes(replicas)
                .build();
    }

    Response coordinator(Request<?> request) {
        FindCoordinatorRequest wanted = (FindCoordinatorRequest) request;
        if (!wanted.coordinatorKeys().isEmpty()) {
            return FindCoordinatorResponse.builder()
                    .coordinators(wanted.coordinatorKeys().stream()
                            .map(this::coordinatorOf)
                            .toList())
                    .build();
        }
        if (wanted.key().isEmpty()) {
            return FindCoordinatorResponse.builder().build(); // since v4 one may ask for none
        }
        FindCoordinatorResponse.Coordinator only = coordinatorOf(wanted.key());
        return FindCoordinatorResponse.builder()
                .errorCode(only.errorCode())
                .nodeId(only.nodeId())
                .host(only.host())
                .port(only.port())
                .build();
    }

    private FindCoordinatorResponse.Coordinator coordinatorOf(String key) {
        var answer = FindCoordinatorResponse.Coordinator.builder().key(key);
        int nodeId = cluster.coordinator(key);
        if (nodeId == FakeCluster.NOBODY) {
            return answer.nodeId(nodeId)
                    .port(-1)
                    .errorCode(ErrorCode.COORDINATOR_NOT_AVAILABLE.code())
                    .build();
        }
        HostAndPort address = cluster.addressOf(nodeId);
        return answer.nodeId(nodeId).host(address.host()).port(address.port()).build();
    }

    Response describeCluster(Request<?> request) {
        return DescribeClusterResponse.builder()
                .clusterId(cluster.clusterId())
                .controllerId(cluster.controllerId())
                .brokers(cluster.addresses().entrySet().stream()
                        .map(each -> DescribeClusterBroker.builder()
                                .brokerId(each.getKey())
                                .host(each.getValue().host())
                                .port(each.getValue().port())
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

    /** A client that looked for another cluster or node is told so (KIP-1242). */
    Response apiVersions(ApiVersionsRequest request, int self, ApiVersions versions) {
        boolean elsewhere = request.clusterId() != null && !request.clusterId().equals(cluster.clusterId());
        boolean another = request.nodeId() >= 0 && request.nodeId() != self;
        return elsewhere || another
                ? ApiVersionsResponse.builder()
                        .errorCode(ErrorCode.REBOOTSTRAP_REQUIRED.code())
                        .build()
                : advertised(versions.all());
    }

    /** What comes with the refusal of a version of ApiVersions; {@code own} is null where the broker does not name its own. */
    static ApiVersionsResponse refusal(VersionRange own) {
        return advertised(own == null ? Map.of() : Map.of(ApiKey.API_VERSIONS, own));
    }

    private static ApiVersionsResponse advertised(Map<ApiKey, VersionRange> ranges) {
        return ApiVersionsResponse.builder()
                .apiKeys(ranges.entrySet().stream()
                        .map(each -> ApiVersionsResponse.ApiVersion.builder()
                                .apiKey(each.getKey().id())
                                .minVersion(each.getValue().lowest())
                                .maxVersion(each.getValue().highest())
                                .build())
                        .toList())
                .build();
    }

    /** What an API that nobody scripted is answered with: no error, and nothing in it. */
    static Response empty(Request<?> request) {
        String name = request.getClass().getName();
        try {
            Object builder = Class.forName(name.substring(0, name.length() - "Request".length()) + "Response")
                    .getMethod("builder")
                    .invoke(null);
            return (Response) builder.getClass().getMethod("build").invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("every request has a response with a builder, but not " + name, e);
        }
    }

    /** The response with the throttle time in it, where it has a place for one. */
    static Response throttled(Response response, int millis) {
        try {
            Object builder = response.getClass().getMethod("toBuilder").invoke(response);
            builder.getClass().getMethod("throttleTimeMs", int.class).invoke(builder, millis);
            return (Response) builder.getClass().getMethod("build").invoke(builder);
        } catch (NoSuchMethodException _) {
            return response;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the builder of " + response.getClass(), e);
        }
    }
}
