package dev.kafkaloom.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.OffsetLookup;
import dev.kafkaloom.client.PartitionInfo;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.embedded.EmbeddedCluster;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.message.ListOffsetsRequest;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaloom.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaloom.message.MetadataRequest;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.HostAndPort;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.producer.Receipt;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one client lives through on a cluster of three real brokers: one falls silent, one dies, all of them move. */
@ExtendWith(Evidence.class)
@Timeout(240)
@Tag("chaos") // takes a minute, and wants to know how long calls take: mvn verify -Pchaos
class ClusterIT {
    private static final String RELEASE = "4.3.1";
    private static final int NODES = 3;
    private static final int PARTITIONS = 6;
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** What waits for a silent broker waits for seconds. */
    private static final Duration NOT_DELAYED = Duration.ofMillis(500);
    /** Nor is a call delayed that takes no more than so many times what one in a hundred took before, on a busy machine. */
    private static final int BUSY = 5;

    private static EmbeddedCluster cluster;
    private KafkaClient client;
    private String topic;

    @BeforeAll
    @Timeout(value = 10, unit = TimeUnit.MINUTES) // with the first download of its jars
    static void start() throws Exception {
        cluster = EmbeddedCluster.start(
                RELEASE,
                NODES,
                Options.defaults()
                        .withStartDeadline(Duration.ofMinutes(2))
                        .withLogFolder(Path.of("target", "brokers"))
                        .withProgress(_ -> {}));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        cluster.awaitAll();
        client = KafkaClient.open(ClientConfig.of(cluster.bootstrap()));
        topic = RealBroker.unique("cluster");
        Topics.create(client, topic, PARTITIONS, NODES);
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aBrokerThatFallsSilentDelaysNoCallToTheOthers() throws Exception {
        String group = RealBroker.unique("group");
        int coordinator = client.coordinator(group).nodeId();
        Map<Integer, TopicPartition> led = onePartitionOfEach();
        EmbeddedBroker victim = cluster.nodes().stream()
                .filter(each -> each.nodeId() != coordinator)
                .findFirst()
                .orElseThrow();
        led.remove(victim.nodeId());
        try (Load load = new Load()) {
            led.forEach((node, partition) -> load.caller("to broker " + node, () -> metadata(new Route.Broker(node)))
                    .caller("to the leader of " + partition, () -> end(partition)));
            load.caller("to the group's coordinator", () -> GroupOffsets.fetch(client, group, led.values()))
                    .caller("to any broker", () -> metadata(new Route.AnyBroker()))
                    .caller("refreshed metadata", () -> client.refreshCluster("time and again"));
            long begun = System.nanoTime();
            await().atMost(PATIENCE).until(() -> load.answered() > 50);

            victim.suspend();
            long from = System.nanoTime();
            Map<String, List<Load.Sample>> before = load.between(begun, from);
            await().pollDelay(SILENCE).atMost(PATIENCE).until(() -> true); // it is the time that is tested
            long to = System.nanoTime();
            victim.resume();

            Map<String, List<Load.Sample>> during = load.between(from, to);
            during.forEach((caller, samples) ->
                    System.out.println("one of three brokers is silent, " + caller + ": " + Load.figures(samples)));
            assertThat(load.failed()).isEmpty();
            assertThat(during.keySet()).isEqualTo(load.callers());
            during.forEach((caller, samples) -> assertNotDelayed(caller, before.get(caller), samples));
        } finally {
            victim.resume();
        }
    }

    private static void assertNotDelayed(String caller, List<Load.Sample> before, List<Load.Sample> during) {
        Duration usual = Load.percentile(before, 99).multipliedBy(BUSY);
        Duration limit = usual.compareTo(NOT_DELAYED) > 0 ? usual : NOT_DELAYED;
        assertThat(during).as(caller).hasSizeGreaterThan(10);
        // one may wait for the second after which the silence is noticed
        assertThat(Load.slower(during, limit)).as(caller).isLessThanOrEqualTo(1 + during.size() / 100);
        assertThat(Load.percentile(during, 100)).as(caller).isLessThan(SILENCE.dividedBy(2));
    }

    @Test
    void aClientGoesOnWhenAllBrokersHaveMovedToOtherPorts() throws Exception {
        List<Integer> ports = otherPorts();
        HostAndPort name = new HostAndPort("kafka.test", 9092);
        AtomicReference<HostAndPort> behindTheName = new AtomicReference<>(
                new HostAndPort("127.0.0.1", cluster.node(1).port()));
        ClientConfig byName = ClientConfig.of(name.toString()).toBuilder()
                .addressRewrite(address -> address.equals(name) ? behindTheName.get() : address)
                .build();
        ClientConfig byList = ClientConfig.of(cluster.bootstrap() + "," + bootstrapOf(ports));
        try (KafkaClient named = KafkaClient.open(byName);
                KafkaClient listed = KafkaClient.open(byList);
                Load load = new Load()) {
            load.caller("by name", () -> ends(named)).caller("by list", () -> ends(listed));
            await().atMost(PATIENCE).until(() -> load.answered() > 10);

            behindTheName.set(new HostAndPort("127.0.0.1", ports.get(1)));
            cluster.restartAll(ports);
            long restarted = System.nanoTime();

            long before = load.answered();
            await().atMost(PATIENCE).until(() -> load.answered() > before + 10);
            System.out.println("all brokers moved to other ports: all clients go on after "
                    + Duration.ofNanos(System.nanoTime() - restarted).toMillis() + " ms");
            assertThat(load.failed()).isEmpty();
            for (KafkaClient each : List.of(named, listed)) {
                // a snapshot may be of a moment when one broker was not back yet
                await("the new ports")
                        .atMost(PATIENCE)
                        .until(() -> portsOf(each.refreshCluster("all there?")), new TreeSet<>(ports)::equals);
            }
        }
    }

    @Test
    void callsFindTheNewLeadersOfABrokerThatDied() throws Exception {
        String group = RealBroker.unique("group");
        EmbeddedBroker victim = cluster.node(client.coordinator(group).nodeId());
        List<Receipt> receipts = new ArrayList<>();
        try (Scope scope = Scope.open("producing");
                Producer producer = Producer.open(client, ProducerConfig.DEFAULT, scope);
                Load load = new Load()) {
            load.caller("ends of all partitions", () -> ends(client))
                    .caller("offsets of a group", () -> GroupOffsets.fetch(client, group, all()))
                    .caller(
                            "produce",
                            () -> receipts.add(producer.send(ProduceRecord.of(
                                    topic,
                                    null,
                                    Integer.toString(receipts.size()).getBytes(UTF_8)))));
            await().atMost(PATIENCE).until(() -> load.answered() > 10);

            victim.kill();
            long killed = System.nanoTime();

            await("other leaders")
                    .atMost(PATIENCE)
                    .until(() -> client.refreshCluster("who leads").topics().get(topic).partitions().stream()
                            .map(PartitionInfo::leaderId)
                            .noneMatch(id -> id < 0 || id == victim.nodeId()));
            long before = load.answered();
            await().atMost(PATIENCE).until(() -> load.answered() > before + 10);
            load.between(killed, System.nanoTime())
                    .forEach((caller, samples) -> System.out.println(
                            "one of three brokers was killed, " + caller + ": " + Load.figures(samples)));
            load.end();
            producer.flush(PATIENCE);
            assertThat(load.failed()).isEmpty();
            for (Receipt each : receipts) {
                assertThat(each.await(Duration.ZERO).offset()).isNotNegative();
            }
            assertThat(ends(client).values().stream().mapToLong(Long::longValue).sum())
                    .isGreaterThanOrEqualTo(receipts.size());
            assertThat(client.coordinator(group).nodeId()).isNotEqualTo(victim.nodeId());
        } finally {
            victim.restart();
        }
    }

    private Map<Integer, TopicPartition> onePartitionOfEach() throws InterruptedException {
        return client.clusterWith(List.of(topic)).topics().get(topic).partitions().stream()
                .collect(Collectors.toMap(
                        PartitionInfo::leaderId,
                        each -> new TopicPartition(topic, each.partition()),
                        (first, _) -> first));
    }

    private List<TopicPartition> all() {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
    }

    private Map<TopicPartition, Long> ends(KafkaClient of) throws InterruptedException {
        return OffsetLookup.list(
                of, all().stream().collect(Collectors.toMap(Function.identity(), _ -> OffsetLookup.LATEST)));
    }

    private void metadata(Route route) throws InterruptedException {
        var response =
                client.call(route, MetadataRequest.builder().topics(List.of()).build(), CallOptions.DEFAULT);
        assertThat(response.brokers()).isNotEmpty();
    }

    private void end(TopicPartition partition) throws InterruptedException {
        ListOffsetsRequest request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(ListOffsetsTopic.builder()
                        .name(partition.topic())
                        .partitions(List.of(ListOffsetsPartition.builder()
                                .partitionIndex(partition.partition())
                                .timestamp(OffsetLookup.LATEST)
                                .build()))
                        .build()))
                .build();
        var response = client.call(new Route.Leader(partition), request, CallOptions.DEFAULT);
        var answer = response.topics().getFirst().partitions().getFirst();
        assertThat(ErrorCode.of(answer.errorCode())).isEqualTo(ErrorCode.NONE);
    }

    private static Set<Integer> portsOf(Cluster snapshot) {
        return snapshot.brokers().values().stream()
                .map(BrokerAddress::port)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String bootstrapOf(List<Integer> ports) {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** Free ones, below those from which the kernel takes the ports of outgoing connections. */
    private static List<Integer> otherPorts() {
        return Stream.generate(() -> ThreadLocalRandom.current().nextInt(20_000, 32_000))
                .distinct()
                .filter(ClusterIT::isFree)
                .limit(NODES)
                .toList();
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return probe.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
