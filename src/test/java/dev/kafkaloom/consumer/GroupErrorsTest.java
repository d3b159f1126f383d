package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.assignor.Assignor;
import dev.kafkaloom.consumer.assignor.Subscriber;
import dev.kafkaloom.consumer.assignor.Topics;
import dev.kafkaloom.fake.Received;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a member does about each error of its coordinator. */
@Timeout(30)
class GroupErrorsTest {
    private ScriptedCoordinator coordinator;

    private void on(String release) throws IOException {
        coordinator = new ScriptedCoordinator(release);
    }

    @AfterEach
    void stop() throws IOException {
        coordinator.close();
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(Duration.ofSeconds(8)).pollInterval(Duration.ofMillis(5));
    }

    private void startStable() throws InterruptedException {
        ConsumerGroup group = coordinator.start(ScriptedCoordinator.config().build());
        assertThat(group.awaitStable(Duration.ofSeconds(8))).isTrue();
        soon().untilAsserted(() -> assertThat(coordinator.handled).hasValue(3));
    }

    @Test
    void joinsAgainAtOnceWithTheIdItWasGiven() throws Exception {
        on("2.3.1");
        coordinator.next(ApiKey.JOIN_GROUP, ErrorCode.MEMBER_ID_REQUIRED);

        startStable();

        assertThat(coordinator.joins()).extracting(j -> j.memberId()).containsExactly("", ScriptedCoordinator.MEMBER);
        assertThat(coordinator.joins().getFirst().sessionTimeoutMs()).isEqualTo(1500);
        assertThat(coordinator.joins().getFirst().rebalanceTimeoutMs()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {
                "COORDINATOR_LOAD_IN_PROGRESS",
                "COORDINATOR_NOT_AVAILABLE",
                "NOT_COORDINATOR",
                "REBALANCE_IN_PROGRESS",
                "UNKNOWN_SERVER_ERROR"
            })
    void triesToJoinUntilTheCoordinatorIsThere(ErrorCode passing) throws Exception {
        on("2.3.1");
        coordinator.next(ApiKey.JOIN_GROUP, passing, passing, passing);

        startStable();

        assertThat(coordinator.joins()).hasSize(4);
        boolean lookedAgain =
                coordinator.broker.received(ApiKey.FIND_COORDINATOR).size() > 1;
        assertThat(lookedAgain)
                .isEqualTo(passing == ErrorCode.COORDINATOR_NOT_AVAILABLE || passing == ErrorCode.NOT_COORDINATOR);
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {
                "INCONSISTENT_GROUP_PROTOCOL",
                "FENCED_INSTANCE_ID",
                "GROUP_AUTHORIZATION_FAILED",
                "INVALID_SESSION_TIMEOUT",
                "GROUP_MAX_SIZE_REACHED",
                "INVALID_GROUP_ID"
            })
    void givesUpForGoodOnWhatCannotHeal(ErrorCode fatal) throws Exception {
        on("2.3.1");
        coordinator.next(ApiKey.JOIN_GROUP, fatal);
        coordinator.start(ScriptedCoordinator.config().build());

        soon().untilAsserted(() -> assertThat(coordinator.member().state()).isEqualTo("failed"));

        assertThat(coordinator.member().failed()).isTrue();
        assertThat(coordinator.member().lastError()).contains(fatal.name()).contains("join in group g");
        assertThat(coordinator.joins()).hasSize(1);
    }

    @Test
    void anErrorOfAnAssignorFailsTheMemberVisibly() throws Exception {
        on("2.3.1");
        Assignor broken = new Assignor() {
            @Override
            public String name() {
                return "range";
            }

            @Override
            public Map<String, List<TopicPartition>> assign(Topics topics, List<Subscriber> members) {
                throw new NoClassDefFoundError("its library");
            }
        };
        ConsumerGroup group = coordinator.start(
                ScriptedCoordinator.config().assignors(List.of(broken)).build());

        soon().untilAsserted(() -> assertThat(coordinator.member().state()).isEqualTo("failed"));

        assertThat(group.failure().orElseThrow()).hasRootCauseInstanceOf(NoClassDefFoundError.class);
        assertThat(coordinator.member().lastError()).contains("its library");
    }

    @Test
    void saysWhichSettingTheSessionTimeoutIs() throws Exception {
        on("2.3.1");
        coordinator.next(ApiKey.JOIN_GROUP, ErrorCode.INVALID_SESSION_TIMEOUT);
        coordinator.start(ScriptedCoordinator.config().build());

        soon().untilAsserted(() ->
                assertThat(coordinator.member().lastError()).contains("1500 ms").contains("group.keep.session.max.ms"));
    }

    @Test
    void anIdThatIsUnknownWhileJoiningIsForgotten() throws Exception {
        on("2.3.1");
        coordinator.next(ApiKey.JOIN_GROUP, ErrorCode.MEMBER_ID_REQUIRED, ErrorCode.UNKNOWN_MEMBER_ID);

        startStable();

        assertThat(coordinator.joins())
                .extracting(j -> j.memberId())
                .containsExactly("", ScriptedCoordinator.MEMBER, "");
    }

    @Test
    void rejoinsWithItsIdWhenTheRebalanceStartsOverDuringSync() throws Exception {
        on("2.3.1");
        coordinator.next(ApiKey.SYNC_GROUP, ErrorCode.REBALANCE_IN_PROGRESS);

        startStable();

        assertThat(coordinator.joins()).extracting(j -> j.memberId()).containsExactly("", ScriptedCoordinator.MEMBER);
        assertThat(coordinator.syncs()).extracting(s -> s.generationId()).containsExactly(1, 2);
    }

    @Test
    void beforeItRejoinsItCommitsWhatIsDoneInTheOldGeneration() throws Exception {
        on("2.3.1");
        startStable();

        coordinator.next(ApiKey.HEARTBEAT, ErrorCode.REBALANCE_IN_PROGRESS);

        soon().untilAsserted(() -> assertThat(coordinator.syncs()).hasSize(2));
        assertThat(coordinator.joins()).extracting(j -> j.memberId()).containsExactly("", ScriptedCoordinator.MEMBER);
        OffsetCommitRequest commit = coordinator.commits().getFirst();
        assertThat(commit.generationIdOrMemberEpoch()).isEqualTo(1);
        assertThat(commit.topics().getFirst().partitions().getFirst().committedOffset())
                .isEqualTo(8);
        List<ApiKey> order = coordinator.broker.received().stream()
                .map(Received::api)
                .filter(api -> api == ApiKey.OFFSET_COMMIT || api == ApiKey.JOIN_GROUP)
                .toList();
        assertThat(order).startsWith(ApiKey.JOIN_GROUP, ApiKey.OFFSET_COMMIT, ApiKey.JOIN_GROUP);
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION"})
    void aLostSessionCommitsNothingMoreAndJoinsAgain(ErrorCode lost) throws Exception {
        on("2.3.1");
        startStable();

        coordinator.next(ApiKey.HEARTBEAT, lost);

        soon().untilAsserted(() -> assertThat(coordinator.joins()).hasSize(2));
        assertThat(coordinator.commits())
                .as("the partitions are somebody else's")
                .isEmpty();
        String again = lost == ErrorCode.UNKNOWN_MEMBER_ID ? "" : ScriptedCoordinator.MEMBER;
        assertThat(coordinator.joins().getLast().memberId()).isEqualTo(again);
    }

    @Test
    void aCoordinatorThatMovesIsLookedForWithoutARebalance() throws Exception {
        on("2.3.1");
        startStable();
        int looked = coordinator.broker.received(ApiKey.FIND_COORDINATOR).size();

        coordinator.next(ApiKey.HEARTBEAT, ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_NOT_AVAILABLE);

        soon().untilAsserted(() -> assertThat(
                        coordinator.broker.received(ApiKey.FIND_COORDINATOR).size())
                .isGreaterThan(looked + 1));
        int beats = coordinator.heartbeats().size();
        soon().untilAsserted(() -> assertThat(coordinator.heartbeats().size()).isGreaterThan(beats + 2));
        assertThat(coordinator.joins()).hasSize(1);
        assertThat(coordinator.member().state()).isEqualTo("stable");
    }

    @Test
    void aBrokenConnectionIsReplacedWithoutARebalance() throws Exception {
        on("2.3.1");
        startStable();
        int beats = coordinator.heartbeats().size();

        coordinator.broker.closeConnections();

        soon().untilAsserted(() -> assertThat(coordinator.heartbeats().size()).isGreaterThan(beats + 3));
        assertThat(coordinator.joins()).hasSize(1);
    }

    @Test
    void unansweredForAWholeSessionItJoinsAgain() throws Exception {
        on("2.3.1");
        startStable();

        coordinator.broker.drop(ApiKey.HEARTBEAT);

        soon().untilAsserted(() -> assertThat(coordinator.joins()).hasSizeGreaterThan(1));
        assertThat(coordinator.joins().getLast().reason())
                .as("not sent before v8")
                .isNull();
        assertThat(coordinator.joins().getLast().memberId()).isEqualTo(ScriptedCoordinator.MEMBER);
        coordinator.broker.heal(ApiKey.HEARTBEAT);
        soon().untilAsserted(() -> assertThat(coordinator.member().state()).isEqualTo("stable"));
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR", "UNKNOWN_TOPIC_OR_PARTITION"})
    void aCommitThatDoesNotGoThroughIsSentAgain(ErrorCode passing) throws Exception {
        on("2.3.1");
        startStable();

        coordinator.next(ApiKey.OFFSET_COMMIT, passing, passing, ErrorCode.NONE);
        coordinator.next(ApiKey.HEARTBEAT, ErrorCode.REBALANCE_IN_PROGRESS);

        soon().untilAsserted(() -> assertThat(coordinator.commits()).hasSize(3));
        assertThat(coordinator.member().failed()).isFalse();
    }

    @Test
    void aCommitThatIsNotAllowedFailsTheMember() throws Exception {
        on("2.3.1");
        ConsumerGroup group = coordinator.start(ScriptedCoordinator.config()
                .commitMode(CommitMode.EVERY_ADVANCE)
                .build());
        coordinator.next(
                ApiKey.OFFSET_COMMIT,
                ErrorCode.GROUP_AUTHORIZATION_FAILED,
                ErrorCode.GROUP_AUTHORIZATION_FAILED,
                ErrorCode.GROUP_AUTHORIZATION_FAILED);

        soon().untilAsserted(() -> assertThat(group.snapshot().failed()).isEqualTo(1));
        assertThat(coordinator.member().lastError())
                .contains("GROUP_AUTHORIZATION_FAILED")
                .contains("orders-0");
    }

    @Test
    void saysGoodByeWithItsId() throws Exception {
        on("2.4.1");
        startStable();

        coordinator.close();

        assertThat(coordinator.leaves())
                .singleElement()
                .satisfies(leave ->
                        assertThat(leave.members().getFirst().memberId()).isEqualTo(ScriptedCoordinator.MEMBER));
        assertThat(coordinator.commits()).isNotEmpty();
        assertThat(coordinator.member().state()).isEqualTo("left");
    }

    @Test
    void closingDoesNotWaitForAJoinThatIsHeld() throws Exception {
        on("2.3.1");
        coordinator.next(ApiKey.JOIN_GROUP, ErrorCode.MEMBER_ID_REQUIRED);
        coordinator.start(ScriptedCoordinator.config().build());
        soon().untilAsserted(() -> assertThat(coordinator.joins()).isNotEmpty());
        coordinator.broker.drop(ApiKey.JOIN_GROUP);
        coordinator.next(ApiKey.HEARTBEAT, ErrorCode.REBALANCE_IN_PROGRESS);
        soon().untilAsserted(() -> assertThat(coordinator.member().state()).isEqualTo("joining"));

        long begun = System.nanoTime();
        coordinator.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
        assertThat(coordinator.leaves())
                .as("over a connection that the held join does not occupy")
                .hasSize(1);
    }

    @Test
    void anOldBrokerGetsTheFormsItKnows() throws Exception {
        on("0.9.0.1");
        coordinator.start(ScriptedCoordinator.config()
                .sessionTimeout(Duration.ofSeconds(45))
                .build());
        soon().untilAsserted(() -> assertThat(coordinator.member().state()).isEqualTo("stable"));

        coordinator.close();

        assertThat(coordinator.joins().getFirst().sessionTimeoutMs())
                .as("what brokers before 0.10.1 allow at most")
                .isEqualTo(30_000);
        assertThat(coordinator.broker.received(ApiKey.JOIN_GROUP))
                .extracting(Received::version)
                .containsOnly((short) 0);
        assertThat(coordinator.leaves().getFirst().memberId()).isEqualTo(ScriptedCoordinator.MEMBER);
        assertThat(coordinator.broker.received(ApiKey.OFFSET_FETCH))
                .extracting(Received::version)
                .containsOnly((short) 1);
    }
}
