package dev.kafkaloom.consumer.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code sticky} and {@code cooperative-sticky} promise, beside the Java client's over the lives of groups. */
class StickyAssignorsTest {
    private static final Assignor STICKY = Assignors.named("sticky");
    private static final Assignor COOPERATIVE = Assignors.named("cooperative-sticky");

    /** Both get the same groups; they live on by our decisions. */
    @ParameterizedTest
    @CsvSource({"1,true", "2,true", "3,false", "4,false"})
    void stickyIsAsBalancedAndKeepsAsMuchAsTheJavaClients(long seed, boolean alike) {
        int ours = 0;
        int theirs = 0;
        for (int life = 0; life < 250; life++) {
            Group group = new Group(seed * 1_000 + life, alike);
            for (int generation = 0; generation < 8; generation++) {
                List<Subscriber> members = group.members(STICKY);
                var mine = STICKY.assign(group.topics(), members);
                var kafkas =
                        Kafkas.assign(new org.apache.kafka.clients.consumer.StickyAssignor(), group.topics(), members);

                group.check(mine);
                assertThat(Group.imbalance(mine)).as("%s", group).isLessThanOrEqualTo(Group.imbalance(kafkas));
                if (alike) {
                    assertThat(group.kept(mine)).as("%s", group).isGreaterThanOrEqualTo(group.kept(kafkas));
                }
                if (Group.imbalance(mine) == Group.imbalance(kafkas)) { // to be better balanced may cost a move
                    ours += group.kept(mine);
                    theirs += group.kept(kafkas);
                }
                group.take(mine, false);
                group.change();
            }
        }
        assertThat(ours).isGreaterThanOrEqualTo(theirs);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingMovesWhenNothingHasChanged(boolean alike) {
        for (int life = 0; life < 200; life++) {
            Group group = new Group(life, alike);
            var first = STICKY.assign(group.topics(), group.members(STICKY));
            group.take(first, false);

            assertThat(STICKY.assign(group.topics(), group.members(STICKY)))
                    .as("%s", group)
                    .isEqualTo(first);
        }
    }

    @Test
    void whatMovesInACooperativeGroupIsWithheldForOneRound() {
        int moved = 0;
        for (int life = 0; life < 500; life++) {
            Group group = new Group(life, life % 2 == 0);
            for (int generation = 0; generation < 8; generation++) {
                group.change();
                List<Subscriber> members = group.members(COOPERATIVE);
                var first = COOPERATIVE.assign(group.topics(), members);
                nobodyGetsWhatAnotherOwns(members, first);
                group.take(first, false);
                int before = count(first);
                var second = COOPERATIVE.assign(group.topics(), group.members(COOPERATIVE));
                group.check(second); // what was withheld is nobody's now, and all is given
                moved += count(second) - before;
                group.take(second, false);
            }
        }
        assertThat(moved).isPositive();
    }

    /** Members that missed a generation claim what others own by now. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void conflictingClaimsNeverGiveAPartitionTwice(boolean alike) {
        for (int life = 0; life < 300; life++) {
            Group group = new Group(life, alike);
            for (int generation = 0; generation < 10; generation++) {
                var assignment = STICKY.assign(group.topics(), group.members(STICKY));
                group.check(assignment);
                group.take(assignment, true);
                group.change();
            }
        }
    }

    @Test
    void theLaterGenerationIsRight() {
        TopicPartition claimed = new TopicPartition("t", 0);
        List<Subscriber> members =
                List.of(claiming("a", 4, claimed, new TopicPartition("t", 1)), claiming("b", 5, claimed));

        var result = STICKY.assign(Topics.of(Map.of("t", 2)), members);

        assertThat(result.get("b")).containsExactly(claimed);
    }

    @Test
    void ofTwoOwnersOfOneGenerationNeitherKeepsIt() {
        TopicPartition claimed = new TopicPartition("t", 0);
        List<Subscriber> members = List.of(owning("a", 5, claimed), owning("b", 5, claimed));

        var result = COOPERATIVE.assign(Topics.of(Map.of("t", 1)), members);

        assertThat(result).isEqualTo(Map.of("a", List.of(), "b", List.of()));
    }

    /** Only a chain of two moves helps here: c takes t from b, and b takes s from a. */
    @Test
    void balancesAlongChainsOfSubscriptions() {
        Topics topics = Topics.of(Map.of("s", 3, "t", 2));
        List<Subscriber> members = List.of(
                claiming("a", List.of("s"), 1, partitions("s", 0, 1, 2)),
                claiming("b", List.of("s", "t"), 1, partitions("t", 0, 1)),
                Subscriber.of("c", List.of("t")));

        var result = STICKY.assign(topics, members);

        assertThat(result.values()).extracting(List::size).containsExactlyInAnyOrder(2, 2, 1);
    }

    @Test
    void aMemberThatIsNotSubscribedAnyMoreKeepsNothing() {
        var result = STICKY.assign(
                Topics.of(Map.of("t", 1, "u", 1)),
                List.of(claiming("a", List.of("u"), 3, partitions("t", 0)), Subscriber.of("b", List.of("t", "u"))));

        assertThat(result.get("a")).isEqualTo(partitions("u", 0));
        assertThat(result.get("b")).isEqualTo(partitions("t", 0));
    }

    /** The topic was made anew with fewer. */
    @Test
    void aClaimToAPartitionThatDoesNotExistIsPassedOver() {
        var result = STICKY.assign(
                Topics.of(Map.of("t", 2)),
                List.of(claiming("a", List.of("t"), 3, partitions("t", 0, 1, 2, 3)), Subscriber.of("b", List.of("t"))));

        assertThat(result.values()).extracting(List::size).containsExactly(1, 1);
    }

    /** 100 partitions each, then one member more; generous, since this may run on a slow machine: it takes some 50 ms. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tenThousandPartitionsAmongAHundredMembersAreSharedAtOnce(boolean alike) {
        Map<String, Integer> counts = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (int t = 0; t < 100; t++) {
            names.add("topic-" + t);
            counts.put("topic-" + t, 100);
        }
        List<Subscriber> members = new ArrayList<>();
        for (int m = 0; m < 100; m++) {
            int wanted = m;
            members.add(Subscriber.of(
                    "member-" + m,
                    alike
                            ? names
                            : names.stream()
                                    .filter(t -> (t.hashCode() + wanted) % 3 != 0)
                                    .toList()));
        }
        Topics topics = Topics.of(counts);
        Map<String, List<TopicPartition>> first = STICKY.assign(topics, members.subList(0, 50));
        members.replaceAll(m -> claiming(m.memberId(), m.topics(), 1, first.getOrDefault(m.memberId(), List.of())));

        long began = System.nanoTime();
        var second = STICKY.assign(topics, members);
        long millis = (System.nanoTime() - began) / 1_000_000;

        assertThat(second.values()).allSatisfy(mine -> assertThat(mine).hasSizeBetween(99, 101));
        assertThat(count(second)).isEqualTo(10_000);
        assertThat(millis).isLessThan(10_000);
    }

    private static void nobodyGetsWhatAnotherOwns(List<Subscriber> members, Map<String, List<TopicPartition>> given) {
        Map<TopicPartition, String> owners = new HashMap<>();
        members.forEach(m -> m.ownedPartitions().forEach(tp -> owners.put(tp, m.memberId())));
        given.forEach((member, partitions) -> partitions.forEach(tp -> assertThat(owners.getOrDefault(tp, member))
                .as("owner of %s", tp)
                .isEqualTo(member)));
    }

    private static int count(Map<String, List<TopicPartition>> assignment) {
        return assignment.values().stream().mapToInt(List::size).sum();
    }

    private static List<TopicPartition> partitions(String topic, int... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(n -> new TopicPartition(topic, n))
                .toList();
    }

    private static Subscriber claiming(String id, int generation, TopicPartition... had) {
        return claiming(id, List.of("t"), generation, List.of(had));
    }

    private static Subscriber claiming(String id, List<String> topics, int generation, List<TopicPartition> had) {
        return new Subscriber(
                id, null, topics, List.of(), generation, null, STICKY.userData(new Owned(had, generation)));
    }

    private static Subscriber owning(String id, int generation, TopicPartition... owned) {
        return new Subscriber(id, null, List.of("t"), List.of(owned), generation, null, null);
    }
}
