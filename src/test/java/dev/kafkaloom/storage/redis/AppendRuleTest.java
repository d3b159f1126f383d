package dev.kafkaloom.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.storage.StoredRecords;
import dev.kafkaloom.storage.redis.AppendRule.Before;
import dev.kafkaloom.storage.redis.AppendRule.Lost;
import dev.kafkaloom.storage.redis.AppendRule.Store;
import dev.kafkaloom.storage.redis.AppendRule.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a stretch; assignment 7 is now, "run" the server. */
class AppendRuleTest {
    private static final Uuid ID = Uuid.random();

    private static Verdict judge(Mark mark, Before before, long first, long next) {
        RecordRange range = StoredRecords.range(new TopicPartition("orders", 0), 7, first, next);
        return AppendRule.judge(Optional.ofNullable(mark), before, range, ID, "run");
    }

    private static Mark mark(long next, long committed, String server) {
        return new Mark(next, ID, committed, server, "op");
    }

    private static Before before(long epoch, long next) {
        return new Before(epoch, next, Long.MAX_VALUE);
    }

    @Test
    void theFirstOfAllIsStored() {
        assertThat(judge(null, Before.NONE, 50, 60)).isEqualTo(new Store(50));
    }

    @Test
    void whatFollowsIsStored() {
        assertThat(judge(mark(50, 0, "run"), before(7, 50), 50, 60)).isEqualTo(new Store(50));
    }

    @Test
    void whatIsStoredAlreadyIsSkippedAtTheStartOfAnAssignment() {
        assertThat(judge(mark(55, 50, "run"), before(6, 55), 50, 60)).isEqualTo(new Store(55));
    }

    @Test
    void aBeginBelowWhatIsCommittedWasMovedBackOnPurpose() {
        assertThat(judge(mark(55, 51, "run"), Before.NONE, 50, 60)).isEqualTo(new Store(50));
    }

    @Test
    void aSeekIsFollowedInBothDirections() {
        assertThat(judge(mark(50, 0, "run"), before(7, 50), 20, 30)).isEqualTo(new Store(20));
        assertThat(judge(mark(50, 0, "run"), before(7, 50), 80, 90)).isEqualTo(new Store(80));
    }

    @Test
    void aMarkBelowWhatThisAssignmentStoredIsALoss() {
        assertThat(judge(mark(40, 0, "run"), before(7, 50), 50, 60)).isEqualTo(new Lost(40));
    }

    /** The broker may have deleted what was to be read again. */
    @Test
    void afterALossABeginBeyondTheMarkIsTaken() {
        assertThat(judge(mark(40, 0, "old"), before(7, 40), 45, 60)).isEqualTo(new Store(45));
    }

    @Test
    void aBeginBeyondTheMarkWasConsumedElsewhereUnlessTheServerIsAnotherOne() {
        assertThat(judge(mark(40, 0, "run"), Before.NONE, 50, 60)).isEqualTo(new Store(50));
        assertThat(judge(mark(40, 0, "old"), Before.NONE, 50, 60)).isEqualTo(new Lost(40));
        assertThat(judge(mark(40, 0, ""), Before.NONE, 50, 60)).isEqualTo(new Lost(40));
    }

    @Test
    void anotherTopicOfThatNameBeginsAnew() {
        Mark other = new Mark(500, Uuid.random(), 400, "old", "op");
        assertThat(judge(other, before(6, 500), 0, 10)).isEqualTo(new Store(0));
    }

    @Test
    void withoutAnIdItIsTheSameTopic() {
        Mark unknown = new Mark(55, Uuid.ZERO, 0, "run", "op");
        assertThat(judge(unknown, Before.NONE, 50, 60)).isEqualTo(new Store(55));
    }

    @Test
    void whenEverythingIsForgottenWhatWasNotDoneIsReadAgain() {
        assertThat(judge(null, new Before(7, 50, 30), 50, 60)).isEqualTo(new Lost(30));
        assertThat(judge(null, new Before(7, 50, Long.MAX_VALUE), 50, 60)).isEqualTo(new Store(50));
    }

    @Test
    void aMarkIsWhatWasWritten() {
        Mark mark = new Mark(1L << 40, ID, 12, "0123abcd", "host-1");

        assertThat(Mark.parse(mark.text())).contains(mark);
        assertThat(Mark.parse("")).isEmpty();
        assertThat(Mark.parse("1,2,3,4,5")).isEmpty();
    }
}
