package dev.kafkaloom.consumer.assignor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two that remember nothing: {@code range} and {@code roundrobin}. */
class EagerAssignorsTest {
    private static final Assignor RANGE = Assignors.named("range");
    private static final Assignor ROUND_ROBIN = Assignors.named("roundrobin");

    @Test
    void rangeGivesTheFirstMembersOneMore() {
        var result = RANGE.assign(
                Topics.of(Map.of("t", 5)), List.of(Subscriber.of("b", List.of("t")), Subscriber.of("a", List.of("t"))));

        assertThat(result.get("a")).extracting(TopicPartition::partition).containsExactly(0, 1, 2);
        assertThat(result.get("b")).extracting(TopicPartition::partition).containsExactly(3, 4);
    }

    @Test
    void roundRobinGoesOnWithTheNextMemberInTheNextTopic() {
        var result = ROUND_ROBIN.assign(
                Topics.of(Map.of("t", 3, "u", 1)),
                List.of(Subscriber.of("b", List.of("t", "u")), Subscriber.of("a", List.of("t", "u"))));

        assertThat(result.get("a")).containsExactly(new TopicPartition("t", 0), new TopicPartition("t", 2));
        assertThat(result.get("b")).containsExactly(new TopicPartition("t", 1), new TopicPartition("u", 0));
    }

    @Test
    void aMemberTooManyGetsNothing() {
        var result = RANGE.assign(
                Topics.of(Map.of("t", 1)), List.of(Subscriber.of("a", List.of("t")), Subscriber.of("b", List.of("t"))));

        assertThat(result.get("b")).isEmpty();
    }

    @Test
    void aTopicThatDoesNotExistIsLeftOut() {
        List<Subscriber> members = List.of(Subscriber.of("a", List.of("t", "gone")));

        assertThat(RANGE.assign(Topics.of(Map.of("t", 1)), members).get("a"))
                .containsExactly(new TopicPartition("t", 0));
        assertThat(ROUND_ROBIN.assign(Topics.of(Map.of("t", 1)), members).get("a"))
                .containsExactly(new TopicPartition("t", 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void rangeDecidesAsTheJavaClientDoes(long seed) {
        decidesAlike(RANGE, new org.apache.kafka.clients.consumer.RangeAssignor(), seed, 0);
    }

    /** KIP-881: of three racks; brokers of none and members of none are among them. */
    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7, 8})
    void rangeLooksAtRacksAsTheJavaClientDoes(long seed) {
        decidesAlike(RANGE, new org.apache.kafka.clients.consumer.RangeAssignor(), seed, 3);
    }

    @Test
    void rangeGivesAMemberWhatIsInItsRack() {
        Topics topics = new Topics(
                Map.of("t", 2),
                Map.of(new TopicPartition("t", 0), Set.of("east"), new TopicPartition("t", 1), Set.of("west")));

        var result = RANGE.assign(topics, List.of(in("west", "a"), in("east", "b")));

        assertThat(result.get("a")).containsExactly(new TopicPartition("t", 1));
        assertThat(result.get("b")).containsExactly(new TopicPartition("t", 0));
    }

    private static Subscriber in(String rack, String id) {
        return new Subscriber(id, null, List.of("t"), List.of(), Owned.NO_GENERATION, rack, null);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void roundRobinDecidesAsTheJavaClientDoes(long seed) {
        decidesAlike(ROUND_ROBIN, new org.apache.kafka.clients.consumer.RoundRobinAssignor(), seed, 0);
    }

    @Test
    void anAssignorIsFoundByKafkasNamesOnly() {
        for (Assignor assignor : Assignors.all()) {
            assertThat(Assignors.named(assignor.name())).isSameAs(assignor);
        }
        assertThat(List.of("Range", "RANGE", "RangeAssignor", "org.apache.kafka.clients.consumer.RangeAssignor"))
                .allSatisfy(name -> assertThat(Assignors.named(name)).isSameAs(RANGE));
        assertThat(Assignors.named("org.apache.kafka.clients.consumer.RoundRobinAssignor"))
                .isSameAs(ROUND_ROBIN);
        assertThatThrownBy(() -> Assignors.named("com.example.MyAssignor"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no assignor 'com.example.MyAssignor'; there are range, roundrobin");
    }

    private static void decidesAlike(Assignor ours, ConsumerPartitionAssignor theirs, long seed, int racks) {
        Random random = new Random(seed);
        for (int run = 0; run < 1_000; run++) {
            Map<String, Integer> counts = new HashMap<>();
            for (int t = 0; t < 1 + random.nextInt(4); t++) {
                counts.put("topic-" + t, random.nextInt(3) == 0 ? 6 : random.nextInt(12));
            }
            Topics topics = new Topics(counts, racks(random, counts, racks));
            List<Subscriber> members = members(random, counts, racks);

            assertThat(ours.assign(topics, members))
                    .as("%s of %s", members, counts)
                    .isEqualTo(Kafkas.assign(theirs, topics, members));
        }
    }

    private static List<Subscriber> members(Random random, Map<String, Integer> counts, int racks) {
        List<Subscriber> members = new ArrayList<>();
        for (int m = 0; m < 1 + random.nextInt(7); m++) {
            List<String> topics =
                    counts.keySet().stream().filter(_ -> random.nextInt(4) > 0).toList();
            String instance = random.nextInt(3) == 0 ? "instance-" + (9 - m) : null;
            String id = "member-" + Integer.toString(random.nextInt(1 << 20), 36) + "-" + m;
            members.add(
                    new Subscriber(id, instance, topics, List.of(), Owned.NO_GENERATION, rack(random, racks), null));
        }
        return members;
    }

    private static Map<TopicPartition, Set<String>> racks(Random random, Map<String, Integer> counts, int racks) {
        Map<TopicPartition, Set<String>> all = new HashMap<>();
        int replicas = 1 + random.nextInt(2);
        counts.forEach((topic, count) -> {
            for (int p = 0; p < count; p++) {
                Set<String> some = new HashSet<>();
                for (int r = 0; r < replicas; r++) {
                    String rack = rack(random, racks);
                    if (rack != null) {
                        some.add(rack);
                    }
                }
                all.put(new TopicPartition(topic, p), some);
            }
        });
        return all;
    }

    /** One time in eight none. */
    private static String rack(Random random, int racks) {
        return racks == 0 || random.nextInt(8) == 0 ? null : "rack-" + random.nextInt(racks);
    }
}
