package dev.kafkaloom.console;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.PartitionInfo;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** The commands about brokers and topics. */
final class ClusterCommands {
    private static final Usage TOPICS =
            new Usage(List.of(Flag.toggle("-a --all", "every topic of the cluster")), "TOPIC", 100);

    private ClusterCommands() {}

    static List<Command> all() {
        return List.of(
                new SmallCommand("metadata_brokers", "brokers of the cluster", Usage.NONE, ClusterCommands::brokers),
                new SmallCommand(
                        "metadata_topics",
                        "partitions of the configured topics, their leaders and replicas",
                        TOPICS,
                        ClusterCommands::partitions),
                TopicCommands.family());
    }

    private static int brokers(Session session, Arguments arguments) throws IOException, InterruptedException {
        var table = new Table.Builder("node-id", "host", "port");
        for (BrokerAddress broker : session.loom()
                .client()
                .refreshCluster("brokers asked")
                .brokers()
                .values()) {
            table.row(broker.nodeId(), broker.host(), broker.port());
        }
        session.out().show(table.build());
        return 0;
    }

    private static int partitions(Session session, Arguments arguments) throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        Collection<String> names =
                arguments.plain().isEmpty() ? session.loom().consumerConfig().topics() : arguments.plain();
        Cluster cluster;
        if (arguments.has("all")) {
            cluster = client.allTopics();
            names = cluster.topics().keySet();
        } else {
            client.refreshCluster("topics asked");
            cluster = client.clusterWith(names);
        }
        var table = new Table.Builder("topic", "partition", "leader-id", "replica-nodes", "isr-nodes");
        for (String name : new TreeSet<>(names)) {
            TopicInfo topic = cluster.topics().get(name);
            if (topic == null || !topic.exists()) {
                throw new KafkaException.BrokerError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + name);
            }
            for (PartitionInfo partition : topic.partitions()) {
                table.row(name, partition.partition(), partition.leaderId(), partition.replicas(), partition.isr());
            }
        }
        session.out().show(table.build());
        return 0;
    }
}
