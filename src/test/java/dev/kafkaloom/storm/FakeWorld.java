package dev.kafkaloom.storm;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.fake.FakeCluster;
import dev.kafkaloom.fake.FaultProxy;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.DescribeConfigsRequest;
import dev.kafkaloom.message.DescribeConfigsResponse;
import dev.kafkaloom.message.DescribeConfigsResponse.DescribeConfigsResult;
import dev.kafkaloom.message.DescribeGroupsRequest;
import dev.kafkaloom.message.DescribeGroupsResponse;
import dev.kafkaloom.message.DescribeGroupsResponse.DescribedGroup;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaloom.message.ListOffsetsResponse;
import dev.kafkaloom.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import dev.kafkaloom.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.HostAndPort;
import dev.kafkaloom.protocol.ErrorCode;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Three fake brokers that do everything wrong, behind a network that does too. */
final class FakeWorld implements World {
    private static final int NODES = 3;
    private static final HostAndPort NOWHERE = new HostAndPort("127.0.0.1", 1);

    private final FakeCluster cluster;
    private final FaultProxy proxy = FaultProxy.start();
    private final List<HostAndPort> bootstrap;

    private FakeWorld(FakeCluster cluster) {
        this.cluster = cluster;
        this.bootstrap = HostAndPort.parseList(cluster.bootstrap());
    }

    static FakeWorld start(long seed, double probability) throws IOException {
        FakeWorld world = new FakeWorld(FakeCluster.startAs(seed % 2 == 0 ? "4.3.1" : "4.4.0", NODES));
        world.cluster.topic(Question.TOPIC, Question.PARTITIONS);
        for (FakeBroker node : world.cluster.nodes()) {
            node.remember(0);
            node.on(ApiKey.DESCRIBE_GROUPS, request -> world.groups(node, (DescribeGroupsRequest) request));
            node.on(ApiKey.LIST_OFFSETS, request -> world.offsets(node, (ListOffsetsRequest) request));
            node.on(ApiKey.DESCRIBE_CONFIGS, request -> configs((DescribeConfigsRequest) request));
            node.faultsAtRandom(seed + node.nodeId(), probability, Weather.ofBrokers());
        }
        world.proxy.faultsAtRandom(seed, probability, Weather.ofTheNetwork());
        return world;
    }

    @Override
    public ClientConfig.Builder client() {
        return ClientConfig.builder("unused:1").bootstrap(bootstrap).addressRewrite(this::route);
    }

    /** A broker that moves keeps its place in the bootstrap list; an address that was garbled leads nowhere, rather than to the DNS. */
    private HostAndPort route(HostAndPort wanted) {
        int listed = bootstrap.indexOf(wanted);
        if (listed >= 0) {
            return proxy.via(addressOf(cluster.nodes().get(listed)));
        }
        return cluster.nodes().stream()
                .map(FakeWorld::addressOf)
                .filter(wanted::equals)
                .findFirst()
                .map(proxy::via)
                .orElse(NOWHERE);
    }

    private static HostAndPort addressOf(FakeBroker node) {
        return HostAndPort.parse(node.bootstrap());
    }

    @Override
    public List<Question> questions() {
        return List.of(Question.values());
    }

    // ---- what the brokers answer

    private Response groups(FakeBroker node, DescribeGroupsRequest request) {
        return DescribeGroupsResponse.builder()
                .groups(request.groups().stream()
                        .map(group -> DescribedGroup.builder()
                                .groupId(group)
                                .groupState("Dead")
                                .errorCode((cluster.coordinator(group) == node.nodeId()
                                                ? ErrorCode.NONE
                                                : ErrorCode.NOT_COORDINATOR)
                                        .code())
                                .build())
                        .toList())
                .build();
    }

    private Response offsets(FakeBroker node, ListOffsetsRequest request) {
        return ListOffsetsResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> ListOffsetsTopicResponse.builder()
                                .name(topic.name())
                                .partitions(topic.partitions().stream()
                                        .map(each -> offset(
                                                each,
                                                cluster.leader(topic.name(), each.partitionIndex()) == node.nodeId()))
                                        .toList())
                                .build())
                        .toList())
                .build();
    }

    private static ListOffsetsPartitionResponse offset(ListOffsetsPartition asked, boolean leads) {
        return ListOffsetsPartitionResponse.builder()
                .partitionIndex(asked.partitionIndex())
                .errorCode((leads ? ErrorCode.NONE : ErrorCode.NOT_LEADER_OR_FOLLOWER).code())
                .timestamp(leads ? asked.timestamp() : -1)
                .offset(leads ? asked.timestamp() : -1)
                .build();
    }

    private static Response configs(DescribeConfigsRequest request) {
        return DescribeConfigsResponse.builder()
                .results(request.resources().stream()
                        .map(each -> DescribeConfigsResult.builder()
                                .resourceType(each.resourceType())
                                .resourceName(each.resourceName())
                                .build())
                        .toList())
                .build();
    }

    // ---- the weather

    @Override
    public void disturb(Random random) throws Exception {
        int nodeId = 1 + random.nextInt(NODES);
        FakeBroker node = cluster.node(nodeId);
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> cluster.lead(Question.TOPIC, random.nextInt(Question.PARTITIONS), nodeId);
            case 3 -> cluster.controller(nodeId);
            case 4 -> node.closeConnections();
            case 5 -> proxy.resetConnections();
            case 6 -> node.move();
            case 7 -> {
                node.freeze();
                Thread.sleep(random.nextInt(500));
                node.thaw();
            }
            case 8 -> {
                proxy.freeze();
                Thread.sleep(random.nextInt(100));
                proxy.thaw();
            }
            default -> {
                node.goDown();
                Thread.sleep(random.nextInt(100));
                comeBack(node);
            }
        }
    }

    private static void comeBack(FakeBroker node) throws IOException {
        try {
            node.comeBack();
        } catch (BindException _) {
            node.move(); // another connection's end has taken its port
        }
    }

    @Override
    public Map<String, Long> faultsDone() {
        Map<String, Long> done = new TreeMap<>();
        cluster.nodes().forEach(node -> node.faultsDone().forEach((fault, n) -> done.merge(fault, n, Long::sum)));
        proxy.faultsDone().forEach((fault, n) -> done.merge(fault, n, Long::sum));
        return done;
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        cluster.close();
    }
}
