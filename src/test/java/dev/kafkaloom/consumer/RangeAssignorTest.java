package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.RangeAssignor.Subscriber;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeAssignorTest {

    @Test
    void firstMembersGetOneMore() {
        var result = RangeAssignor.assign(
                Map.of("t", 5),
                List.of(new Subscriber("b", null, List.of("t")), new Subscriber("a", null, List.of("t"))));

        assertThat(result.get("a")).extracting(TopicPartition::partition).containsExactly(0, 1, 2);
        assertThat(result.get("b")).extracting(TopicPartition::partition).containsExactly(3, 4);
    }

    @Test
    void aMemberTooManyGetsNothing() {
        var result = RangeAssignor.assign(
                Map.of("t", 1),
                List.of(new Subscriber("a", null, List.of("t")), new Subscriber("b", null, List.of("t"))));

        assertThat(result.get("b")).isEmpty();
    }

    @Test
    void aTopicThatDoesNotExistIsLeftOut() {
        var result = RangeAssignor.assign(Map.of("t", 1), List.of(new Subscriber("a", null, List.of("t", "gone"))));

        assertThat(result.get("a")).containsExactly(new TopicPartition("t", 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void decidesAsTheJavaClientDoes(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 250; run++) {
            Map<String, Integer> counts = new HashMap<>();
            for (int t = 0; t < 1 + random.nextInt(4); t++) {
                counts.put("topic-" + t, random.nextInt(12));
            }
            List<Subscriber> members = new ArrayList<>();
            for (int m = 0; m < 1 + random.nextInt(7); m++) {
                List<String> topics = counts.keySet().stream()
                        .filter(_ -> random.nextInt(4) > 0)
                        .toList();
                String instance = random.nextInt(3) == 0 ? "instance-" + (9 - m) : null;
                members.add(new Subscriber(
                        "member-" + Integer.toString(random.nextInt(1 << 20), 36) + "-" + m, instance, topics));
            }

            assertThat(RangeAssignor.assign(counts, members))
                    .as("%s of %s", members, counts)
                    .isEqualTo(theirs(counts, members));
        }
    }

    private static Map<String, List<TopicPartition>> theirs(Map<String, Integer> counts, List<Subscriber> members) {
        Node node = new Node(1, "localhost", 9092);
        List<PartitionInfo> partitions = new ArrayList<>();
        counts.forEach((topic, count) -> {
            for (int p = 0; p < count; p++) {
                partitions.add(new PartitionInfo(topic, p, node, new Node[] {node}, new Node[] {node}));
            }
        });
        Cluster cluster = new Cluster("c", List.of(node), partitions, java.util.Set.of(), java.util.Set.of());
        Map<String, Subscription> subscriptions = new HashMap<>();
        for (Subscriber m : members) {
            Subscription s = new Subscription(new ArrayList<>(m.topics()));
            s.setGroupInstanceId(Optional.ofNullable(m.instanceId()));
            subscriptions.put(m.memberId(), s);
        }
        var assignor = new org.apache.kafka.clients.consumer.RangeAssignor();
        Map<String, List<TopicPartition>> result = new HashMap<>();
        assignor.assign(cluster, new GroupSubscription(subscriptions))
                .groupAssignment()
                .forEach((member, assignment) -> result.put(
                        member,
                        assignment.partitions().stream()
                                .map(p -> new TopicPartition(p.topic(), p.partition()))
                                .sorted()
                                .toList()));
        return result;
    }
}
