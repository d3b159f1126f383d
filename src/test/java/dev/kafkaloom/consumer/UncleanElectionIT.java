package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedCluster;
import dev.kafkaloom.embedded.Options;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A leader that lacks half of what was acknowledged: what a reader is told, and what it reads then. */
@Tag("chaos") // three brokers, and brokers take their time to notice that one is gone
class UncleanElectionIT {
    private static final String TOPIC = "unclean";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> values = new CopyOnWriteArrayList<>();
    private final List<LostPosition> lost = new CopyOnWriteArrayList<>();

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whatAnUncleanElectionCutIsToldByNameAndNothingOfTheNewLogIsPassedOver() throws Exception {
        Options options = Options.defaults()
                .withStartDeadline(Duration.ofMinutes(2))
                .withLogFolder(Path.of("target", "brokers"))
                .withProgress(_ -> {});
        try (EmbeddedCluster cluster = EmbeddedCluster.start("4.3.1", 3, options);
                Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()));
                KafkaClient client = KafkaClient.open(ClientConfig.of(cluster.bootstrap()));
                Scope scope = Scope.open("test")) {
            admin.createTopics(List.of(
                            new NewTopic(TOPIC, Map.of(0, List.of(1, 2))).configs(Map.of("min.insync.replicas", "1"))))
                    .all()
                    .get();
            send(cluster, "both", 100);
            awaitIsr(admin, 1, 2);
            PartitionLoop loop = read(Fetchers.open(client, FetchConfig.DEFAULT, scope), scope);

            cluster.node(2).kill();
            awaitIsr(admin, 1);
            send(cluster, "one", 100);
            await().atMost(PATIENCE).until(() -> values.size() == 200);
            cluster.node(1).kill();
            cluster.node(2).restart();
            electUncleanly(admin);
            send(cluster, "two", 5);

            await().atMost(PATIENCE)
                    .until(() -> values.contains("two-4") || loop.failure().isPresent());
            assertThat(values.subList(200, values.size())).containsExactly("two-0", "two-1", "two-2", "two-3", "two-4");
            assertThat(lost).singleElement().isInstanceOfSatisfying(LostPosition.Truncated.class, truncated -> {
                assertThat(truncated.at().offset()).isEqualTo(200);
                assertThat(truncated.endOffset()).isEqualTo(100);
            });
        }
    }

    private PartitionLoop read(Fetchers fetchers, Scope scope) {
        Policy policy = new Policy(
                (_, position) -> {
                    lost.add(position);
                    return switch (position) {
                        case LostPosition.Truncated truncated ->
                            new StartAt(truncated.endOffset(), truncated.endEpoch());
                        default -> throw new IllegalStateException(position.why());
                    };
                },
                OnCorrupt.STOP,
                500);
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        return PartitionLoop.start(
                HandlerWork.of(this::note),
                scope,
                fetchers,
                StartAt.offset(0),
                new Progress(partition, 1, 0),
                policy,
                () -> {});
    }

    private void note(TopicPartition partition, List<ConsumedRecord> records) {
        records.forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
    }

    private static void send(EmbeddedCluster cluster, String prefix, int count) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", cluster.bootstrap(), "acks", "all");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int number : IntStream.range(0, count).toArray()) {
                producer.send(new ProducerRecord<>(TOPIC, 0, null, prefix + "-" + number))
                        .get();
            }
        }
    }

    private static void awaitIsr(Admin admin, Integer... nodes) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> partition(admin).isr().stream()
                        .map(each -> each.id())
                        .toList()
                        .equals(List.of(nodes)));
    }

    private static TopicPartitionInfo partition(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeTopics(List.of(TOPIC))
                .allTopicNames()
                .get()
                .get(TOPIC)
                .partitions()
                .getFirst();
    }

    private static void electUncleanly(Admin admin) {
        var partition = new org.apache.kafka.common.TopicPartition(TOPIC, 0);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            admin.electLeaders(ElectionType.UNCLEAN, Set.of(partition)).all().get(10, TimeUnit.SECONDS);
            return partition(admin).leader().id() == 2;
        });
    }
}
