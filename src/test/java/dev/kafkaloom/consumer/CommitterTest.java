package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CommitterTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Membership ME = new Membership("me", 3);
    private final Progress progress = new Progress(new TopicPartition(ScriptedCoordinator.TOPIC, 0), 1, 5);
    private ScriptedCoordinator coordinator;

    @BeforeEach
    void start() throws IOException {
        coordinator = new ScriptedCoordinator("2.3.1");
    }

    @AfterEach
    void stop() throws IOException {
        coordinator.close();
    }

    private Committer committer(Duration refreshAll) {
        ConsumerConfig config = ScriptedCoordinator.config().build();
        Committer committer =
                new Committer(new OffsetCommits(coordinator.client, "g"), config, "test", refreshAll, _ -> {});
        committer.follow(ME, List.of(progress));
        return committer;
    }

    private void finish(long first, long next) {
        progress.delivered(first, next);
        progress.done(first, next);
    }

    @Test
    void commitsThePrefixAsTheMemberItIs() throws Exception {
        finish(5, 8);
        progress.delivered(8, 9);

        committer(Duration.ofHours(1)).commitNow(SECOND);

        assertThat(coordinator.commits()).singleElement().satisfies(commit -> {
            assertThat(commit.memberId()).isEqualTo("me");
            assertThat(commit.generationIdOrMemberEpoch()).isEqualTo(3);
            assertThat(commit.topics().getFirst().partitions().getFirst().committedOffset())
                    .isEqualTo(8);
        });
        assertThat(progress.committed()).isEqualTo(8);
    }

    @Test
    void whatHasNotMovedIsNotSent() throws Exception {
        Committer committer = committer(Duration.ofHours(1));
        finish(5, 8);

        committer.commitNow(SECOND);
        committer.commitNow(SECOND);

        assertThat(coordinator.commits()).hasSize(1);
    }

    @Test
    void nowAndThenEverythingIsCommittedAgainBecauseOldBrokersForget() throws Exception {
        Committer committer = committer(Duration.ofNanos(1));

        committer.commitNow(SECOND);

        assertThat(coordinator.commits())
                .singleElement()
                .satisfies(commit -> assertThat(commit.topics()
                                .getFirst()
                                .partitions()
                                .getFirst()
                                .committedOffset())
                        .isEqualTo(5));
    }

    @Test
    void whatWasTakenAwayIsNeverCommitted() throws Exception {
        finish(5, 8);
        progress.fence();

        committer(Duration.ofNanos(1)).commitNow(SECOND);

        assertThat(coordinator.commits()).isEmpty();
    }

    @Test
    void atRestItCommitsNothing() throws Exception {
        Committer committer = committer(Duration.ofNanos(1));
        finish(5, 8);
        committer.rest();

        committer.commitNow(SECOND);

        assertThat(coordinator.commits()).isEmpty();
    }

    @Test
    void aRefusalLeavesTheOffsetUncommitted() {
        Committer committer = committer(Duration.ofHours(1));
        finish(5, 8);
        coordinator.next(ApiKey.OFFSET_COMMIT, ErrorCode.OFFSET_METADATA_TOO_LARGE);

        assertThatThrownBy(() -> committer.commitNow(SECOND))
                .isInstanceOf(KafkaException.BrokerError.class)
                .hasMessageContaining("commit of orders-0 in group g");
        assertThat(progress.needsCommit()).isTrue();
    }

    @Test
    void aPartitionThatWasDeletedIsNotWaitedFor() {
        Progress deleted = new Progress(new TopicPartition(ScriptedCoordinator.TOPIC, 7), 1, 5);
        deleted.skip(6, -1);
        Committer committer = committer(Duration.ofHours(1));
        committer.follow(ME, List.of(deleted));
        coordinator.next(
                ApiKey.OFFSET_COMMIT,
                Collections.nCopies(100, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION).toArray(ErrorCode[]::new));

        long begun = System.nanoTime();
        assertThatThrownBy(() -> committer.commitNow(Duration.ofSeconds(15)))
                .hasMessageContaining("orders-7")
                .hasMessageContaining("UNKNOWN_TOPIC_OR_PARTITION");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void anAnswerThatNeverComesEndsInTime() {
        Committer committer = committer(Duration.ofHours(1));
        finish(5, 8);
        coordinator.broker.drop(ApiKey.OFFSET_COMMIT);

        long begun = System.nanoTime();
        assertThatThrownBy(() -> committer.commitNow(Duration.ofMillis(500))).isInstanceOf(KafkaException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    }
}
