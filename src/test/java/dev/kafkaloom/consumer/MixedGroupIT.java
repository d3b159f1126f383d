package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.GroupBehaviour.all;
import static dev.kafkaloom.consumer.GroupBehaviour.numbers;
import static dev.kafkaloom.consumer.GroupBehaviour.union;
import static dev.kafkaloom.consumer.GroupBehaviour.within;
import static dev.kafkaloom.consumer.GroupLab.quick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.assignor.Assignors;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One group with members of ours and of other clients, whoever leads it. */
@Timeout(90)
@ExtendWith(Evidence.class)
class MixedGroupIT {

    @Test
    void theJavaClientTakesPartInAGroupThatWeLead() throws Exception {
        try (GroupLab lab = new GroupLab(RealBroker.NEWEST)) {
            String topic = lab.createTopic();
            String group = RealBroker.unique("mixed");
            lab.produce(topic, 0, 100);
            try (var ours = lab.party(quick(group, topic).build(), 1)) {
                assertThat(ours.group.awaitStable(Duration.ofSeconds(20))).isTrue();
                try (Stranger theirs = new JavaStranger(lab, group, topic, "range")) {
                    shareAndConsume(lab, topic, ours, theirs);
                    assertThat(ours.group.snapshot().members().getFirst().leader())
                            .isTrue();
                }
                within(15).untilAsserted(() -> assertThat(ours.owned()).containsExactly(0, 1, 2, 3));
            }
        }
    }

    @Test
    void weTakePartInAGroupThatTheJavaClientLeads() throws Exception {
        try (GroupLab lab = new GroupLab(RealBroker.NEWEST)) {
            String topic = lab.createTopic();
            String group = RealBroker.unique("mixed");
            lab.produce(topic, 0, 100);
            try (Stranger theirs = new JavaStranger(lab, group, topic, "range")) {
                within(20).untilAsserted(() -> assertThat(theirs.owned()).hasSize(4));
                try (var ours = lab.party(quick(group, topic).build(), 1)) {
                    shareAndConsume(lab, topic, ours, theirs);
                    assertThat(ours.group.snapshot().members().getFirst().leader())
                            .isFalse();
                }
                within(15).untilAsserted(() -> assertThat(theirs.owned()).containsExactly(0, 1, 2, 3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RealBroker.NEWEST, RealBroker.OLDEST})
    void librdkafkaAndWeShareAGroup(String release) throws Exception {
        KcatStranger.assumeInstalled();
        try (GroupLab lab = new GroupLab(release)) {
            String topic = lab.createTopic();
            String group = RealBroker.unique("mixed");
            lab.produce(topic, 0, 100);
            try (var ours = lab.party(quick(group, topic).build(), 1)) {
                assertThat(ours.group.awaitStable(Duration.ofSeconds(20))).isTrue();
                try (Stranger theirs = new KcatStranger(lab, group, topic, "range")) {
                    shareAndConsume(lab, topic, ours, theirs);
                }
                within(15).untilAsserted(() -> assertThat(ours.owned()).containsExactly(0, 1, 2, 3));
            }
        }
    }

    /** A member that joins takes two of four; the other two are never given back, whoever leads. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCooperativeGroupMovesOnlyWhatItMust(boolean weLead) throws Exception {
        try (GroupLab lab = new GroupLab(RealBroker.NEWEST)) {
            String topic = lab.createTopic();
            String group = RealBroker.unique("cooperative");
            ConsumerConfig config = with(group, topic, "cooperative-sticky");
            GroupLab.Party leader = weLead ? lab.party(config, 1) : null;
            if (weLead) {
                assertThat(leader.group.awaitStable(Duration.ofSeconds(20))).isTrue();
            }
            try (Stranger theirs = new JavaStranger(lab, group, topic, "cooperative-sticky")) {
                within(20).untilAsserted(() -> assertThat(theirs.owned()).hasSize(weLead ? 2 : 4));
                try (var ours = weLead ? leader : lab.party(config, 1)) {
                    lab.produce(topic, 0, 100);
                    shareAndConsume(lab, topic, ours, theirs);
                    assertThat(ours.group.snapshot().members().getFirst().leader())
                            .isEqualTo(weLead);
                    assertThat(theirs.revoked()).hasSize(weLead ? 0 : 2);
                }
                within(15).untilAsserted(() -> assertThat(theirs.owned()).containsExactly(0, 1, 2, 3));
            }
        }
    }

    @Test
    void threeClientsShareACooperativeGroup() throws Exception {
        KcatStranger.assumeInstalled();
        try (GroupLab lab = new GroupLab(RealBroker.NEWEST)) {
            String topic = lab.createTopic();
            String group = RealBroker.unique("cooperative");
            lab.produce(topic, 0, 100);
            try (Stranger kcat = new KcatStranger(lab, group, topic, "cooperative-sticky");
                    var ours = lab.party(with(group, topic, "cooperative-sticky"), 1);
                    Stranger java = new JavaStranger(lab, group, topic, "cooperative-sticky")) {
                within(30).untilAsserted(() -> {
                    assertThat(List.of(
                                    ours.owned().size(),
                                    java.owned().size(),
                                    kcat.owned().size()))
                            .containsExactlyInAnyOrder(1, 1, 2);
                    assertThat(all(all(ours.owned(), java.owned()), kcat.owned()))
                            .containsExactly(0, 1, 2, 3);
                });
                lab.produce(topic, 100, 100);
                within(15)
                        .untilAsserted(() -> assertThat(union(union(ours.values(), java.values()), kcat.values()))
                                .isEqualTo(numbers(200)));
            }
        }
    }

    /** KIP-429's two bounces: first everybody gets the new assignor beside the old one, then the old one goes. Records flow meanwhile. */
    @Test
    void aGroupIsUpgradedToCooperativeMemberByMember() throws Exception {
        try (GroupLab lab = new GroupLab(RealBroker.NEWEST)) {
            String topic = lab.createTopic();
            String group = RealBroker.unique("upgrade");
            List<String[]> steps =
                    List.of(new String[] {"range"}, new String[] {"cooperative-sticky", "range"}, new String[] {
                        "cooperative-sticky"
                    });
            Set<Integer> values = new HashSet<>();
            GroupLab.Party ours = lab.party(with(group, topic, steps.getFirst()), 1);
            Stranger theirs = new JavaStranger(lab, group, topic, steps.getFirst());
            int sent = 0;
            for (String[] step : steps) {
                if (sent > 0) { // the first ones are there
                    ours.close();
                    values.addAll(ours.values());
                    ours = lab.party(with(group, topic, step), 1);
                    settle(ours, theirs);
                    theirs.close();
                    values.addAll(theirs.values());
                    theirs = new JavaStranger(lab, group, topic, step);
                }
                lab.produce(topic, sent, 100);
                sent += 100;
                settle(ours, theirs);
            }
            GroupLab.Party lastOfOurs = ours;
            Stranger lastOfTheirs = theirs;
            int all = sent;
            within(15)
                    .untilAsserted(() -> assertThat(union(values, union(lastOfOurs.values(), lastOfTheirs.values())))
                            .isEqualTo(numbers(all)));
            theirs.close();
            within(15).untilAsserted(() -> assertThat(lastOfOurs.owned()).containsExactly(0, 1, 2, 3));
        }
    }

    private static void settle(GroupLab.Party ours, Stranger theirs) {
        within(20).untilAsserted(() -> {
            assertThat(ours.owned()).hasSize(2);
            assertThat(all(ours.owned(), theirs.owned())).containsExactly(0, 1, 2, 3);
        });
    }

    private static ConsumerConfig with(String group, String topic, String... assignors) {
        return quick(group, topic)
                .assignors(Arrays.stream(assignors).map(Assignors::named).toList())
                .build();
    }

    private static void shareAndConsume(GroupLab lab, String topic, GroupLab.Party ours, Stranger theirs)
            throws InterruptedException {
        within(20).untilAsserted(() -> {
            assertThat(ours.owned()).hasSize(2);
            assertThat(all(ours.owned(), theirs.owned())).containsExactly(0, 1, 2, 3);
        });
        lab.produce(topic, 100, 100);
        within(15)
                .untilAsserted(
                        () -> assertThat(union(ours.values(), theirs.values())).isEqualTo(numbers(200)));
        assertThat(theirs.rebalances()).isPositive();
    }
}
