package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.GroupLab.quick;
import static dev.kafkaloom.testing.RealBroker.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.testing.Evidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a group does on every broker; subclasses name the release. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
@ExtendWith(Evidence.class)
abstract class GroupBehaviour {
    private final String release;
    GroupLab lab;

    GroupBehaviour(String release) {
        this.release = release;
    }

    @BeforeAll
    void start() throws Exception {
        lab = new GroupLab(release);
        GroupLab.Party first = lab.party(
                quick(unique("warm-up"), lab.createTopic()).build(), 1); // makes the broker create its offsets topic
        assertThat(first.group.awaitStable(Duration.ofSeconds(30))).isTrue();
        first.close();
    }

    @AfterAll
    void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    static ConditionFactory within(int seconds) {
        return Awaitility.await().atMost(Duration.ofSeconds(seconds)).pollInterval(Duration.ofMillis(20));
    }

    static Set<Integer> numbers(int count) {
        return new HashSet<>(IntStream.range(0, count).boxed().toList());
    }

    @Test
    void twoMembersOfAFreshGroupShareThePartitionsInUnderThreeSeconds() throws Exception {
        String topic = lab.createTopic();
        lab.produce(topic, 0, 100);
        long begun = System.nanoTime();
        // the usual heartbeat interval: the members must not wait for it to find each other
        try (var us = lab.party(
                quick(unique("fresh"), topic)
                        .heartbeatInterval(Duration.ofSeconds(3))
                        .sessionTimeout(Duration.ofSeconds(10))
                        .build(),
                2)) {
            assertThat(us.group.awaitStable(Duration.ofSeconds(10))).isTrue();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            System.out.println(release + ": two members were stable after " + took.toMillis() + " ms");
            assertThat(took).isLessThan(Duration.ofSeconds(3));

            assertThat(us.owned()).containsExactly(0, 1, 2, 3);
            var members = us.group.snapshot().members();
            assertThat(members).allSatisfy(m -> assertThat(m.partitions()).hasSize(2));
            assertThat(members)
                    .filteredOn(MemberSnapshot::leader)
                    .singleElement()
                    .satisfies(leader -> assertThat(leader.groupMembers()).hasSize(2));
            within(5).untilAsserted(() -> assertThat(us.values()).isEqualTo(numbers(100)));
            assertThat(us.seen).as("nobody got one twice").hasSize(100);
        }
    }

    @Test
    void whatWasDoneIsCommittedAndTheNextOneGoesOnThere() throws Exception {
        String topic = lab.createTopic();
        String group = unique("resume");
        lab.produce(topic, 0, 40);
        try (var first = lab.party(quick(group, topic).build(), 2)) {
            within(10).untilAsserted(() -> assertThat(first.seen).hasSize(40));
        }
        assertThat(lab.committed(group, topic)).isEqualTo(Map.of(0, 10L, 1, 10L, 2, 10L, 3, 10L));

        lab.produce(topic, 40, 20);
        try (var second = lab.party(quick(group, topic).build(), 1)) {
            within(10).untilAsserted(() -> assertThat(second.seen).hasSize(20));
            assertThat(second.values()).allMatch(v -> v >= 40);
            within(5)
                    .untilAsserted(() ->
                            assertThat(lab.committed(group, topic)).isEqualTo(Map.of(0, 15L, 1, 15L, 2, 15L, 3, 15L)));
        }
    }

    @Test
    void everyCommitModeCommitsWithoutTheClock() throws Exception {
        for (CommitMode mode : List.of(CommitMode.EVERY_CHUNK, CommitMode.EVERY_ADVANCE)) {
            String topic = lab.createTopic();
            String group = unique("mode");
            lab.produce(topic, 1, 0, 10);
            try (var us = lab.party(
                    quick(group, topic)
                            .commitMode(mode)
                            .autoCommitInterval(Duration.ofHours(1))
                            .build(),
                    1)) {
                within(10)
                        .untilAsserted(() -> assertThat(lab.committed(group, topic))
                                .as("%s", mode)
                                .containsEntry(0, 10L));
                assertThat(us.seen).hasSize(10);
            }
        }
    }

    @Test
    void aResetPositionIsCommittedAtOnce() throws Exception {
        String topic = lab.createTopic();
        String group = unique("reset");
        lab.produce(topic, 0, 10);
        try (var us = lab.party(
                quick(group, topic)
                        .autoOffsetReset(OffsetReset.LATEST)
                        .autoCommitInterval(Duration.ofHours(1))
                        .build(),
                1)) {
            assertThat(us.group.awaitStable(Duration.ofSeconds(10))).isTrue();
            assertThat(lab.committed(group, topic)).isEqualTo(Map.of(0, 3L, 1, 3L, 2, 2L, 3, 2L));
        }
    }

    @Test
    void aThirdMemberGetsItsShareAndNothingIsLost() throws Exception {
        String topic = lab.createTopic();
        String group = unique("third");
        lab.produce(topic, 0, 200);
        try (var two = lab.party(quick(group, topic).build(), 2)) {
            assertThat(two.group.awaitStable(Duration.ofSeconds(10))).isTrue();
            int before = two.group.snapshot().rebalances();
            try (var third = lab.party(quick(group, topic).build(), 1)) {
                within(15).untilAsserted(() -> {
                    assertThat(third.owned()).isNotEmpty();
                    assertThat(all(two.owned(), third.owned())).containsExactly(0, 1, 2, 3);
                });
                assertThat(two.group.snapshot().rebalances()).isGreaterThan(before);
                lab.produce(topic, 200, 200);
                within(15)
                        .untilAsserted(() ->
                                assertThat(union(two.values(), third.values())).isEqualTo(numbers(400)));
            }
            within(10).untilAsserted(() -> assertThat(two.owned()).containsExactly(0, 1, 2, 3));
        }
        assertThat(lab.committed(group, topic)).isEqualTo(Map.of(0, 100L, 1, 100L, 2, 100L, 3, 100L));
    }

    @Test
    void aKilledMembersPartitionsGoToTheOthersAfterItsSession() throws Exception {
        String topic = lab.createTopic();
        String group = unique("killed");
        try (var survivor = lab.party(quick(group, topic).build(), 2)) {
            var victim = lab.party(quick(group, topic).build(), 1);
            within(15)
                    .untilAsserted(() ->
                            assertThat(all(survivor.owned(), victim.owned())).containsExactly(0, 1, 2, 3));
            within(15).untilAsserted(() -> assertThat(victim.owned()).isNotEmpty());
            lab.produce(topic, 0, 100);
            within(10)
                    .untilAsserted(() -> assertThat(union(survivor.values(), victim.values()))
                            .isEqualTo(numbers(100)));

            victim.kill();
            lab.produce(topic, 100, 100);

            within(20).untilAsserted(() -> assertThat(survivor.owned()).containsExactly(0, 1, 2, 3));
            within(10)
                    .untilAsserted(() -> assertThat(union(survivor.values(), victim.values()))
                            .isEqualTo(numbers(200)));
        }
        assertThat(lab.committed(group, topic)).isEqualTo(Map.of(0, 50L, 1, 50L, 2, 50L, 3, 50L));
    }

    @Test
    void aMemberThatClosesHandsOverWithinAHeartbeat() throws Exception {
        String topic = lab.createTopic();
        String group = unique("handover");
        Duration heartbeat = Duration.ofSeconds(1);
        ConsumerConfig config = quick(group, topic)
                .heartbeatInterval(heartbeat)
                .sessionTimeout(Duration.ofSeconds(20))
                .build();
        try (var stays = lab.party(config, 1)) {
            var leaves = lab.party(config, 1);
            within(15)
                    .untilAsserted(
                            () -> assertThat(all(stays.owned(), leaves.owned())).containsExactly(0, 1, 2, 3));
            within(15).untilAsserted(() -> assertThat(leaves.owned()).hasSize(2));

            long begun = System.nanoTime();
            leaves.close();
            within(10).untilAsserted(() -> assertThat(stays.owned()).containsExactly(0, 1, 2, 3));
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            System.out.println(release + ": handed over after " + took.toMillis() + " ms");
            assertThat(took).isLessThan(heartbeat.plusSeconds(1));
        }
    }

    @Test
    void aRunningHandlerMayFinishBeforeItsPartitionIsGivenAway() throws Exception {
        String topic = lab.createTopic();
        String group = unique("drain");
        lab.produce(topic, 2, 0, 2);
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch finish = new CountDownLatch(1);
        try (var first = lab.party(quick(group, topic).build(), 1, (_, _) -> {
            running.countDown();
            finish.await();
        })) {
            running.await();
            try (var second = lab.party(quick(group, topic).build(), 1)) {
                within(5)
                        .untilAsserted(() -> assertThat(first.group
                                        .snapshot()
                                        .members()
                                        .getFirst()
                                        .state())
                                .isEqualTo("draining"));
                assertThat(first.group.isDraining(new TopicPartition(topic, 0))).isTrue();
                finish.countDown();
                within(10)
                        .untilAsserted(() ->
                                assertThat(all(first.owned(), second.owned())).containsExactly(0, 1, 2, 3));
                within(10).untilAsserted(() -> assertThat(second.owned()).hasSize(2));
                assertThat(second.seen)
                        .as("what the first had in hand was committed before it was given away")
                        .isEmpty();
            }
        }
    }

    @Test
    void aHandlerThatOverstaysIsFencedAndItsRecordsComeAgain() throws Exception {
        String topic = lab.createTopic();
        String group = unique("overstay");
        lab.produce(topic, 1, 0, 3);
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch running = new CountDownLatch(1);
        ConsumerConfig config =
                quick(group, topic).revokeDrain(Duration.ofMillis(500)).build();
        var first = lab.party(config, 1, (_, _) -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
        });
        running.await();
        first.close();

        assertThat(interrupted).isTrue();
        assertThat(lab.committed(group, topic)).containsEntry(0, 0L);
        try (var second = lab.party(config, 1)) {
            within(10).untilAsserted(() -> assertThat(second.values()).isEqualTo(numbers(3)));
        }
    }

    @Test
    void aMemberWhoseHandlerThrowsFailsVisiblyAndLeaves() throws Exception {
        String topic = lab.createTopic();
        String group = unique("poison");
        lab.produce(topic, 1, 0, 1);
        try (var us = lab.party(quick(group, topic).build(), 1, (tp, _) -> {
            if (tp.partition() == 1) {
                throw new IllegalStateException("cannot digest this");
            }
        })) {
            within(10)
                    .untilAsserted(() ->
                            assertThat(lab.committed(group, topic)).containsEntry(0, 1L)); // the poison ends them all
            lab.produce(topic, 2, 1, 1);

            within(10)
                    .untilAsserted(() -> assertThat(
                                    us.group.snapshot().members().getFirst().state())
                            .isEqualTo("failed"));
            var member = us.group.snapshot().members().getFirst();
            assertThat(member.failed()).isTrue();
            assertThat(member.lastError()).contains(topic + "-1").contains("cannot digest this");
            assertThat(us.group.awaitStable(Duration.ofSeconds(5))).isFalse();
            assertThat(lab.committed(group, topic))
                    .as("the healthy one is done, the poison is not")
                    .isEqualTo(Map.of(0, 1L, 1, 0L, 2, 0L, 3, 0L));
        }
    }

    @Test
    void newPartitionsAreFoundAndReadFromTheirBeginningByMembersThatFollow() throws Exception {
        String topic = lab.createTopic();
        String group = unique("grow");
        ConsumerConfig config = quick(group, topic)
                .autoOffsetReset(OffsetReset.LATEST)
                .metadataRefresh(Duration.ofSeconds(2))
                .build();
        try (var us = lab.party(config, new MemberCount.Auto(), (_, _) -> {})) {
            assertThat(us.group.awaitStable(Duration.ofSeconds(10))).isTrue();
            assertThat(us.group.snapshot().members()).hasSize(4);
            lab.growTopic(topic, 6);
            lab.produce(topic, 6, 0, 30);

            within(15).untilAsserted(() -> assertThat(us.owned()).containsExactly(0, 1, 2, 3, 4, 5));
            within(10).untilAsserted(() -> assertThat(us.values()).isEqualTo(numbers(30)));
            within(10)
                    .untilAsserted(() -> assertThat(us.group.snapshot().members())
                            .hasSize(6)
                            .allSatisfy(m -> assertThat(m.partitions()).hasSize(1)));
        }
    }

    @Test
    void nothingIsLostWhileMembersComeAndGo() throws Exception {
        letMembersComeAndGo();
    }

    final void letMembersComeAndGo() throws Exception {
        String topic = lab.createTopic();
        String group = unique("churn");
        ConsumerConfig config = quick(group, topic)
                .commitMode(CommitMode.EVERY_CHUNK)
                .maxPollRecords(7)
                .build();
        List<GroupLab.Party> all = new ArrayList<>();
        int produced = 0;
        try (var steady = lab.party(config, 1)) {
            all.add(steady);
            for (int round = 0; round < 4; round++) {
                var guest = lab.party(config, 2);
                all.add(guest);
                for (int i = 0; i < 10; i++) {
                    lab.produce(topic, produced, 40);
                    produced += 40;
                }
                within(25).untilAsserted(() -> assertThat(guest.owned()).isNotEmpty());
                if (round % 2 == 0) {
                    guest.close();
                } else {
                    guest.kill();
                }
            }
            int total = produced;
            within(30).untilAsserted(() -> {
                Set<Integer> got = new HashSet<>();
                all.forEach(p -> got.addAll(p.values()));
                assertThat(got).hasSize(total);
            });
            long each = produced / 4;
            within(20)
                    .untilAsserted(() -> assertThat(lab.committed(group, topic))
                            .isEqualTo(Map.of(0, each, 1, each, 2, each, 3, each)));
        }
    }

    static List<Integer> all(List<Integer> one, List<Integer> other) {
        List<Integer> both = new ArrayList<>(one);
        both.addAll(other);
        return both.stream().sorted().toList();
    }

    static Set<Integer> union(Set<Integer> one, Set<Integer> other) {
        Set<Integer> both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }
}
