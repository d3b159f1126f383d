package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What handlers run on, how they are interrupted and reported, and views; with fake brokers behind them. */
@Timeout(60)
class HandlerWorkTest {
    @RegisterExtension
    final FakeFetching fake = new FakeFetching();

    private final CountDownLatch never = new CountDownLatch(1);
    private final HandlerLab lab = new HandlerLab(fake);

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void whatIsDoneAfterThePartitionWasTakenAwayIsCountedAndDoesNotCount(Ordering ordering) throws Exception {
        fake.log.append(0, 1);
        Progress progress = new Progress(T0, 1, 0);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        PartitionLoop loop = lab.start(Handling.DEFAULT.withOrdering(ordering), progress, (_, _) -> {
            running.countDown();
            while (true) {
                try {
                    go.await();
                    return;
                } catch (InterruptedException _) {
                    // a stubborn one
                }
            }
        });
        running.await();
        assertThat(loop.drain(Duration.ofMillis(1))).isFalse();
        progress.fence();
        loop.stop();

        go.countDown();

        await().atMost(SOON).until(() -> lab.work.lateAcks() == 1);
        assertThat(progress.committable()).isZero();
        assertThat(progress.lateDones()).isEqualTo(1);
    }

    @Test
    void stopInterruptsTheHandlersAndIsNoFailure() throws Exception {
        fake.log.append(0, 10);
        AtomicInteger interrupted = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(4);
        PartitionLoop loop = lab.start(
                Handling.DEFAULT.withOrdering(Ordering.UNORDERED).withMaxInFlight(4),
                new Progress(T0, 1, 0),
                (_, _) -> {
                    begun.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.incrementAndGet();
                        throw e;
                    }
                });
        begun.await();

        loop.stop();

        assertThat(loop.drain(SOON)).isTrue();
        await().atMost(SOON).until(() -> interrupted.get() == 4);
        assertThat(loop.failure()).isEmpty();
        assertThat(lab.failures).hasValue(0);
    }

    @Test
    void stopInterruptsHandlersEvenWhenTheThreadOfTheirPartitionRestsAndItsScopeIsClosed() throws Exception {
        fake.log.append(0, 1);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        lab.open(HandlerLab.config(Handling.DEFAULT.withOrdering(Ordering.UNORDERED)), HandlerWork.of((_, _) -> {
            begun.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
        }));
        Scope member = fake.scope.child("member");
        PartitionLoop loop = PartitionLoop.start(
                lab.work,
                member,
                lab.fetchers,
                StartAt.offset(0),
                new Progress(T0, 1, 0),
                FakeFetching.policy(),
                () -> {});
        begun.await();
        await().atMost(SOON).until(() -> member.join(Duration.ZERO)); // its thread has ended

        member.cancel();
        loop.stop();

        await().atMost(SOON).until(() -> interrupted.get() == 1);
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void onPlatformThreadsIfThatIsWanted(Ordering ordering) {
        fake.log.append(0, 5);
        List<Boolean> virtual = new CopyOnWriteArrayList<>();
        lab.start(
                Handling.DEFAULT.withOrdering(ordering).withThreads(HandlerThreads.PLATFORM),
                new Progress(T0, 1, 0),
                (_, _) -> virtual.add(Thread.currentThread().isVirtual()));

        await().atMost(SOON).until(() -> !virtual.isEmpty());

        assertThat(virtual).doesNotContain(true);
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void aHandlerThatTakesTooLongIsShownByNameUntilItEnds(Ordering ordering) {
        fake.log.appendKeys(0, "customer-7");
        CountDownLatch go = new CountDownLatch(1);
        PartitionLoop loop = lab.start(
                Handling.DEFAULT.withOrdering(ordering).withDeadline(Duration.ofMillis(40)),
                new Progress(T0, 1, 0),
                (_, _) -> go.await());

        await().atMost(SOON).until(() -> !loop.snapshot().overdue().isEmpty());

        OverdueHandler overdue = loop.snapshot().overdue().getFirst();
        assertThat(overdue.offset()).isZero();
        assertThat(overdue.running()).isGreaterThanOrEqualTo(Duration.ofMillis(40));
        assertThat(overdue.where()).contains("HandlerWorkTest");
        assertThat(overdue.thread()).startsWith(ordering == Ordering.PARTITION ? "partition-t-0" : "group-g/lane-");
        assertThat(overdue.key().isEmpty()).isEqualTo(ordering != Ordering.KEY);
        assertThat(loop.snapshot().state()).isEqualTo("handler overdue");
        assertThat(overdue.of(T0)).contains("t-0 offset 0", "ms on thread");

        go.countDown();

        await().atMost(SOON).until(() -> loop.snapshot().overdue().isEmpty());
        assertThat(loop.failure()).isEmpty();
    }

    @Test
    void viewsAreHandedOutWhereTheyLie() {
        fake.log.append(0, 25);
        Progress progress = new Progress(T0, 1, 0);
        List<RecordViews> kept = new CopyOnWriteArrayList<>();
        lab.open(HandlerLab.config(Handling.DEFAULT), HandlerWork.ofViews((tp, views) -> {
            kept.add(views);
            while (views.next()) {
                fake.note(tp, List.of(views.copy()));
            }
        }));
        lab.begin(progress);

        fake.awaitSeen(T0, 25);

        await().atMost(SOON).until(() -> progress.committable() == 25);
        assertThatThrownBy(() -> kept.getFirst().next()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void viewsDoNotGoWithLanes() {
        HandlerWork views = HandlerWork.ofViews((_, _) -> {});

        assertThatThrownBy(() -> views.open(fake.scope, HandlerLab.config(Handling.DEFAULT.withOrdering(Ordering.KEY))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sinker.ordering");
    }

    @Test
    void aWholePartitionWaitsForWhatIsToBeRetriedLaterUnlessItIsGivenBack() throws Exception {
        fake.log.append(0, 3);
        Progress progress = new Progress(T0, 1, 0);
        List<Integer> deliveries = new CopyOnWriteArrayList<>();
        PartitionLoop loop = lab.start(Handling.DEFAULT, progress, (_, records) -> {
            deliveries.add(records.getFirst().deliveryCount());
            throw new RetryLater(Duration.ofMillis(deliveries.size() < 3 ? 1 : 3_600_000), "not yet");
        });
        await().atMost(SOON).until(() -> deliveries.size() == 3);

        assertThat(loop.drain(SOON)).isTrue();

        assertThat(deliveries).containsExactly(1, 2, 3);
        assertThat(progress.committable()).isZero();
        assertThat(loop.failure()).isEmpty();
    }

    @Test
    void stretchesJoinOverWhatHoldsNothingToHandle() {
        fake.log.append(0, 3).appendEmpty(0, 2).append(0, 2);
        fake.log.maxBatches(1); // so that there is mail with nothing to handle in it
        Progress progress = new Progress(T0, 7, 0);
        List<RecordRange> ranges = new CopyOnWriteArrayList<>();
        lab.open(HandlerLab.config(Handling.DEFAULT.withOrdering(Ordering.KEY)), HandlerWork.ofRanges(ranges::add));
        lab.begin(progress);

        await().atMost(SOON).until(() -> progress.committable() == 7);

        assertThat(ranges.getFirst().first()).isZero();
        assertThat(ranges.getLast().next()).isEqualTo(7);
        for (int i = 1; i < ranges.size(); i++) {
            assertThat(ranges.get(i).first()).isEqualTo(ranges.get(i - 1).next());
        }
        assertThat(ranges)
                .allSatisfy(range -> assertThat(range.assignmentEpoch()).isEqualTo(7));
        assertThat(ranges.stream().flatMap(range -> range.records().stream()).map(ConsumedRecord::offset))
                .containsExactly(0L, 1L, 2L, 5L, 6L);
    }

    @Test
    void whatWasLostBehindAHandlerIsReadAgain() {
        fake.log.append(0, 6);
        Progress progress = new Progress(T0, 1, 4);
        List<Long> firsts = new CopyOnWriteArrayList<>();
        lab.open(HandlerLab.config(Handling.DEFAULT), HandlerWork.ofRanges(range -> {
            firsts.add(range.first());
            if (firsts.size() == 1) {
                throw new GoBack(1, "2 offsets are lost");
            }
            fake.note(range.partition(), range.records());
        }));
        lab.begin(progress);

        await().atMost(SOON).until(() -> progress.committable() == 6);

        assertThat(firsts).startsWith(4L, 1L);
        assertThat(fake.seen.get(T0)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
}
