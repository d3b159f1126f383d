package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.assignor.Assignors;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.OffsetCommitRequest;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the partitions of a member, of its listener and of its commits, when the group rebalances or the member loses it. */
@Timeout(30)
class GroupRebalanceTest {
    private final TopicPartition orders = new TopicPartition(ScriptedCoordinator.TOPIC, 0);
    private ScriptedCoordinator coordinator;

    @BeforeEach
    void start() throws IOException {
        coordinator = new ScriptedCoordinator("2.4.1");
    }

    @AfterEach
    void stop() throws IOException {
        coordinator.close();
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(Duration.ofSeconds(8)).pollInterval(Duration.ofMillis(5));
    }

    private static ConsumerConfig.Builder cooperative() {
        return ScriptedCoordinator.config().assignors(List.of(Assignors.named("cooperative-sticky")));
    }

    private ConsumerGroup startStable(ConsumerConfig config, RebalanceListener listener) throws InterruptedException {
        ConsumerGroup group = coordinator.start(config, listener);
        soon().untilAsserted(() -> assertThat(coordinator.handled).hasValue(3));
        assertThat(group.awaitStable(Duration.ofSeconds(8))).isTrue();
        return group;
    }

    /** Notes each call and waits for {@code gate} in {@code revoked}. */
    private static RebalanceListener noting(Queue<String> told, CountDownLatch gate) {
        return new RebalanceListener() {
            @Override
            public void assigned(Collection<TopicPartition> partitions, long epoch) {
                told.add("assigned " + partitions);
            }

            @Override
            public void revoked(Collection<TopicPartition> partitions, long epoch) throws InterruptedException {
                gate.await();
                told.add("revoked " + partitions);
            }

            @Override
            public void lost(Collection<TopicPartition> partitions, long epoch) {
                told.add("lost " + partitions);
            }
        };
    }

    private static CountDownLatch open() {
        return new CountDownLatch(0);
    }

    private List<Integer> generationsOfCommits() {
        return coordinator.commits().stream()
                .map(OffsetCommitRequest::generationIdOrMemberEpoch)
                .toList();
    }

    @Test
    void aKeptPartitionIsTheSameOneAfterTheRebalance() throws Exception {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        ConsumerGroup group = startStable(cooperative().build(), noting(told, open()));
        PartitionWork before = group.work(orders).orElseThrow();

        coordinator.next(ApiKey.HEARTBEAT, ErrorCode.REBALANCE_IN_PROGRESS);

        soon().untilAsserted(() -> assertThat(coordinator.syncs()).hasSize(2));
        soon().until(() -> group.snapshot().stable());
        assertThat(group.work(orders)).containsSame(before);
        assertThat(told).containsExactly("assigned [orders-0]");
        assertThat(coordinator.commits()).as("nothing had to be given back").isEmpty();
    }

    @Test
    void aCommitThatIsRefusedDuringARebalanceIsSentInTheNextGeneration() throws Exception {
        ConsumerGroup group = startStable(
                cooperative().autoCommitInterval(Duration.ofMillis(50)).build(), RebalanceListener.NONE);
        soon().untilAsserted(() -> assertThat(coordinator.commits()).hasSize(1));
        coordinator.next(ApiKey.OFFSET_COMMIT, ErrorCode.REBALANCE_IN_PROGRESS);
        Progress progress = group.work(orders).orElseThrow().progress();
        progress.skip(9, -1);
        soon().untilAsserted(() -> assertThat(coordinator.commits()).hasSizeGreaterThan(1));

        coordinator.next(ApiKey.HEARTBEAT, ErrorCode.REBALANCE_IN_PROGRESS);
        coordinator.next(ApiKey.OFFSET_COMMIT, ErrorCode.ILLEGAL_GENERATION);
        progress.skip(10, -1);

        soon().untilAsserted(() -> assertThat(progress.committed()).isEqualTo(10));
        assertThat(generationsOfCommits().getFirst()).isEqualTo(1);
        soon().until(() ->
                coordinator.member().generation() == 2 && group.snapshot().stable());
        progress.skip(11, -1);
        soon().untilAsserted(() -> assertThat(progress.committed()).isEqualTo(11));
        assertThat(generationsOfCommits().getLast()).isEqualTo(2);
        assertThat(group.snapshot().failed()).isZero();
    }

    @Test
    void aLostMembershipFencesWhatWasKeptAndTellsTheListener() throws Exception {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        ConsumerGroup group = startStable(cooperative().build(), noting(told, open()));
        Progress before = group.work(orders).orElseThrow().progress();

        coordinator.next(ApiKey.HEARTBEAT, ErrorCode.UNKNOWN_MEMBER_ID);

        soon().untilAsserted(() ->
                assertThat(told).containsExactly("assigned [orders-0]", "lost [orders-0]", "assigned [orders-0]"));
        assertThat(before.isFenced()).isTrue();
        assertThat(coordinator.commits()).isEmpty();
        soon().untilAsserted(() -> assertThat(group.work(orders)).isPresent());
        assertThat(group.work(orders).orElseThrow().progress().assignmentEpoch())
                .isGreaterThan(before.assignmentEpoch());
    }

    @Test
    void heartbeatsGoOnWhileTheListenerRunsAndTheCommitWaitsForIt() throws Exception {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        CountDownLatch gate = new CountDownLatch(1);
        startStable(ScriptedCoordinator.config().build(), noting(told, gate));

        coordinator.next(ApiKey.HEARTBEAT, ErrorCode.REBALANCE_IN_PROGRESS);
        soon().untilAsserted(() -> assertThat(coordinator.member().state()).isEqualTo("draining"));
        int beats = coordinator.heartbeats().size();
        soon().untilAsserted(() -> assertThat(coordinator.heartbeats().size()).isGreaterThan(beats + 3));
        assertThat(coordinator.commits()).isEmpty();
        assertThat(coordinator.joins()).hasSize(1);

        gate.countDown();
        soon().untilAsserted(() -> assertThat(coordinator.syncs()).hasSize(2));
        assertThat(generationsOfCommits()).containsExactly(1);
        soon().untilAsserted(() ->
                assertThat(told).containsExactly("assigned [orders-0]", "revoked [orders-0]", "assigned [orders-0]"));
    }

    @Test
    void aListenerThatThrowsFailsTheMemberVisibly() throws Exception {
        ConsumerGroup group = coordinator.start(ScriptedCoordinator.config().build(), new RebalanceListener() {
            @Override
            public void assigned(Collection<TopicPartition> partitions, long epoch) {
                throw new IllegalStateException("no room for these");
            }
        });

        soon().untilAsserted(() -> assertThat(coordinator.member().state()).isEqualTo("failed"));

        assertThat(coordinator.member().lastError())
                .contains("assigned([orders-0])")
                .contains("no room for these");
        assertThat(group.failure()).containsInstanceOf(ListenerFailed.class);
    }

    @Test
    void inManualModeOnlyTheProgramCommits() throws Exception {
        ConsumerGroup group = startStable(
                ScriptedCoordinator.config().commitMode(CommitMode.MANUAL).build(), RebalanceListener.NONE);
        coordinator.next(ApiKey.HEARTBEAT, ErrorCode.REBALANCE_IN_PROGRESS);
        soon().untilAsserted(() -> assertThat(coordinator.syncs()).hasSize(2));
        soon().until(() -> group.snapshot().stable());
        assertThat(coordinator.commits()).isEmpty();

        group.work(orders).orElseThrow().progress().skip(9, -1);
        group.commitNow(Duration.ofSeconds(5));

        assertThat(generationsOfCommits()).containsExactly(2);
    }

    @Test
    void aStaticMemberSaysItsNameEverywhereAndDoesNotLeave() throws Exception {
        startStable(ScriptedCoordinator.config().groupInstanceId("shelf").build(), RebalanceListener.NONE);

        coordinator.close();

        assertThat(coordinator.joins()).extracting(it -> it.groupInstanceId()).containsOnly("shelf-0");
        assertThat(coordinator.syncs()).extracting(it -> it.groupInstanceId()).containsOnly("shelf-0");
        assertThat(coordinator.heartbeats())
                .extracting(it -> it.groupInstanceId())
                .containsOnly("shelf-0");
        assertThat(coordinator.commits()).extracting(it -> it.groupInstanceId()).containsOnly("shelf-0");
        assertThat(coordinator.leaves()).isEmpty();
    }

    @Test
    void aStaticMemberWhoseNameIsTakenFailsAndThrowsNobodyOut() throws Exception {
        startStable(
                ScriptedCoordinator.config()
                        .groupInstanceId("shelf")
                        .leaveOnClose(LeaveOnClose.ALWAYS)
                        .build(),
                RebalanceListener.NONE);

        coordinator.next(ApiKey.HEARTBEAT, ErrorCode.FENCED_INSTANCE_ID);

        soon().untilAsserted(() -> assertThat(coordinator.member().state()).isEqualTo("failed"));
        assertThat(coordinator.member().lastError()).contains("shelf-0").contains("FENCED_INSTANCE_ID");
        assertThat(coordinator.joins()).hasSize(1);
        assertThat(coordinator.leaves()).isEmpty();
    }
}
