package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.embedded.EmbeddedBroker;
import dev.kafkaloom.message.CreatePartitionsRequest;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.BatchBuilder;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real broker, and groups on it that remember what they were given. Each {@link Party} stands for a process: a client of its own. */
final class GroupLab implements AutoCloseable {
    /** What every topic starts with: the brokers' default, so that an old one can make it without the slow tool. */
    static final int PARTITIONS = 4;

    final EmbeddedBroker broker;
    final KafkaClient client;
    private final boolean old;
    private final List<Party> parties = new ArrayList<>();

    /** On the broker of that release that all tests share. */
    GroupLab(String version) {
        this(RealBroker.of(version).process());
    }

    GroupLab(EmbeddedBroker broker) {
        this.broker = broker;
        this.client = KafkaClient.open(ClientConfig.of(broker.bootstrap()));
        this.old = broker.version().startsWith("0.");
    }

    String createTopic() throws InterruptedException {
        String topic = RealBroker.unique("orders");
        Topics.create(client, topic, PARTITIONS, 1);
        return topic;
    }

    void growTopic(String topic, int partitions) throws IOException, InterruptedException {
        if (old) {
            topicCommand("--alter", "--topic", topic, "--partitions", Integer.toString(partitions));
        } else {
            client.call(CreatePartitionsRequest.builder()
                    .timeoutMs(10_000)
                    .topics(List.of(CreatePartitionsRequest.CreatePartitionsTopic.builder()
                            .name(topic)
                            .count(partitions)
                            .assignments(null)
                            .build()))
                    .build());
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .until(() -> client.refreshCluster("topic grows").topics().get(topic).partitions().stream()
                                .filter(p -> p.leaderId() >= 0)
                                .count()
                        == partitions);
    }

    private void topicCommand(String... arguments) throws IOException, InterruptedException {
        List<String> all =
                new ArrayList<>(List.of("--zookeeper", broker.zooKeeper().orElseThrow()));
        Collections.addAll(all, arguments);
        Process process = broker.tool("kafka.admin.TopicCommand", all)
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(out).isZero();
    }

    /** Appends {@code first} .. {@code first + count - 1} as values, spread over the partitions in turn. */
    void produce(String topic, int first, int count) throws InterruptedException {
        produce(topic, PARTITIONS, first, count);
    }

    /** The same over the first so many partitions. */
    void produce(String topic, int partitions, int first, int count) throws InterruptedException {
        for (int p = 0; p < partitions; p++) {
            BatchBuilder batch = BatchBuilder.of((byte) (old ? 0 : 2), Compression.NONE, 1 << 20);
            int records = 0;
            for (int i = first; i < first + count; i++) {
                if (i % partitions == p) {
                    assertThat(batch.append(
                                    System.currentTimeMillis(),
                                    null,
                                    Integer.toString(i).getBytes(StandardCharsets.UTF_8),
                                    List.of()))
                            .isTrue();
                    records++;
                }
            }
            if (records > 0) {
                send(new TopicPartition(topic, p), batch);
            }
        }
    }

    private void send(TopicPartition tp, BatchBuilder batch) throws InterruptedException {
        var partition = ProduceRequest.PartitionProduceData.builder()
                .index(tp.partition())
                .records(batch.build())
                .build();
        var topic = ProduceRequest.TopicProduceData.builder()
                .name(tp.topic())
                .partitionData(List.of(partition))
                .build();
        var request = ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMs(10_000)
                .topicData(List.of(topic))
                .build();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
            var response = client.call(new Route.Leader(tp), request, CallOptions.DEFAULT);
            ErrorCode error = ErrorCode.of(response.responses()
                    .getFirst()
                    .partitionResponses()
                    .getFirst()
                    .errorCode());
            assertThat(error)
                    .isIn(ErrorCode.NONE, ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            return error == ErrorCode.NONE; // the others: of a topic that is a moment old
        });
    }

    /** What the group has committed, by partition number. */
    Map<Integer, Long> committed(String group, String topic) throws InterruptedException {
        List<TopicPartition> all = new ArrayList<>();
        for (int p = 0; p < PARTITIONS; p++) {
            all.add(new TopicPartition(topic, p));
        }
        Map<Integer, Long> byNumber = new HashMap<>();
        GroupOffsets.fetch(client, group, all).forEach((tp, next) -> byNumber.put(tp.partition(), next));
        return byNumber;
    }

    Party party(ConsumerConfig config, int members) throws InterruptedException {
        return party(config, members, (_, _) -> {});
    }

    /** A process with so many members; {@code also} runs in the handler after the records were noted. */
    Party party(ConsumerConfig config, int members, RecordHandler also) throws InterruptedException {
        return party(config, new MemberCount.Fixed(members), also);
    }

    Party party(ConsumerConfig config, MemberCount members, RecordHandler also) throws InterruptedException {
        return party(config, members, also, RebalanceListener.NONE);
    }

    Party party(ConsumerConfig config, MemberCount members, RecordHandler also, RebalanceListener listener)
            throws InterruptedException {
        Party party = new Party(config, members, also, listener);
        parties.add(party);
        return party;
    }

    /** Settings that make tests quick. */
    static ConsumerConfig.Builder quick(String group, String topic) {
        return ConsumerConfig.builder(group, List.of(topic))
                .autoOffsetReset(OffsetReset.EARLIEST)
                .sessionTimeout(Duration.ofSeconds(6))
                .heartbeatInterval(Duration.ofMillis(300))
                .rebalanceTimeout(Duration.ofSeconds(20))
                .autoCommitInterval(Duration.ofMillis(200))
                .revokeDrain(Duration.ofSeconds(5))
                .metadataRefresh(Duration.ofMillis(500));
    }

    @Override
    public void close() {
        parties.forEach(Party::close);
        client.close();
    }

    /** One process of a group. */
    final class Party implements AutoCloseable {
        final KafkaClient own = KafkaClient.open(ClientConfig.of(broker.bootstrap()));
        final Scope scope = Scope.open(RealBroker.unique("party"));
        final ConsumerGroup group;
        final ConcurrentLinkedQueue<ConsumedRecord> seen = new ConcurrentLinkedQueue<>();

        private Party(ConsumerConfig config, MemberCount members, RecordHandler also, RebalanceListener listener)
                throws InterruptedException {
            group = ConsumerGroup.start(
                    own,
                    config,
                    members,
                    PartitionLoop.work((tp, records) -> {
                        seen.addAll(records);
                        also.handle(tp, records);
                    }),
                    listener,
                    scope);
        }

        Set<Integer> values() {
            Set<Integer> values = ConcurrentHashMap.newKeySet();
            seen.forEach(r -> values.add(Integer.parseInt(new String(r.value(), StandardCharsets.UTF_8))));
            return values;
        }

        List<Integer> owned() {
            return group.snapshot().members().stream()
                    .flatMap(m -> m.partitions().stream())
                    .map(p -> p.partition().partition())
                    .sorted()
                    .toList();
        }

        /** As kill -9 would: nothing is committed, nobody says good-bye. */
        void kill() {
            own.close();
            scope.close();
        }

        @Override
        public void close() {
            group.close(Duration.ofSeconds(10));
            scope.close();
            own.close();
        }
    }
}
