package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.GroupBehaviour.all;
import static dev.kafkaloom.consumer.GroupBehaviour.numbers;
import static dev.kafkaloom.consumer.GroupBehaviour.union;
import static dev.kafkaloom.consumer.GroupBehaviour.within;
import static dev.kafkaloom.consumer.GroupLab.quick;
import static dev.kafkaloom.testing.RealBroker.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.consumer.assignor.Assignor;
import dev.kafkaloom.consumer.assignor.Assignors;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Members that keep what they have while others come and go, on a real broker. */
@Timeout(90)
@ExtendWith(Evidence.class)
class GroupMembershipIT {
    private static final List<Assignor> COOPERATIVE = List.of(Assignors.named("cooperative-sticky"));
    private static GroupLab lab;

    @BeforeAll
    static void start() {
        lab = new GroupLab(RealBroker.NEWEST);
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    /** What a listener was told. */
    private record Told(String what, Set<Integer> partitions, long epoch) {}

    private static RebalanceListener noting(Queue<Told> told) {
        return new RebalanceListener() {
            @Override
            public void assigned(Collection<TopicPartition> partitions, long epoch) {
                note("assigned", partitions, epoch);
            }

            @Override
            public void revoked(Collection<TopicPartition> partitions, long epoch) {
                note("revoked", partitions, epoch);
            }

            @Override
            public void lost(Collection<TopicPartition> partitions, long epoch) {
                note("lost", partitions, epoch);
            }

            private void note(String what, Collection<TopicPartition> partitions, long epoch) {
                Set<Integer> numbers = new HashSet<>();
                partitions.forEach(tp -> numbers.add(tp.partition()));
                told.add(new Told(what, numbers, epoch));
            }
        };
    }

    @Test
    void whatAMemberKeepsRunsOnWhileAnotherOneJoins() throws Exception {
        String topic = lab.createTopic();
        ConsumerConfig config =
                quick(unique("cooperative"), topic).assignors(COOPERATIVE).build();
        Queue<Told> told = new ConcurrentLinkedQueue<>();
        Queue<Told> guests = new ConcurrentLinkedQueue<>();
        lab.produce(topic, 0, 100);
        try (var first = lab.party(config, new MemberCount.Fixed(1), (_, _) -> {}, noting(told))) {
            within(15).untilAsserted(() -> assertThat(first.values()).isEqualTo(numbers(100)));

            try (var second = lab.party(config, new MemberCount.Fixed(1), (_, _) -> {}, noting(guests))) {
                within(15).untilAsserted(() -> {
                    assertThat(second.owned()).hasSize(2);
                    assertThat(all(first.owned(), second.owned())).containsExactly(0, 1, 2, 3);
                });
                lab.produce(topic, 100, 100);
                within(15)
                        .untilAsserted(() -> assertThat(union(first.values(), second.values()))
                                .isEqualTo(numbers(200)));

                assertThat(first.seen.size() + second.seen.size())
                        .as("nobody got one twice")
                        .isEqualTo(200);
                assertThat(told).extracting(Told::what).containsExactly("assigned", "revoked");
                Told given = told.remove();
                Told back = told.remove();
                assertThat(back.partitions()).isEqualTo(new HashSet<>(second.owned()));
                assertThat(back.epoch()).isEqualTo(given.epoch());
                assertThat(guests)
                        .singleElement()
                        .satisfies(it -> assertThat(it.partitions()).isEqualTo(back.partitions()));
                assertThat(guests.element().epoch()).isGreaterThan(given.epoch());
            }
            within(15).untilAsserted(() -> assertThat(first.owned()).containsExactly(0, 1, 2, 3));
            assertThat(guests).extracting(Told::what).containsExactly("assigned", "revoked");
        }
    }

    @Test
    void aGroupGoesFromRangeToCooperativeStickyOneMemberAfterTheOther() throws Exception {
        String topic = lab.createTopic();
        String group = unique("upgrade");
        Assignor range = Assignors.named("range");
        List<List<Assignor>> steps = List.of(List.of(range), List.of(range, COOPERATIVE.getFirst()), COOPERATIVE);
        GroupLab.Party[] now = new GroupLab.Party[2];
        Set<Integer> values = new HashSet<>();
        int produced = 0;
        for (List<Assignor> step : steps) {
            for (int i = 0; i < now.length; i++) {
                if (now[i] != null) {
                    now[i].close();
                    values.addAll(now[i].values());
                }
                now[i] = lab.party(quick(group, topic).assignors(step).build(), 1);
                lab.produce(topic, produced, 40);
                produced += 40;
            }
            within(20)
                    .untilAsserted(() ->
                            assertThat(all(now[0].owned(), now[1].owned())).containsExactly(0, 1, 2, 3));
            assertThat(now[0].group.snapshot().failed()
                            + now[1].group.snapshot().failed())
                    .isZero();
        }
        int total = produced;
        within(15)
                .untilAsserted(() -> assertThat(union(values, union(now[0].values(), now[1].values())))
                        .isEqualTo(numbers(total)));
        now[0].close();
        now[1].close();
    }

    /** With a session that outlives a slow machine's restart of the member. */
    private static ConsumerConfig staticOne(String group, String topic, String name) {
        return quick(group, topic)
                .sessionTimeout(Duration.ofSeconds(30))
                .groupInstanceId(name)
                .build();
    }

    @Test
    void aStaticMemberThatComesBackGetsItsPartitionsWithoutARebalance() throws Exception {
        String topic = lab.createTopic();
        String group = unique("static");
        var steady = lab.party(staticOne(group, topic, "steady"), 1);
        var before = lab.party(staticOne(group, topic, "guest"), 1);
        within(15).untilAsserted(() -> assertThat(before.owned()).hasSize(2));
        within(15)
                .untilAsserted(
                        () -> assertThat(all(steady.owned(), before.owned())).containsExactly(0, 1, 2, 3));
        within(15).until(() -> steady.group.snapshot().stable());
        List<Integer> mine = before.owned();
        int generation = steady.group.snapshot().members().getFirst().generation();

        before.close();
        var after = lab.party(staticOne(group, topic, "guest"), 1);

        within(15).untilAsserted(() -> assertThat(after.owned()).isEqualTo(mine));
        assertThat(steady.group.snapshot().members().getFirst().generation()).isEqualTo(generation);

        var usurper = lab.party(staticOne(group, topic, "guest"), 1);
        within(15)
                .untilAsserted(() -> assertThat(
                                after.group.snapshot().members().getFirst().state())
                        .isEqualTo("failed"));
        assertThat(after.group.snapshot().members().getFirst().lastError()).contains("FENCED_INSTANCE_ID");
        within(15).untilAsserted(() -> assertThat(usurper.owned()).isEqualTo(mine));
        usurper.group.close(Duration.ofSeconds(10), LeaveOnClose.ALWAYS);
        within(5).untilAsserted(() -> assertThat(steady.owned()).containsExactly(0, 1, 2, 3));
    }

    @Test
    void topicsThatMatchAPatternAreTakenInAndReadFromTheirBeginning() throws Exception {
        String prefix = unique("pattern");
        String one = prefix + "-one";
        String two = prefix + "-two";
        Topics.create(lab.client, one, GroupLab.PARTITIONS, 1);
        ConsumerConfig config = quick(unique("matching"), one)
                .topics(List.of())
                .topicPattern(Pattern.compile(Pattern.quote(prefix) + "-.*"))
                .autoOffsetReset(OffsetReset.LATEST)
                .build();
        try (var us = lab.party(config, 1)) {
            within(15).untilAsserted(() -> assertThat(us.owned()).containsExactly(0, 1, 2, 3));

            Topics.create(lab.client, two, GroupLab.PARTITIONS, 1);
            lab.produce(two, 0, 20);

            within(20).untilAsserted(() -> assertThat(us.values()).isEqualTo(numbers(20)));
            assertThat(us.owned()).containsExactly(0, 0, 1, 1, 2, 2, 3, 3);
        }
    }

    @Test
    void aTopicThatIsWaitedForIsTakenInWhenItAppears() throws Exception {
        String topic = unique("late");
        ConsumerConfig config = quick(unique("waiting"), topic)
                .missingTopics(MissingTopics.WAIT)
                .build();
        try (var us = lab.party(config, new MemberCount.Auto(), (_, _) -> {})) {
            assertThat(us.group.awaitStable(Duration.ofSeconds(15))).isTrue();
            assertThat(us.owned()).isEmpty();

            Topics.create(lab.client, topic, GroupLab.PARTITIONS, 1);
            lab.produce(topic, 0, 20);

            within(20).untilAsserted(() -> assertThat(us.values()).isEqualTo(numbers(20)));
            within(20)
                    .untilAsserted(
                            () -> assertThat(us.group.snapshot().members()).hasSize(GroupLab.PARTITIONS));
        }
    }
}
