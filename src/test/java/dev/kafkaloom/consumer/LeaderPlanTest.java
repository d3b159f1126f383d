package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.PartitionInfo;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.consumer.assignor.Assignor;
import dev.kafkaloom.consumer.assignor.Subscriber;
import dev.kafkaloom.consumer.assignor.Topics;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeaderPlanTest {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final TopicPartition ZERO = new TopicPartition("orders", 0);
    private static final TopicPartition ONE = new TopicPartition("orders", 1);
    private static final Map<String, Integer> COUNTS = Map.of("orders", 2, "late", 0);
    private final LeaderPlan plan = new LeaderPlan(Map.of(), COUNTS, List.of("a"), THEN);
    private final Assignor custom = new Assignor() {
        @Override
        public String name() {
            return "mine";
        }

        @Override
        public Map<String, List<TopicPartition>> assign(Topics topics, List<Subscriber> members) {
            throw new UnsupportedOperationException();
        }
    };

    private static TopicInfo topic(String name, ErrorCode error, int partitions) {
        List<PartitionInfo> all = IntStream.range(0, partitions)
                .mapToObj(p -> new PartitionInfo(p, 0, 0, List.of(0), List.of(0), ErrorCode.NONE))
                .toList();
        return new TopicInfo(name, Uuid.ZERO, false, error, all);
    }

    private static Cluster later(TopicInfo... topics) {
        return at(THEN.plusSeconds(1), topics);
    }

    private static Cluster at(Instant loadedAt, TopicInfo... topics) {
        Map<String, TopicInfo> byName =
                Arrays.stream(topics).collect(Collectors.toMap(TopicInfo::name, Function.identity()));
        return new Cluster("c", 0, Map.of(), Map.of(), byName, 1, loadedAt);
    }

    private static TopicInfo orders(int partitions) {
        return topic("orders", ErrorCode.NONE, partitions);
    }

    private static Subscriber owner(String memberId, TopicPartition... owned) {
        return new Subscriber(memberId, null, List.of("orders"), List.of(owned), 1, null, null);
    }

    @Test
    void growthCreationAndDeletionAreReasonsToDivideAnew() {
        assertThat(plan.change(later(orders(2)))).isEmpty();
        assertThat(plan.change(later(orders(3)))).isEqualTo("topic orders went from 2 to 3 partitions");
        assertThat(plan.change(later(orders(2), topic("late", ErrorCode.NONE, 1))))
                .isEqualTo("topic late is there now");
        assertThat(plan.change(later())).isEqualTo("topic orders is gone");
    }

    @Test
    void whatMetadataCannotSayJustNowIsNoReason() {
        assertThat(plan.change(later(topic("orders", ErrorCode.LEADER_NOT_AVAILABLE, 0))))
                .isEmpty();
        assertThat(plan.change(at(THEN.minusSeconds(1), orders(1))))
                .as("older than what the plan is based on")
                .isEmpty();
    }

    @Test
    void anAssignorThatGivesAPartitionTwiceIsNamed() {
        assertThatThrownBy(() -> LeaderPlan.check(
                        custom,
                        COUNTS,
                        List.of(owner("a"), owner("b")),
                        Map.of("a", List.of(ZERO), "b", List.of(ZERO))))
                .hasMessageContaining("'mine' gave orders-0");
    }

    @Test
    void anAssignorThatMovesAPartitionWhichItsOwnerStillHasIsNamed() {
        List<Subscriber> members = List.of(owner("a", ZERO, ONE), owner("b"));

        assertThatThrownBy(
                        () -> LeaderPlan.check(custom, COUNTS, members, Map.of("a", List.of(ZERO), "b", List.of(ONE))))
                .hasMessageContaining("'mine' moved orders-1 from a to b at once");
        assertThatCode(() -> LeaderPlan.check(custom, COUNTS, members, Map.of("a", List.of(ZERO), "b", List.of())))
                .as("to nobody first")
                .doesNotThrowAnyException();
    }

    @Test
    void anAssignorThatReturnsWhatNobodyCanReadIsNamed() {
        assertRefused(null, "'mine' returned null");
        assertRefused(Map.of("stranger", List.of(ZERO)), "'mine' names a member that there is not: stranger");
        assertRefused(Collections.singletonMap("a", null), "'mine' gave null to a");
        assertRefused(Map.of("a", Collections.singletonList(null)), "'mine' gave null for a partition to a");
        assertRefused(Map.of("a", List.of(new TopicPartition("orders", 2))), "'mine' gave orders-2 to a");
        assertRefused(Map.of("a", List.of(new TopicPartition("late", 0))), "'mine' gave late-0 to a");
        assertRefused(Map.of("a", List.of(new TopicPartition("other", 0))), "'mine' gave other-0 to a");
        assertThatCode(() -> LeaderPlan.check(custom, COUNTS, List.of(owner("a")), Map.of()))
                .as("it may hold everything back")
                .doesNotThrowAnyException();
    }

    private void assertRefused(Map<String, List<TopicPartition>> result, String why) {
        assertThatThrownBy(() -> LeaderPlan.check(custom, COUNTS, List.of(owner("a")), result))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(why);
    }
}
