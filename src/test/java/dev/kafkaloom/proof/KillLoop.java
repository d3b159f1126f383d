package dev.kafkaloom.proof;

import static dev.kafkaloom.proof.ProofLab.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.client.PartitionInfo;
import dev.kafkaloom.consumer.HistoryMember;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.EmbeddedCluster;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.history.Checker;
import dev.kafkaloom.history.CommitWatch;
import dev.kafkaloom.history.HistoryProducer;
import dev.kafkaloom.history.Verdict;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.ChildJvm;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Three brokers, one producer, one group of two processes and another with one member here; for some minutes one broker after the other is
 * killed: the leader of a partition, the coordinator of the one group, that of the other, in turn. It comes back when all partitions have
 * another leader, and when it is in sync again the next one's turn has come.
 */
final class KillLoop implements AutoCloseable {
    static final int PARTITIONS = 6;
    /** Of both groups. */
    static final Duration SESSION = Duration.ofSeconds(6);

    private static final int RATE = 300;
    private static final int PATIENCE = 90;

    private final ProofLab lab;
    private final EmbeddedCluster cluster;
    private final KafkaClient client;
    private final String topic;
    private final List<TopicPartition> partitions;
    private final List<String> groups = List.of(RealBroker.unique("processes"), RealBroker.unique("here"));
    private final List<Recovery.Kill> kills = new ArrayList<>();

    /** Starts the cluster. */
    KillLoop(ProofLab lab) throws Exception {
        this.lab = lab;
        this.topic = RealBroker.unique("killed");
        this.partitions = ProofLab.partitions(topic, PARTITIONS);
        this.cluster = EmbeddedCluster.start(
                RealBroker.NEWEST,
                3,
                Options.defaults()
                        .withStartDeadline(Duration.ofMinutes(2))
                        .withLogFolder(lab.folder())
                        .withProgress(_ -> {}));
        this.client = KafkaClient.open(ClientConfig.of(cluster.bootstrap()));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            admin.createTopics(List.of(
                            new NewTopic(topic, PARTITIONS, (short) 3).configs(Map.of("min.insync.replicas", "2"))))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
        awaitPartitions("a new topic", it -> it.isr().size() == 3);
    }

    Verdict run(Duration loop) throws Exception {
        List<CommitWatch> commits = groups.stream()
                .map(it -> new CommitWatch(cluster.bootstrap(), it, () -> partitions, lab.out()))
                .toList();
        try (ChildJvm _ = process("process-1");
                ChildJvm _ = process("process-2");
                HistoryMember _ = new HistoryMember(
                        cluster.bootstrap(),
                        HistoryMember.quick(groups.get(1), topic)
                                .sessionTimeout(SESSION)
                                .build(),
                        "member",
                        lab.out())) {
            try (HistoryProducer producer =
                    new HistoryProducer(cluster.bootstrap(), topic, RATE, "producer", lab.out())) {
                for (CommitWatch each : commits) {
                    within(PATIENCE)
                            .until(() -> each.look().size() == PARTITIONS
                                    && each.look().values().stream().allMatch(it -> it > 0));
                }
                long end = System.nanoTime() + loop.toNanos();
                while (System.nanoTime() < end) {
                    kill(victim(kills.size()));
                }
                assertThat(producer.acknowledged()).isPositive();
            }
            Map<TopicPartition, Long> ends = ends();
            for (int i = 0; i < groups.size(); i++) {
                CommitWatch watch = commits.get(i);
                within(PATIENCE)
                        .ignoreExceptions()
                        .untilAsserted(() -> assertThat(watch.look()).isEqualTo(ends));
                lab.out().rest(groups.get(i), partitions);
            }
        } finally {
            commits.forEach(CommitWatch::close);
        }
        return Checker.judge(lab.folder());
    }

    private ChildJvm process(String name) throws IOException {
        return ChildJvm.start(
                HistoryMember.class,
                lab.folder().resolve(name + ".txt"),
                List.of(
                        cluster.bootstrap(),
                        groups.getFirst(),
                        topic,
                        name,
                        lab.folder().resolve(name + ".jsonl").toString(),
                        "session=" + SESSION.toMillis(),
                        "assignors=cooperative-sticky"));
    }

    private EmbeddedBroker victim(int round) throws InterruptedException {
        return switch (round % 3) {
            case 0 -> cluster.node(client.coordinator(groups.getFirst()).nodeId());
            case 1 -> cluster.node(infos().get(round % PARTITIONS).leaderId());
            default -> cluster.node(client.coordinator(groups.getLast()).nodeId());
        };
    }

    private void kill(EmbeddedBroker victim) throws Exception {
        int id = victim.nodeId();
        List<TopicPartition> led = infos().stream()
                .filter(it -> it.leaderId() == id)
                .map(it -> new TopicPartition(topic, it.partition()))
                .toList();
        List<String> coordinated = new ArrayList<>();
        for (String group : groups) {
            if (client.coordinator(group).nodeId() == id) {
                coordinated.add(group);
            }
        }
        victim.kill();
        long at = System.nanoTime();
        lab.out().note("killed broker " + id + ", leader of " + led + ", coordinator of " + coordinated);
        Map<TopicPartition, Long> ledAgain = new HashMap<>();
        within(PATIENCE).ignoreExceptions().until(() -> {
            for (PartitionInfo each : infos()) {
                TopicPartition tp = new TopicPartition(topic, each.partition());
                if (led.contains(tp) && each.leaderId() >= 0 && each.leaderId() != id) {
                    ledAgain.putIfAbsent(tp, System.nanoTime());
                }
            }
            return ledAgain.size() == led.size();
        });
        Thread.sleep(SESSION); // how long the group would live without a coordinator: what takes longer is seen
        kills.add(new Recovery.Kill(id, at, Map.copyOf(ledAgain), coordinated));
        victim.restart();
        awaitPartitions("broker " + id + " is back", it -> it.isr().size() == 3);
        lab.out().note("broker " + id + " is back in sync");
    }

    private List<PartitionInfo> infos() throws InterruptedException {
        client.clusterWith(List.of(topic));
        return client.refreshCluster("who leads").topics().get(topic).partitions();
    }

    private void awaitPartitions(String why, Predicate<PartitionInfo> as) {
        within(PATIENCE).alias(why).ignoreExceptions().until(() -> {
            List<PartitionInfo> now = infos();
            return now.size() == PARTITIONS && now.stream().allMatch(as);
        });
    }

    private Map<TopicPartition, Long> ends() throws InterruptedException {
        Map<TopicPartition, Long> asked = new HashMap<>();
        partitions.forEach(tp -> asked.put(tp, OffsetLookup.LATEST));
        return OffsetLookup.list(client, asked);
    }

    /** How long the groups took after each kill. */
    Recovery recovery() throws IOException {
        return Recovery.of(lab.folder(), kills, groups);
    }

    @Override
    public void close() {
        client.close();
        cluster.close();
    }
}
