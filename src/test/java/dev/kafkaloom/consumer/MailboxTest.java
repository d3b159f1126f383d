package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private static final int CAP = 100;

    private final ByteBudget budget = new ByteBudget(1_000);
    private final AtomicInteger freed = new AtomicInteger();
    private final AtomicInteger arrived = new AtomicInteger();
    private final Mailbox mailbox = new Mailbox(
            new TopicPartition("t", 0),
            1,
            StartAt.offset(10),
            50,
            budget,
            freed::incrementAndGet,
            arrived::incrementAndGet);

    @Test
    void receivingMovesThePositionAndUsesCredit() throws Exception {
        boolean taken = receive(40, 20);

        assertThat(taken).isTrue();
        assertThat(arrived).hasValue(1);
        assertThat(mailbox.position().offset()).isEqualTo(20);
        assertThat(budget.used()).isEqualTo(40);
        assertThat(mailbox.poll()).isInstanceOf(Mail.Batches.class);
    }

    @Test
    void itIsFetchedWhileItHoldsLessThanItsCapAndAgainWhenReadingGivesCreditBack() throws Exception {
        receive(60, 20);
        assertThat(mailbox.want(CAP, false)).isEqualTo(Want.READY);
        receive(60, 30);
        assertThat(mailbox.want(CAP, false)).isEqualTo(Want.FULL);

        Mail mail = mailbox.poll();
        assertThat(mailbox.want(CAP, false)).as("still being read").isEqualTo(Want.FULL);
        mailbox.release(mail);

        assertThat(mailbox.want(CAP, false)).isEqualTo(Want.READY);
        assertThat(budget.used()).isEqualTo(60);
    }

    @Test
    void withTheBudgetUsedUpOnlyAnEmptyOneIsFetched() throws Exception {
        assertThat(mailbox.want(CAP, true)).as("its floor of one batch").isEqualTo(Want.READY);
        receive(10, 20);

        assertThat(mailbox.want(CAP, true)).isEqualTo(Want.FULL);
    }

    @Test
    void decompressedBytesCountUntilTheMailIsRead() throws Exception {
        receive(40, 20);
        Mail mail = mailbox.poll();
        mailbox.hold(500);
        assertThat(budget.used()).isEqualTo(540);
        assertThat(mailbox.want(CAP, false)).isEqualTo(Want.FULL);
        mailbox.hold(300);
        assertThat(budget.used()).isEqualTo(340);

        mailbox.release(mail);

        assertThat(budget.used()).isZero();
        assertThat(mailbox.bufferedBytes()).isZero();
    }

    @Test
    void givingBackToAUsedUpBudgetIsTold() throws Exception {
        receive(1_000, 20);

        mailbox.release(mailbox.poll());

        assertThat(freed).hasValue(1);
    }

    @Test
    void creditThatReturnsIsToldToTheFetcherAlsoWhenTheBudgetIsLetGoWithIt() throws Exception {
        Fetchers fetchers = null; // the fetcher is only told
        BrokerFetcher fetcher = new BrokerFetcher(fetchers, FetchConfig.DEFAULT, 1);
        mailbox.place(new Placement(fetcher, -1, Uuid.ZERO, Long.MAX_VALUE));
        receive(1_000, 20);
        assertThat(mailbox.want(CAP, true)).isEqualTo(Want.FULL);
        assertThat(fetcher.isEmpty()).isTrue();

        mailbox.release(mailbox.poll());

        assertThat(freed).hasValue(1);
        assertThat(fetcher.isEmpty()).isFalse();
    }

    @Test
    void afterASeekQueuedAndLateMailIsDropped() throws Exception {
        Position asked = mailbox.position();
        receive(40, 20);
        mailbox.seek(3);

        boolean late = mailbox.received(asked, mail(asked, 40), StartAt.offset(20));

        assertThat(late).isFalse();
        assertThat(budget.used()).isZero();
        assertThat(mailbox.position().offset()).isEqualTo(3);
        assertThat(mailbox.poll()).isEqualTo(new Mail.Moved(1, 3));
        assertThat(mailbox.poll()).isNull();
    }

    @Test
    void mailBeingReadLosesItsTurnWithASeekAndWithClose() throws Exception {
        receive(40, 20);
        Mail mail = mailbox.poll();
        assertThat(mailbox.awaitTurn(mail)).isTrue();

        mailbox.seek(3);

        assertThat(mailbox.awaitTurn(mail)).isFalse();
        Mail moved = mailbox.poll();
        assertThat(mailbox.awaitTurn(moved)).isTrue();
        mailbox.close();
        assertThat(mailbox.awaitTurn(moved)).isFalse();
    }

    @Test
    void theSameAnswerTwiceIsTakenOnce() {
        Position asked = mailbox.position();

        assertThat(mailbox.received(asked, mail(asked, 40), StartAt.offset(20))).isTrue();
        assertThat(mailbox.received(asked, mail(asked, 40), StartAt.offset(20))).isFalse();
    }

    @Test
    void outOfRangeStopsFetchingUntilItIsResolved() throws Exception {
        lose(mailbox.position());
        assertThat(mailbox.want(CAP, false)).isEqualTo(Want.NOT_NOW);
        Mail.Lost told = (Mail.Lost) mailbox.poll();
        assertThat(told.position().at().offset()).isEqualTo(10);

        mailbox.seekFrom(told, StartAt.offset(0));

        assertThat(mailbox.want(CAP, false)).isEqualTo(Want.READY);
        assertThat(mailbox.position().offset()).isZero();
        assertThat(mailbox.poll()).as("the reader knows").isNull();
    }

    @Test
    void outOfRangeOfAPositionThatMovedMeanwhileIsNoNews() {
        Position asked = mailbox.position();
        receive(40, 20);

        lose(asked);

        assertThat(mailbox.want(CAP, false)).isEqualTo(Want.READY);
        assertThat(mailbox.poll()).isInstanceOf(Mail.Batches.class);
        assertThat(mailbox.poll()).isNull();
    }

    @Test
    void aResolvedOutOfRangeDoesNotUndoASeek() throws Exception {
        lose(mailbox.position());
        Mail.Lost told = (Mail.Lost) mailbox.poll();
        mailbox.seek(77);

        mailbox.seekFrom(told, StartAt.offset(0));

        assertThat(mailbox.position().offset()).isEqualTo(77);
    }

    @Test
    void aFailureComesAfterTheMailBeforeIt() throws Exception {
        receive(40, 20);
        mailbox.receivedFailure(
                mailbox.position(), new KafkaException.BrokerError(ErrorCode.TOPIC_AUTHORIZATION_FAILED, "fetch"));

        assertThat(mailbox.poll()).isInstanceOf(Mail.Batches.class);
        assertThat(mailbox.poll()).isInstanceOf(Mail.Failed.class);
        assertThat(mailbox.want(CAP, false)).isEqualTo(Want.NOT_NOW);
    }

    @Test
    void pausedItIsNeitherFetchedNorRead() throws Exception {
        receive(40, 20);
        mailbox.pause();
        assertThat(mailbox.want(CAP, false)).isEqualTo(Want.NOT_NOW);
        assertThat(mailbox.poll()).isNull();
        assertThat(mailbox.isIdle()).isTrue();
        int before = arrived.get();

        mailbox.resume();

        assertThat(arrived).hasValue(before + 1);
        assertThat(mailbox.isIdle()).isFalse();
        assertThat(mailbox.poll()).isInstanceOf(Mail.Batches.class);
        assertThat(mailbox.isIdle()).isTrue();
    }

    @Test
    void closingEndsATurnThatIsWaitedForAndGivesEverythingBack() throws Exception {
        receive(40, 20);
        Mail mail = mailbox.poll();
        mailbox.pause();
        try (Scope scope = Scope.open("test")) {
            Coroutine reader = scope.go("reader", () -> {
                assertThat(mailbox.awaitTurn(mail)).isFalse();
                mailbox.release(mail);
            });
            mailbox.close();

            assertThat(reader.join(Duration.ofSeconds(5))).isTrue();
            assertThat(reader.state()).isEqualTo(Coroutine.State.DONE);
        }
        assertThat(mailbox.isIdle()).as("there is its end to see").isFalse();
        assertThat(receive(40, 20)).isFalse();
        assertThat(budget.used()).isZero();
    }

    private void lose(Position asked) {
        mailbox.receivedLoss(asked, new LostPosition.OutOfRange(asked.at()));
    }

    private boolean receive(int bytes, long next) {
        Position asked = mailbox.position();
        return mailbox.received(asked, mail(asked, bytes), StartAt.offset(next));
    }

    private static Mail.Batches mail(Position asked, int bytes) {
        return new Mail.Batches(asked.epoch(), List.of(), bytes, List.of(), AnswerMemory.Lease.NONE);
    }
}
