package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static dev.kafkaloom.consumer.FakeFetching.T1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers on lanes, with fake brokers behind them. */
@Timeout(60)
@SuppressWarnings("ThreadPriorityCheck") // yields only make overlaps more likely
class LaneHandOutTest {
    @RegisterExtension
    final FakeFetching fake = new FakeFetching();

    private final CountDownLatch never = new CountDownLatch(1);
    private final HandlerLab lab = new HandlerLab(fake);

    @Test
    void aBlockedKeyHoldsUpNeitherTheOtherKeysNorRecordsWithoutOne() {
        fake.log.appendKeys(0, "a", "b", "a", null, null, "b", "c");
        Progress progress = new Progress(T0, 1, 0);
        CountDownLatch a = new CountDownLatch(1);
        lab.start(Handling.DEFAULT.withOrdering(Ordering.KEY), progress, (tp, records) -> {
            if ("a".equals(key(records.getFirst()))) {
                a.await();
            }
            fake.note(tp, records);
        });

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(fake.seen.get(T0)).containsExactlyInAnyOrder(1L, 3L, 4L, 5L, 6L));
        assertThat(progress.committable()).isZero();
        assertThat(progress.incomplete()).isEqualTo(2);

        a.countDown();

        await().atMost(SOON).until(() -> progress.committable() == 7);
        assertThat(fake.seen.get(T0).subList(5, 7)).containsExactly(0L, 2L);
    }

    @Test
    void keysOfEqualBytesAreOneAndTheirRecordsKeepTheirOrder() {
        String[] keys = IntStream.range(0, 300).mapToObj(i -> "k" + i % 5).toArray(String[]::new);
        fake.log.appendKeys(0, keys);
        Progress progress = new Progress(T0, 1, 0);
        Map<String, List<Long>> seen = new ConcurrentHashMap<>();
        Set<String> busy = ConcurrentHashMap.newKeySet();
        AtomicInteger overlaps = new AtomicInteger();
        lab.start(Handling.DEFAULT.withOrdering(Ordering.KEY), progress, (_, records) -> {
            String key = key(records.getFirst());
            overlaps.addAndGet(busy.add(key) ? 0 : 1);
            seen.computeIfAbsent(key, _ -> new CopyOnWriteArrayList<>())
                    .add(records.getFirst().offset());
            Thread.yield();
            busy.remove(key);
        });

        await().atMost(SOON).until(() -> progress.committable() == 300);

        assertThat(overlaps).hasValue(0);
        assertThat(seen).hasSize(5);
        assertThat(seen.values())
                .allSatisfy(offsets -> assertThat(offsets).hasSize(60).isSorted());
    }

    @Test
    void unorderedAsManyAreInHandAsAllowedAndNoMore() {
        fake.log.append(0, 40);
        Progress progress = new Progress(T0, 1, 0);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        PartitionLoop loop = lab.start(
                Handling.DEFAULT.withOrdering(Ordering.UNORDERED).withMaxInFlight(7), progress, (tp, records) -> {
                    begun.incrementAndGet();
                    go.await();
                    fake.note(tp, records);
                });
        await().atMost(SOON).until(() -> begun.get() == 7);
        assertThat(loop.snapshot().inHand()).isEqualTo(7);

        go.countDown();

        await().atMost(SOON).until(() -> progress.committable() == 40);
        assertThat(fake.seen.get(T0)).hasSize(40).doesNotHaveDuplicates();
        await().atMost(SOON).until(() -> loop.snapshot().inHand() == 0);
        assertThat(loop.snapshot().records()).isEqualTo(40);
    }

    @Test
    void theBoundIsOverAllPartitionsAndABlockedOneLeavesTheOthersTheirPart() {
        fake.log.append(0, 40).append(1, 40);
        Progress one = new Progress(T0, 1, 0);
        Progress two = new Progress(T1, 1, 0);
        AtomicInteger inHand = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        RecordHandler handler = (tp, _) -> {
            most.accumulateAndGet(inHand.incrementAndGet(), Math::max);
            if (tp.equals(T0)) {
                never.await();
            }
            inHand.decrementAndGet();
        };
        lab.start(Handling.DEFAULT.withOrdering(Ordering.UNORDERED).withMaxInFlight(8), one, handler);
        lab.begin(two);

        await().atMost(SOON).until(() -> two.committable() == 40);

        assertThat(one.committable()).isZero();
        assertThat(most.get()).isBetween(1, 8);
    }

    @Test
    void nothingIsHandedOutFurtherAheadThanTheGapUntilThePrefixMoves() {
        fake.log.append(0, 60);
        Progress progress = new Progress(T0, 1, 0);
        CountDownLatch first = new CountDownLatch(1);
        ConsumerConfig config = ConsumerConfig.builder("g", List.of("t"))
                .progressMaxGap(20)
                .handling(Handling.DEFAULT.withOrdering(Ordering.UNORDERED))
                .build();
        PartitionLoop loop = lab.start(config, progress, (tp, records) -> {
            if (records.getFirst().offset() == 0) {
                first.await();
            }
            fake.note(tp, records);
        });
        await().atMost(SOON).until(() -> fake.seen.getOrDefault(T0, List.of()).size() == 20);
        await().atMost(SOON).until(() -> loop.snapshot().inHand() == 1);
        assertThat(fake.seen.get(T0)).allMatch(offset -> offset <= 20);
        assertThat(progress.gap()).isEqualTo(21);
        assertThat(loop.snapshot().position()).isEqualTo(21);

        first.countDown();

        await().atMost(SOON).until(() -> progress.committable() == 60);
    }

    @Test
    void drainLetsHandlersFinishBeginsNoOtherAndKeepsWhatIsDone() throws Exception {
        fake.log.append(0, 30);
        Progress progress = new Progress(T0, 1, 0);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        PartitionLoop loop = lab.start(
                Handling.DEFAULT.withOrdering(Ordering.UNORDERED).withMaxInFlight(5), progress, (tp, records) -> {
                    begun.incrementAndGet();
                    go.await();
                    fake.note(tp, records);
                });
        await().atMost(SOON).until(() -> begun.get() == 5);

        assertThat(loop.drain(Duration.ofMillis(20))).as("they still run").isFalse();
        assertThat(loop.snapshot().state()).isEqualTo("draining");
        go.countDown();
        assertThat(loop.drain(SOON)).isTrue();

        assertThat(progress.committable()).isEqualTo(5);
        assertThat(begun).hasValue(5);
        assertThat(loop.failure()).isEmpty();
        assertThat(loop.snapshot().state()).isEqualTo("stopped");
        assertThat(lab.work.lateAcks()).isZero();
    }

    @Test
    void aHandlerThatThrowsEndsItsPartitionAndTheOthersInHandMayFinish() {
        fake.log.append(0, 10).append(1, 10);
        Progress progress = new Progress(T0, 1, 0);
        Progress other = new Progress(T1, 1, 0);
        CountDownLatch thrown = new CountDownLatch(1);
        PartitionLoop loop = lab.start(
                Handling.DEFAULT.withOrdering(Ordering.UNORDERED).withMaxInFlight(6), progress, (tp, records) -> {
                    if (tp.equals(T0) && records.getFirst().offset() == 3) {
                        thrown.countDown();
                        throw new IOException("disk is gone");
                    }
                    if (tp.equals(T0)) {
                        thrown.await();
                    }
                });
        lab.begin(other);

        await().atMost(SOON).until(() -> loop.failure().isPresent());

        assertThat(loop.failure().orElseThrow()).hasMessage("disk is gone");
        assertThat(lab.failures).hasValue(1);
        await().atMost(SOON).until(() -> progress.committable() == 3);
        await().atMost(SOON).until(() -> other.committable() == 10);
        await().atMost(SOON).until(() -> loop.snapshot().inHand() == 0);
        assertThat(progress.committable()).isEqualTo(3);
        assertThat(fake.scope.failure()).isEmpty();
    }

    @Test
    void aSeekWaitsForWhatIsInHandAndForgetsWhatHasNotBegun() {
        fake.log.append(0, 30);
        Progress progress = new Progress(T0, 1, 0);
        CountDownLatch go = new CountDownLatch(1);
        PartitionLoop loop = lab.start(
                Handling.DEFAULT.withOrdering(Ordering.UNORDERED).withMaxInFlight(3), progress, (tp, records) -> {
                    go.await();
                    fake.note(tp, records);
                });
        await().atMost(SOON)
                .until(() -> loop.snapshot().inHand() == 3 && loop.snapshot().position() == 30);

        loop.seek(25);
        go.countDown();

        await().atMost(SOON).until(() -> progress.committable() == 30);
        assertThat(fake.seen.get(T0)).containsExactlyInAnyOrder(0L, 1L, 2L, 25L, 26L, 27L, 28L, 29L);
        assertThat(fake.seen.get(T0).subList(0, 3)).containsExactlyInAnyOrder(0L, 1L, 2L);
    }

    @Test
    void pausedNothingBeginsEvenIfItWasReadBefore() {
        fake.log.append(0, 20);
        Progress progress = new Progress(T0, 1, 0);
        CountDownLatch go = new CountDownLatch(1);
        PartitionLoop loop = lab.start(
                Handling.DEFAULT.withOrdering(Ordering.UNORDERED).withMaxInFlight(2), progress, (tp, records) -> {
                    go.await();
                    fake.note(tp, records);
                });
        await().atMost(SOON).until(() -> loop.snapshot().inHand() == 2);

        loop.pause();
        go.countDown();

        await().atMost(SOON).until(() -> loop.snapshot().inHand() == 0);
        assertThat(fake.seen.get(T0)).hasSize(2);
        assertThat(progress.committable()).isEqualTo(2);
        loop.resume();
        await().atMost(SOON).until(() -> progress.committable() == 20);
    }

    @Test
    void anOffsetOutOfRangeIsResolvedWhenWhatWasHandedOutIsDone() {
        fake.log.append(0, 10);
        Progress progress = new Progress(T0, 1, 0);
        CountDownLatch go = new CountDownLatch(1);
        Policy policy = new Policy(
                (_, lost) -> {
                    assertThat(progress.committable()).isEqualTo(10);
                    return StartAt.offset(15);
                },
                OnCorrupt.STOP,
                500);
        lab.open(HandlerLab.config(Handling.DEFAULT.withOrdering(Ordering.UNORDERED)), HandlerWork.of((tp, records) -> {
            go.await();
            fake.note(tp, records);
        }));
        PartitionLoop loop =
                PartitionLoop.start(lab.work, fake.scope, lab.fetchers, StartAt.offset(0), progress, policy, () -> {});
        await().atMost(SOON).until(() -> loop.snapshot().inHand() == 10);

        fake.log.startAt(0, 15);
        fake.log.append(0, 10);
        go.countDown();

        await().atMost(SOON).until(() -> progress.committable() == 20);
        assertThat(fake.seen.get(T0)).contains(15L, 16L, 17L, 18L, 19L).doesNotHaveDuplicates();
    }

    private static String key(ConsumedRecord record) {
        return record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsToBeRetriedLaterHoldsUpItsKeyOnlyAndNoSlot() {
        fake.log.appendKeys(0, "a", "a", "b", null, "c");
        Progress progress = new Progress(T0, 1, 0);
        CountDownLatch others = new CountDownLatch(3);
        List<Integer> deliveries = new CopyOnWriteArrayList<>();
        Handling one = Handling.DEFAULT.withOrdering(Ordering.KEY).withMaxInFlight(1);
        lab.start(one, progress, (tp, records) -> {
            ConsumedRecord record = records.getFirst();
            if (record.offset() == 0) {
                deliveries.add(record.deliveryCount());
                if (deliveries.size() < 4 || others.getCount() > 0) {
                    throw new RetryLater(Duration.ofMillis(20), "not yet", deliveries.size() % 2 == 1);
                }
            } else if (!"a".equals(key(record))) {
                others.countDown();
            }
            fake.note(tp, records);
        });

        await().atMost(SOON).until(() -> progress.committable() == 5);

        List<Long> seen = fake.seen.get(T0);
        assertThat(seen).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
        assertThat(seen.indexOf(0L)).isGreaterThanOrEqualTo(3);
        assertThat(seen.indexOf(1L)).isGreaterThan(seen.indexOf(0L));
        assertThat(deliveries).startsWith(1, 2, 2, 3);
    }

    @Test
    void aDrainDoesNotWaitForWhatIsToBeRetriedLater() throws Exception {
        fake.log.appendKeys(0, "a", "b");
        Progress progress = new Progress(T0, 1, 0);
        CountDownLatch refused = new CountDownLatch(1);
        PartitionLoop loop = lab.start(Handling.DEFAULT.withOrdering(Ordering.KEY), progress, (_, records) -> {
            if (records.getFirst().offset() == 0) {
                refused.countDown();
                throw new RetryLater(Duration.ofHours(1), "never");
            }
        });
        refused.await();
        await().atMost(SOON).until(() -> progress.incomplete() == 1);

        assertThat(loop.drain(SOON)).isTrue();

        assertThat(progress.committable()).isZero();
        assertThat(loop.failure()).isEmpty();
    }
}
