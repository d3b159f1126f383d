package dev.kafkaloom.history;

import static dev.kafkaloom.history.Anomaly.Kind.ABORTED_READ;
import static dev.kafkaloom.history.Anomaly.Kind.COMMIT_AHEAD;
import static dev.kafkaloom.history.Anomaly.Kind.COMMIT_REWOUND;
import static dev.kafkaloom.history.Anomaly.Kind.DUPLICATE;
import static dev.kafkaloom.history.Anomaly.Kind.INCONSISTENT_OFFSETS;
import static dev.kafkaloom.history.Anomaly.Kind.LOST;
import static dev.kafkaloom.history.Anomaly.Kind.NONMONOTONIC_POLL;
import static dev.kafkaloom.history.Anomaly.Kind.NONMONOTONIC_SEND;
import static dev.kafkaloom.history.Anomaly.Kind.OWNED_TWICE;
import static dev.kafkaloom.history.Anomaly.Kind.PHANTOM;
import static dev.kafkaloom.history.Anomaly.Kind.POLL_SKIP;
import static dev.kafkaloom.history.Anomaly.Kind.REDELIVERED;
import static dev.kafkaloom.history.Anomaly.Kind.UNOWNED;
import static dev.kafkaloom.history.Anomaly.Kind.UNSEEN;
import static dev.kafkaloom.history.Anomaly.Kind.ZOMBIE_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each anomaly is found, and what only looks like it is not. */
class CheckerTest {

    /** Five records, all got and done by {@code a} in epoch 1. */
    private static Scene five() {
        return new Scene()
                .sentUpTo(5)
                .assigned("a", 1)
                .delivered("a", 1, LongStream.range(0, 5).toArray())
                .done("a", 1, 0, 4);
    }

    @Test
    void whatIsAsItShouldBeIsOk() {
        assertThat(five().committed(-1)
                        .committed(3)
                        .committed(5)
                        .rest()
                        .judged()
                        .anomalies())
                .isEmpty();
    }

    @Test
    void aRecordThatOthersWereGotAfterIsLost() {
        assertThat(new Scene()
                        .sentUpTo(5)
                        .delivered("a", 1, 0, 1)
                        .delivered("b", 1, 3, 4)
                        .judged()
                        .kinds())
                .containsOnly(LOST);
    }

    @Test
    void aRecordAfterTheLastThatWasGotIsUnseen() {
        assertThat(new Scene()
                        .sentUpTo(5)
                        .delivered("a", 1, 0, 1, 2, 3)
                        .judged()
                        .kinds())
                .containsOnly(UNSEEN);
    }

    @Test
    void aRecordThatNobodyGotOfATopicTheGroupIsAssignedIsUnseen() {
        assertThat(new Scene().sentUpTo(1).assigned("a", 1).judged().kinds()).containsOnly(UNSEEN);
    }

    @Test
    void aRecordThatWasNeverAcknowledgedButSeenByAnotherGroupIsOwedToo() {
        Scene scene = new Scene().sentUpTo(1).assigned("a", 1).delivered("a", 1, 0);
        History one = scene.history();
        var events = new ArrayList<>(one.events());
        events.add(new Event.Send(100, "p", "t", "perhaps"));
        events.add(new Event.Delivered(101, "other", "o", 1, "t", 0, 0, "v0"));
        events.add(new Event.Delivered(102, "other", "o", 1, "t", 0, 1, "perhaps"));
        assertThat(Checker.judge(new History(events)).anomalies())
                .singleElement()
                .satisfies(it -> assertThat(it.kind()).isEqualTo(UNSEEN))
                .satisfies(it -> assertThat(it.what()).startsWith("g: t-0@1, perhaps"));
    }

    @Test
    void aSendOfUnknownOutcomeThatNobodySawIsOwedByNobody() {
        Scene scene = five();
        var events = new ArrayList<>(scene.history().events());
        events.add(new Event.Send(100, "p", "t", "perhaps"));
        events.add(new Event.Perhaps(101, "p", "t", "perhaps"));
        assertThat(Checker.judge(new History(events)).anomalies()).isEmpty();
    }

    @Test
    void whatTheGroupDoesNotOweIsNotMissed() {
        Scene scene = new Scene()
                .sentUpTo(5)
                .owes(3)
                .assigned("a", 1)
                .delivered("a", 1, 3, 4)
                .done("a", 1, 3, 4);
        assertThat(scene.committed(3).committed(5).judged().anomalies()).isEmpty();
    }

    @Test
    void whatWasDeletedIsNotMissed() {
        Scene scene =
                new Scene().sentUpTo(5).assigned("a", 1).delivered("a", 1, 0).done("a", 1, 0, 0);
        scene.deleted(3).committed(3).delivered("a", 1, 3, 4);
        assertThat(scene.judged().anomalies()).isEmpty();
    }

    @Test
    void aValueThatNobodySentIsAPhantom() {
        assertThat(five().delivered("a", 1, 5, "bogus").judged().kinds()).containsOnly(PHANTOM);
    }

    @Test
    void aValueWhoseSendFailedMustNotBeGot() {
        Scene scene = five().sent(5, "aborted").failed("aborted").sent(6);
        assertThat(scene.delivered("a", 1, 6).judged().kinds()).as("not got").isEmpty();
        assertThat(scene.delivered("b", 1, 5, "aborted").judged().kinds()).containsOnly(ABORTED_READ);
    }

    @Test
    void oneValueAtTwoOffsetsIsADuplicate() {
        assertThat(five().delivered("a", 1, 5, "v4").judged().kinds()).containsOnly(DUPLICATE);
    }

    @Test
    void twoValuesAtOneOffsetAreInconsistent() {
        Scene scene = five().sent(5).delivered("a", 1, 5);
        assertThat(scene.judged().kinds()).isEmpty();
        assertThat(scene.delivered("b", 1, 4, "v5").judged().kinds()).contains(INCONSISTENT_OFFSETS);
    }

    @Test
    void afterAnUncleanElectionOffsetsMayBeGivenOutAgain() {
        Scene scene = new Scene().sentUpTo(5).delivered("a", 1, 0, 1, 2, 3, 4).truncated(3);
        scene.sent(3, "new").delivered("a", 1, 3, "new");
        assertThat(scene.judged().kinds()).isEmpty();
        assertThat(scene.sent(4, "newer").judged().kinds())
                .as("what was written after it is owed")
                .isEmpty();
        assertThat(scene.sent(5, "newest").judged().kinds()).containsOnly(UNSEEN);
    }

    @Test
    void whatAnUncleanElectionThrewAwayIsNotMissed() {
        assertThat(new Scene()
                        .sentUpTo(5)
                        .delivered("a", 1, 0, 1, 2)
                        .truncated(3)
                        .judged()
                        .kinds())
                .isEmpty();
    }

    @Test
    void laterSendsHaveHigherOffsets() {
        Scene scene = new Scene().sent(1).sent(0).delivered("a", 1, 0, 1);
        assertThat(scene.judged().kinds()).containsOnly(NONMONOTONIC_SEND);
    }

    @Test
    void theSameAgainInOneAssignmentGoesBack() {
        assertThat(five().delivered("a", 1, 4).judged().kinds()).containsOnly(NONMONOTONIC_POLL, REDELIVERED);
        assertThat(five().delivered("a", 2, 4).judged().kinds())
                .as("in another one")
                .containsOnly(REDELIVERED);
        assertThat(five().delivered("a", 2, 4).judged().isOk()).isTrue();
    }

    @Test
    void aMemberIsNotLedPastARecordThatSomebodyElseGot() {
        Scene scene = new Scene().sentUpTo(5).delivered("a", 1, 0, 1, 2).delivered("b", 1, 0, 1, 3, 4);
        assertThat(scene.judged().kinds()).containsOnly(POLL_SKIP, REDELIVERED);
    }

    @Test
    void gapsOfNothingAreNoSkips() {
        Scene scene = new Scene()
                .sent(0)
                .sent(7)
                .assigned("a", 1)
                .delivered("a", 1, 0, 7)
                .done("a", 1, 0, 7);
        assertThat(scene.committed(1).committed(8).committed(9).judged().kinds())
                .isEmpty();
    }

    @Test
    void afterASeekOffsetsMayJump() {
        Scene scene = five().committed(5)
                .sought(1)
                .delivered("a", 1, 1, 2)
                .done("a", 1, 1, 2)
                .committed(3);
        assertThat(scene.judged().kinds()).containsOnly(REDELIVERED);
    }

    @Test
    void noOffsetIsCommittedPastARecordThatWasNotGot() {
        Scene scene = new Scene()
                .sentUpTo(5)
                .assigned("a", 1)
                .delivered("a", 1, 0, 1)
                .done("a", 1, 0, 1)
                .committed(3);
        assertThat(scene.delivered("a", 1, 2, 3, 4).done("a", 1, 2, 4).judged().kinds())
                .containsOnly(COMMIT_AHEAD);
    }

    @Test
    void noOffsetIsCommittedPastARecordThatWasNotDone() {
        Scene scene = new Scene().sentUpTo(5).assigned("a", 1).delivered("a", 1, 0, 1, 2, 3, 4);
        assertThat(scene.done("a", 1, 1, 4).committed(5).judged().kinds()).containsOnly(COMMIT_AHEAD);
    }

    @Test
    void whatIsDoneOnceMayBeCommittedWhoeverGetsItAgain() {
        Scene scene = five().lost("a", 1).assigned("b", 2).committed(5).delivered("b", 2, 0, 1, 2, 3, 4);
        assertThat(scene.judged().kinds()).containsOnly(REDELIVERED);
    }

    @Test
    void whatWasDoneAfterThePartitionWasSomebodyElsesMustNotBeCommitted() {
        Scene scene = new Scene().sentUpTo(3).assigned("a", 1).delivered("a", 1, 0, 1, 2);
        scene.assigned("b", 2).done("a", 1, 0, 2).committed(3);
        assertThat(scene.delivered("b", 2, 0, 1, 2).done("b", 2, 0, 2).judged().kinds())
                .containsOnly(ZOMBIE_COMMIT, REDELIVERED);
    }

    @Test
    void theSameMemberInAnotherEpochIsAnother() {
        Scene scene = new Scene()
                .sentUpTo(3)
                .assigned("a", 1)
                .delivered("a", 1, 0, 1, 2)
                .lost("a", 1);
        assertThat(scene.assigned("a", 2)
                        .done("a", 1, 0, 2)
                        .committed(3)
                        .judged()
                        .kinds())
                .containsOnly(ZOMBIE_COMMIT);
    }

    @Test
    void aZombieThatDoesWhatItLikesIsNoAnomalyWhileNothingOfItIsCommitted() {
        Scene scene = new Scene().sentUpTo(3).assigned("a", 1).delivered("a", 1, 0, 1, 2);
        scene.assigned("b", 2).done("a", 1, 0, 2).committed(-1);
        assertThat(scene.delivered("b", 2, 0, 1, 2)
                        .done("b", 2, 0, 2)
                        .committed(3)
                        .judged()
                        .kinds())
                .containsOnly(REDELIVERED);
    }

    @Test
    void committedOffsetsDoNotGoBack() {
        assertThat(five().committed(5).committed(4).judged().kinds()).containsOnly(COMMIT_REWOUND);
        assertThat(five().committed(5).committed(-1).judged().kinds()).containsOnly(COMMIT_REWOUND);
    }

    @Test
    void atRestAPartitionHasOneOwner() {
        assertThat(five().assigned("b", 2).rest().judged().kinds()).containsOnly(OWNED_TWICE);
        assertThat(five().assigned("b", 2).lost("a", 1).rest().judged().kinds()).isEmpty();
        assertThat(five().assigned("b", 2).killed("a").rest().judged().kinds()).isEmpty();
        assertThat(five().assigned("a", 2).rest().judged().kinds()).isEmpty();
    }

    @Test
    void atRestNoPartitionIsWithoutAnOwner() {
        assertThat(five().revoked("a", 1).rest().judged().kinds()).containsOnly(UNOWNED);
        assertThat(five().killed("a").rest().judged().kinds()).containsOnly(UNOWNED);
        assertThat(five().revoked("a", 1).assigned("b", 2).rest().judged().kinds())
                .isEmpty();
    }
}
