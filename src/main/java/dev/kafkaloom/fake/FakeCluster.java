package dev.kafkaloom.fake;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.HostAndPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Fake brokers that list one another: what Metadata, FindCoordinator and DescribeCluster of each of them say. Who leads, who
 * coordinates and who is listed may be changed while it runs; a change of leader raises the leader epoch. Thread-safe.
 */
public final class FakeCluster implements AutoCloseable {
    /** Stands for nobody: a partition without a leader, a key without a coordinator. */
    public static final int NOBODY = -1;

    /** Who leads a partition, in which epoch. */
    record Leader(int nodeId, int epoch) {}

    private final NavigableMap<Integer, FakeBroker> nodes = new ConcurrentSkipListMap<>();
    private final Map<Integer, HostAndPort> advertised = new ConcurrentHashMap<>(); // only those that lie about it
    private final Map<Integer, Boolean> unlisted = new ConcurrentHashMap<>();
    private final Map<String, List<Leader>> topics = new ConcurrentSkipListMap<>();
    private final Map<String, Integer> coordinators = new ConcurrentHashMap<>();
    private volatile String clusterId = "fake";
    private volatile int controllerId = FakeBroker.NODE_ID;

    private FakeCluster() {}

    /** Brokers with the node ids 1 to {@code count} that speak what a recent release does. */
    public static FakeCluster start(int count) throws IOException {
        return startAs(FakeBroker.RECENT, count);
    }

    /** Brokers with the node ids 1 to {@code count} that speak what this release does. */
    public static FakeCluster startAs(String release, int count) throws IOException {
        FakeCluster cluster = new FakeCluster();
        FakeAnswers answers = new FakeAnswers(cluster);
        for (int nodeId = 1; nodeId <= count; nodeId++) {
            cluster.nodes.put(nodeId, FakeBroker.join(cluster, answers, nodeId, release));
        }
        return cluster;
    }

    /** One of its brokers. */
    public FakeBroker node(int nodeId) {
        FakeBroker node = nodes.get(nodeId);
        if (node == null) {
            throw new IllegalArgumentException("there is no node " + nodeId + ", but " + nodes.keySet());
        }
        return node;
    }

    /** All of them, in the order of their ids. */
    public List<FakeBroker> nodes() {
        return List.copyOf(nodes.values());
    }

    /** The addresses of all of them for a client's configuration. */
    public String bootstrap() {
        return nodes().stream().map(FakeBroker::bootstrap).collect(Collectors.joining(","));
    }

    /** Lists a topic; the brokers lead its partitions in turn, the first one partition 0. */
    public FakeCluster topic(String name, int partitions) {
        List<Integer> ids = List.copyOf(nodes.keySet());
        topics.put(
                name,
                IntStream.range(0, partitions)
                        .mapToObj(number -> new Leader(ids.get(number % ids.size()), 0))
                        .toList());
        return this;
    }

    /** Lists a topic no longer. */
    public FakeCluster deleteTopic(String name) {
        topics.remove(name);
        return this;
    }

    /** Gives a partition another leader, {@link #NOBODY} for none. */
    public FakeCluster lead(String topic, int partition, int nodeId) {
        topics.compute(topic, (_, before) -> {
            if (before == null || partition >= before.size()) {
                throw new IllegalArgumentException("there is no partition " + topic + "-" + partition);
            }
            List<Leader> after = new ArrayList<>(before);
            after.set(partition, new Leader(nodeId, before.get(partition).epoch() + 1));
            return List.copyOf(after);
        });
        return this;
    }

    /** The node id of the partition's leader; {@link #NOBODY} when there is none. */
    public int leader(String topic, int partition) {
        List<Leader> leaders = topics.getOrDefault(topic, List.of());
        return partition < leaders.size() ? leaders.get(partition).nodeId() : NOBODY;
    }

    /**
     * Says who coordinates a group, transactional id or share key ({@code group:topicId:partition}) of this name; {@link #NOBODY}:
     * the answer is COORDINATOR_NOT_AVAILABLE. The controller coordinates what was not said.
     */
    public FakeCluster coordinate(String key, int nodeId) {
        coordinators.put(key, nodeId);
        return this;
    }

    /** The node id of whoever coordinates this key. */
    public int coordinator(String key) {
        return coordinators.getOrDefault(key, controllerId);
    }

    /** Makes this one the controller. */
    public FakeCluster controller(int nodeId) {
        controllerId = nodeId;
        return this;
    }

    /** What it calls itself from now on. */
    public FakeCluster clusterId(String id) {
        clusterId = id;
        return this;
    }

    /** Names another address than the real one for this node, as brokers behind a tunnel or in a container do. */
    public FakeCluster advertise(int nodeId, String host, int port) {
        advertised.put(nodeId, new HostAndPort(host, port));
        return this;
    }

    /** Leaves a node out of the list of brokers, or takes it in again; it goes on answering. */
    public FakeCluster list(int nodeId, boolean listed) {
        if (listed) {
            unlisted.remove(nodeId);
        } else {
            unlisted.put(nodeId, true);
        }
        return this;
    }

    /** Answers an API with this handler on every broker. */
    public FakeCluster on(ApiKey api, Function<Request<?>, Response> handler) {
        nodes().forEach(node -> node.on(api, handler));
        return this;
    }

    String clusterId() {
        return clusterId;
    }

    int controllerId() {
        return controllerId;
    }

    /** What it says of the addresses of those that are listed. */
    NavigableMap<Integer, HostAndPort> addresses() {
        NavigableMap<Integer, HostAndPort> listed = new TreeMap<>();
        for (FakeBroker node : nodes()) {
            if (!unlisted.containsKey(node.nodeId())) {
                listed.put(node.nodeId(), addressOf(node.nodeId()));
            }
        }
        return listed;
    }

    HostAndPort addressOf(int nodeId) {
        HostAndPort said = advertised.get(nodeId);
        return said != null
                ? said
                : new HostAndPort(FakeBroker.HOST, node(nodeId).port());
    }

    List<String> topicNames() {
        return List.copyOf(topics.keySet());
    }

    /** Null for a topic that it does not have. */
    List<Leader> leaders(String topic) {
        return topics.get(topic);
    }

    /** Closes all brokers. */
    @Override
    public void close() throws IOException {
        for (FakeBroker node : nodes()) {
            node.close();
        }
    }
}
