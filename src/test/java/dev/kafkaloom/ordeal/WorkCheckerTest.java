package dev.kafkaloom.ordeal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.ordeal.WorkRules.Order;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each thing that must not be is found, and what only looks like it is not. */
class WorkCheckerTest {

    /** Five records, all done by {@code a}. */
    private static WorkScene five() {
        return new WorkScene().log(5).started("a").done("a", 0, 1, 2, 3, 4);
    }

    @Test
    void whatIsAsItShouldBeIsOk() throws IOException {
        WorkVerdict verdict = five().acknowledged(4).committed(5).judged();
        assertThat(verdict.isOk()).as(verdict.toString()).isTrue();
        assertThat(verdict.line())
                .isEqualTo("ok; 5 records, 5 done, 0 dead letters, 0 times refused,"
                        + " 0 done again (most after one of 0 kills: 0), 1 commits seen");
    }

    @Test
    void aRecordThatWasNeverDoneIsLost() throws IOException {
        WorkScene scene =
                new WorkScene().log(5).done("a", 0, 1, 3, 4).begun("a", 2).ended("a", 2, "retry");
        assertThat(scene.judged().kinds()).containsOnly(Wrong.LOST);
    }

    @Test
    void aRecordThatNobodyGotIsLost() throws IOException {
        assertThat(new WorkScene().log(5).done("a", 0, 1, 2, 3).judged().kinds())
                .containsOnly(Wrong.LOST);
    }

    @Test
    void aDeadLetterIsNotLost() throws IOException {
        WorkScene scene = new WorkScene().log(3).done("a", 0).begun("a", 1).ended("a", 1, "reject");
        assertThat(scene.done("a", 2).judged().kinds()).as("before").containsOnly(Wrong.LOST);
        assertThat(scene.dead(1).judged().kinds()).isEmpty();
    }

    @Test
    void aRecordThatWasAcknowledgedAndIsNotInTheLogIsTheBrokersFault() throws IOException {
        assertThat(five().acknowledged(5).judged().kinds()).containsOnly(Wrong.LOG_LOST);
    }

    @Test
    void aRecordThatIsNotInTheLogIsAPhantom() throws IOException {
        assertThat(five().done("a", 7).judged().kinds()).containsOnly(Wrong.PHANTOM);
        assertThat(five().dead(7).judged().kinds()).containsOnly(Wrong.PHANTOM);
    }

    @Test
    void aRecordOfAnotherContentIsMangled() throws IOException {
        assertThat(five().begun("a", 4, 17).ended("a", 4, "done").judged().kinds())
                .containsOnly(Wrong.MANGLED);
        assertThat(five().dead(4, 17).judged().kinds()).containsOnly(Wrong.MANGLED);
    }

    @Test
    void aRecordDoneBeforeItsPredecessorIsOutOfOrder() throws IOException {
        assertThat(new WorkScene().log(3).done("a", 0, 2, 1).judged().kinds()).containsOnly(Wrong.OUT_OF_ORDER);
    }

    @Test
    void aRecordBegunBeforeItsPredecessorIsDoneIsEarly() throws IOException {
        WorkScene scene = new WorkScene().log(2).begun("a", 0).begun("b", 1);
        assertThat(scene.ended("a", 0, "done").ended("b", 1, "done").judged().kinds())
                .containsOnly(Wrong.BEGUN_EARLY);
    }

    @Test
    void aRecordDoneBeforeItsPredecessorIsADeadLetterIsOutOfOrder() throws IOException {
        WorkScene scene = new WorkScene().log(2).dead(0).done("a", 1);
        assertThat(scene.begun("a", 0).ended("a", 0, "reject").judged().kinds()).containsOnly(Wrong.OUT_OF_ORDER);
    }

    @Test
    void doneAgainDoesNotDisturbTheOrder() throws IOException {
        assertThat(five().killed().started("b").done("b", 2, 3, 4).judged().kinds())
                .isEmpty();
    }

    @Test
    void keysAreOrderedEachForItself() throws IOException {
        WorkScene scene = new WorkScene().by(Order.KEY).log(4, "x", "y");
        assertThat(scene.done("a", 1, 3, 0, 2).judged().kinds()).isEmpty();
        assertThat(new WorkScene()
                        .by(Order.KEY)
                        .log(4, "x", "y")
                        .done("a", 3, 0, 1, 2)
                        .judged()
                        .kinds())
                .containsOnly(Wrong.OUT_OF_ORDER);
    }

    @Test
    void recordsWithoutAKeyAreInNoOrder() throws IOException {
        assertThat(new WorkScene()
                        .by(Order.KEY)
                        .log(4, "")
                        .done("a", 3, 0, 2, 1)
                        .judged()
                        .kinds())
                .isEmpty();
    }

    @Test
    void nothingIsInOrderWhereNoneIsAskedFor() throws IOException {
        assertThat(new WorkScene()
                        .by(Order.UNORDERED)
                        .log(4, "x")
                        .done("a", 3, 0, 2, 1)
                        .judged()
                        .kinds())
                .isEmpty();
    }

    @Test
    void oneProcessDoesNotWorkAtTwoThatWaitForEachOther() throws IOException {
        WorkScene again = five().begun("a", 0).begun("a", 1).ended("a", 0, "done");
        assertThat(again.ended("a", 1, "done").judged().kinds()).containsOnly(Wrong.OVERLAPPED);
    }

    @Test
    void whatAKilledProcessHadInWorkIsInWorkNoMore() throws IOException {
        WorkScene scene = new WorkScene().log(2).started("a").begun("a", 0).killed();
        assertThat(scene.started("b").done("b", 0, 1).judged().kinds()).isEmpty();
    }

    @Test
    void whereNothingIsStoredNoOffsetIsCommittedBeforeItsRecordIsDone() throws IOException {
        WorkScene scene = new WorkScene().log(3).done("a", 0, 1).committed(3).done("a", 2);
        assertThat(scene.judged().kinds()).as("stored").isEmpty();
        assertThat(scene.direct().judged().kinds()).containsOnly(Wrong.COMMIT_AHEAD);
    }

    @Test
    void aDeadLetterMayBeCommitted() throws IOException {
        WorkScene scene = new WorkScene().log(2).dead(0).begun("a", 0).ended("a", 0, "reject");
        assertThat(scene.committed(1)
                        .done("a", 1)
                        .committed(2)
                        .direct()
                        .judged()
                        .kinds())
                .isEmpty();
    }

    @Test
    void committedOffsetsDoNotGoBack() throws IOException {
        assertThat(five().committed(5).committed(4).judged().kinds()).containsOnly(Wrong.COMMIT_REWOUND);
    }

    @Test
    void whatWasCommittedBeforeAProcessBeganIsNotDoneAgainByIt() throws IOException {
        WorkScene scene =
                five().direct().committed(3).killed().started("b").committed(5).done("b", 3, 4);
        assertThat(scene.judged().kinds()).as("not committed then").isEmpty();
        assertThat(scene.done("b", 2).judged().kinds()).containsOnly(Wrong.STALE);
    }

    @Test
    void whatWasDoneLongBeforeAKillIsNotDoneAgainAfterIt() throws IOException {
        WorkScene soon = five().killed().started("b").done("b", 4);
        WorkScene late =
                five().later(Duration.ofSeconds(30)).killed().started("b").done("b", 4);
        assertThat(soon.judged().kinds()).as("perhaps not safe yet").isEmpty();
        assertThat(late.judged().kinds()).containsOnly(Wrong.STALE);
    }

    @Test
    void twoKillsInShortSuccessionLeaveNoTimeToMakeItSafe() throws IOException {
        WorkScene scene = five().killed().later(Duration.ofSeconds(3)).killed();
        assertThat(scene.started("b").done("b", 4).judged().kinds()).isEmpty();
    }

    @Test
    void soManyAreDoneAgainAfterEachKillAndNoMore() throws IOException {
        WorkScene scene = five().mostAgain(2).killed().started("b").done("b", 3, 4);
        WorkScene both = scene.killed().started("c").done("c", 3, 4);
        assertThat(both.judged().kinds()).isEmpty();
        assertThat(both.judged().figures().mostAgain()).isEqualTo(2);
        assertThat(both.done("c", 2).judged().kinds()).contains(Wrong.TOO_MANY_AGAIN);
    }
}
