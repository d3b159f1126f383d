package dev.kafkaloom.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.GroupOffsets;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.ConsumerGroup;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.consumer.MemberSnapshot;
import dev.kafkaloom.consumer.OffsetReset;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.network.ConnectionConfig;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.RealBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;

/** A group of two: what the second one takes over when it joins goes back when it leaves, and no record is lost. */
final class GroupCheck {
    private static final int RECORDS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private GroupCheck() {}

    static void twoMembers(Lab lab) throws InterruptedException {
        String topic = lab.topic("group").name();
        String group = RealBroker.unique("two");
        produce(lab, topic, 0);
        try (Member first = new Member(lab, group, topic)) {
            eventually("the first has all", () -> assertThat(first.owned()).containsExactly(0, 1, 2, 3));
            eventually("the first has read", () -> assertThat(first.seen).hasSize(RECORDS));
            int joined = first.group.snapshot().rebalances();
            try (Member second = new Member(lab, group, topic)) {
                eventually("they share", () -> {
                    assertThat(first.owned()).hasSize(2);
                    assertThat(second.owned()).hasSize(2).doesNotContainAnyElementsOf(first.owned());
                });
                assertThat(first.group.snapshot().rebalances()).isGreaterThan(joined);
                produce(lab, topic, RECORDS);
                eventually(
                        "both have read",
                        () -> assertThat(union(first.seen, second.seen)).hasSize(2 * RECORDS));
                assertThat(first.seen).hasSizeLessThan(2 * RECORDS);
            }
            eventually(
                    "the first has all again", () -> assertThat(first.owned()).containsExactly(0, 1, 2, 3));
            int before = first.seen.size();
            produce(lab, topic, 2 * RECORDS);
            eventually(
                    "the first has read again",
                    () -> assertThat(first.seen).hasSizeGreaterThanOrEqualTo(before + RECORDS));
        }
        assertThat(committed(lab.client(), group, topic)).isEqualTo(3L * RECORDS);
    }

    private static void produce(Lab lab, String topic, int first) throws InterruptedException {
        try (Scope scope = Scope.open("group-check");
                Producer producer = Producer.open(lab.client(), ProducerConfig.DEFAULT, scope)) {
            for (int i = first; i < first + RECORDS; i++) {
                producer.send(new ProduceRecord(
                        topic,
                        i % Lab.PARTITIONS,
                        null,
                        null,
                        Integer.toString(i).getBytes(UTF_8),
                        List.of()));
            }
            producer.flush(PATIENCE);
        }
    }

    private static long committed(KafkaClient client, String group, String topic) throws InterruptedException {
        List<TopicPartition> all = IntStream.range(0, Lab.PARTITIONS)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
        Map<TopicPartition, Long> offsets = GroupOffsets.fetch(client, group, all);
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Set<Integer> union(Set<Integer> one, Set<Integer> other) {
        Set<Integer> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }

    private static void eventually(String what, ThrowingRunnable assertion) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
    }

    /** A process with one member: a client of its own. */
    private static final class Member implements AutoCloseable {
        private final KafkaClient client;
        private final Scope scope = Scope.open(RealBroker.unique("member"));
        private final ConsumerGroup group;
        private final Set<Integer> seen = new ConcurrentSkipListSet<>();

        Member(Lab lab, String name, String topic) throws InterruptedException {
            client = lab.fresh(ConnectionConfig.AUTO);
            ConsumerConfig config = ConsumerConfig.builder(name, List.of(topic))
                    .autoOffsetReset(OffsetReset.EARLIEST)
                    .sessionTimeout(Duration.ofSeconds(10))
                    .heartbeatInterval(Duration.ofMillis(300))
                    .rebalanceTimeout(Duration.ofSeconds(30))
                    .autoCommitInterval(Duration.ofMillis(200))
                    .build();
            group = ConsumerGroup.start(
                    client,
                    config,
                    new MemberCount.Fixed(1),
                    (_, records) -> records.forEach(each -> seen.add(Integer.valueOf(new String(each.value(), UTF_8)))),
                    scope);
        }

        Set<Integer> owned() {
            return group.snapshot().members().stream()
                    .map(MemberSnapshot::partitions)
                    .flatMap(List::stream)
                    .map(each -> each.partition().partition())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        @Override
        public void close() {
            group.close(Duration.ofSeconds(10));
            scope.close();
            client.close();
        }
    }
}
