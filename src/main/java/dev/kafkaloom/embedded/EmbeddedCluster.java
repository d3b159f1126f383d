package dev.kafkaloom.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several real brokers as one KRaft cluster on loopback, each a child JVM of its own, broker and controller at once: any one of three may
 * be killed or suspended, and the others go on. Internal topics have up to three replicas; a broker that is silent for 3 s loses its
 * partitions. Use one at a time on a small machine: a node takes about 200 MiB.
 *
 * <p>Thread-safe as {@link EmbeddedBroker} is.
 */
public final class EmbeddedCluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCluster.class);
    private static final int TRIES = 3;

    private final List<EmbeddedBroker> nodes;

    private EmbeddedCluster(List<EmbeddedBroker> nodes) {
        this.nodes = nodes;
    }

    /**
     * Starts the nodes 1, 2, ... and waits until each of them knows all.
     *
     * @param options of every node; the port has to be 0, and a data folder gets a folder for each node
     * @throws IllegalArgumentException no release, one without KRaft, or a fixed port
     * @throws IOException              as {@link EmbeddedBroker#start}
     */
    public static EmbeddedCluster start(String kafkaVersion, int nodes, Options options)
            throws IOException, InterruptedException {
        KafkaRelease release = KafkaRelease.parse(kafkaVersion);
        Options kraft = options.withMode(Options.Mode.KRAFT);
        if (!release.runsIn(kraft.mode())) {
            throw new IllegalArgumentException("Kafka " + kafkaVersion + " has no KRaft, a cluster needs it");
        }
        if (options.port() != 0 || nodes < 1) {
            throw new IllegalArgumentException("a cluster has at least one node and chooses its ports itself");
        }
        BrokerCommand command = BrokerCommand.of(release, kraft, BrokerCache.ofUser());
        for (int tries = 1; ; tries++) {
            EmbeddedCluster cluster = prepare(release, nodes, kraft, command);
            try {
                cluster.spawnAll();
                return cluster;
            } catch (IOException | InterruptedException e) {
                boolean lostPort = cluster.lostAPort();
                cluster.close();
                if (!lostPort || tries == TRIES) {
                    throw e;
                }
                LOG.info("another process took a port of the cluster, trying others");
            }
        }
    }

    private static EmbeddedCluster prepare(KafkaRelease release, int count, Options options, BrokerCommand command)
            throws IOException {
        Map<Integer, BrokerPorts> ports = new LinkedHashMap<>();
        for (int id = 1; id <= count; id++) {
            ports.put(id, BrokerPorts.choose(0));
        }
        Quorum quorum = Quorum.of(ports.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().cluster())));
        List<EmbeddedBroker> nodes = new ArrayList<>();
        for (Map.Entry<Integer, BrokerPorts> each : ports.entrySet()) {
            Options own = options.withNodeId(each.getKey());
            if (options.dataFolder() != null) {
                own = own.withDataFolder(options.dataFolder().resolve("node-" + each.getKey()));
            }
            nodes.add(EmbeddedBroker.node(release, own, command, quorum, each.getValue()));
        }
        return new EmbeddedCluster(List.copyOf(nodes));
    }

    private boolean lostAPort() throws IOException {
        boolean lost = false;
        for (EmbeddedBroker node : nodes) {
            lost |= node.lostItsPort();
        }
        return lost;
    }

    /** Where clients connect: all nodes, {@code host:port,host:port}. */
    public String bootstrap() {
        return nodes.stream().map(EmbeddedBroker::bootstrap).collect(Collectors.joining(","));
    }

    /** The nodes, by id from 1. */
    public List<EmbeddedBroker> nodes() {
        return nodes;
    }

    /** One node, to be stopped, killed, suspended or restarted; ids start at 1. */
    public EmbeddedBroker node(int id) {
        return nodes.get(id - 1);
    }

    /** Kills all and starts them again on the same data and ports. */
    public void restartAll() throws IOException, InterruptedException {
        killAll();
        spawnAll();
    }

    /** Kills all and starts them again on the same data, each on another port: nobody answers any more where clients know them. */
    public void restartAllOnOtherPorts() throws IOException, InterruptedException {
        restartAll(Collections.nCopies(nodes.size(), 0));
    }

    /**
     * The same on these ports; their controllers stay where they are.
     *
     * @param ports where clients connect, one for each node; 0: a free one that is not the node's present one
     */
    public void restartAll(List<Integer> ports) throws IOException, InterruptedException {
        killAll();
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).moveTo(ports.get(i));
        }
        spawnAll();
    }

    /** Waits until every node serves and knows all others, as after the end of a suspension. */
    public void awaitAll() throws IOException, InterruptedException {
        for (EmbeddedBroker node : nodes) {
            node.awaitBrokers(nodes.size());
        }
    }

    private void killAll() throws InterruptedException {
        for (EmbeddedBroker node : nodes) {
            node.kill();
        }
    }

    /** At once: none serves before most are there. */
    private void spawnAll() throws IOException, InterruptedException {
        for (EmbeddedBroker node : nodes) {
            node.spawn();
        }
        awaitAll();
    }

    /** Ends all nodes, and deletes temporary data. */
    @Override
    public void close() {
        nodes.forEach(EmbeddedBroker::close);
    }
}
