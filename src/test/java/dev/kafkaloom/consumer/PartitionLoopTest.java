package dev.kafkaloom.consumer;

import static dev.kafkaloom.consumer.FakeFetching.SOON;
import static dev.kafkaloom.consumer.FakeFetching.T0;
import static dev.kafkaloom.consumer.FakeFetching.T1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Partition loops, with fake brokers behind them. */
class PartitionLoopTest {
    @RegisterExtension
    final FakeFetching fake = new FakeFetching();

    @Test
    void aSeekGoesOnThereAndMovesTheProgress() {
        fake.log.append(0, 30);
        Progress progress = new Progress(T0, 1, 0);
        PartitionLoop loop = PartitionLoop.start(
                fake.scope,
                Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope),
                T0,
                0,
                1,
                progress,
                fake::note,
                FakeFetching.policy());
        fake.awaitSeen(T0, 30);

        loop.seek(25);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                fake.seen.get(T0).subList(30, fake.seen.get(T0).size()))
                        .containsExactly(25L, 26L, 27L, 28L, 29L));
        await().atMost(SOON).until(() -> progress.committable() == 30);
        loop.seek(2);
        await().atMost(SOON).until(() -> fake.seen.get(T0).size() == 63);
    }

    @Test
    void pausedItHandsOutNothingUntilItIsResumed() {
        fake.log.append(0, 10);
        PartitionLoop loop = fake.read(T0, 0);
        fake.awaitSeen(T0, 10);

        loop.pause();
        fake.log.append(0, 10);
        await().pollDelay(Duration.ofMillis(300)).atMost(SOON).until(() -> true);
        assertThat(fake.seen.get(T0)).hasSize(10);
        assertThat(loop.snapshot().state()).isEqualTo("paused");

        loop.resume();
        fake.awaitSeen(T0, 20);
    }

    @Test
    void aHandlerThatThrowsEndsItsPartitionWithTheChunkNotDone() {
        fake.log.append(0, 10).append(1, 10);
        Fetchers fetchers = Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope);
        Progress progress = new Progress(T0, 1, 0);
        PartitionLoop loop = PartitionLoop.start(
                fake.scope,
                fetchers,
                T0,
                0,
                1,
                progress,
                (_, records) -> {
                    if (records.getFirst().offset() >= 4) {
                        throw new IOException("disk is gone");
                    }
                },
                new Policy((_, lost) -> lost.at(), OnCorrupt.STOP, 2));
        fake.loop(fetchers, T1, 0, fake::note);

        await().atMost(SOON).until(() -> loop.failure().isPresent());
        assertThat(loop.failure().orElseThrow()).hasMessage("disk is gone");
        assertThat(progress.committable()).isEqualTo(4);
        assertThat(loop.snapshot().position()).isEqualTo(4);
        fake.awaitSeen(T1, 10);
        assertThat(fake.scope.failure()).isEmpty();
        await().atMost(SOON).until(() -> fetchers.bufferedBytes() == 0);
    }

    @Test
    void drainWaitsForTheHandlerThatRunsAndHandsOutNothingAfterIt() throws Exception {
        fake.log.append(0, 10);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<Long> handled = new CopyOnWriteArrayList<>();
        Progress progress = new Progress(T0, 1, 0);
        PartitionLoop loop = PartitionLoop.start(
                fake.scope,
                Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope),
                T0,
                0,
                1,
                progress,
                (_, records) -> {
                    running.countDown();
                    assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
                    records.forEach(record -> handled.add(record.offset()));
                },
                new Policy((_, lost) -> lost.at(), OnCorrupt.STOP, 3));
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(loop.drain(Duration.ofMillis(50)))
                .as("the handler still runs")
                .isFalse();
        assertThat(loop.snapshot().state()).isEqualTo("draining");
        go.countDown();
        assertThat(loop.drain(SOON)).isTrue();

        assertThat(handled).containsExactly(0L, 1L, 2L);
        assertThat(progress.committable()).isEqualTo(3);
        assertThat(loop.failure()).isEmpty();
        assertThat(loop.snapshot().state()).isEqualTo("stopped");
    }

    @Test
    void stopInterruptsAHandlerAndIsNoFailure() throws Exception {
        fake.log.append(0, 10);
        CountDownLatch running = new CountDownLatch(1);
        PartitionLoop loop = fake.loop(Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope), T0, 0, (_, _) -> {
            running.countDown();
            new CountDownLatch(1).await();
        });
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

        loop.stop();

        assertThat(loop.drain(SOON)).isTrue();
        assertThat(loop.failure()).isEmpty();
    }

    @Test
    void aPartitionAssignedAgainIsReadByTheLaterAssignmentOnly() {
        fake.log.append(0, 10);
        Fetchers fetchers = Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope);
        PartitionLoop before = fake.loop(fetchers, T0, 0, (_, _) -> {});
        await().atMost(SOON).until(() -> before.snapshot().records() == 10);

        PartitionLoop.start(
                fake.scope, fetchers, T0, 10, 2, new Progress(T0, 2, 10), fake::note, FakeFetching.policy());
        fake.log.append(0, 5);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(fake.seen.get(T0)).containsExactly(10L, 11L, 12L, 13L, 14L));
        assertThat(before.snapshot().records()).isEqualTo(10);
        assertThat(before.snapshot().state()).isEqualTo("stopped");
    }

    @Test
    void withoutAPolicyForItAnOffsetOutOfRangeEndsThePartition() {
        fake.log.startAt(0, 15);
        Policy none = new Policy(
                (partition, lost) -> {
                    throw new IllegalStateException("no offset " + lost.at().offset() + " in " + partition);
                },
                OnCorrupt.STOP,
                500);
        PartitionLoop loop = PartitionLoop.start(
                fake.scope,
                Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope),
                T0,
                3,
                1,
                new Progress(T0, 1, 3),
                fake::note,
                none);

        await().atMost(SOON).until(() -> loop.failure().isPresent());
        assertThat(loop.failure().orElseThrow()).hasMessage("no offset 3 in t-0");
    }

    @Test
    void anOffsetOutOfRangeIsResolvedByThePolicyOnce() {
        fake.log.append(0, 20);
        fake.log.startAt(0, 15);
        AtomicInteger asked = new AtomicInteger();
        Progress progress = new Progress(T0, 1, 3);
        Policy policy = new Policy(
                (_, lost) -> {
                    assertThat(lost.at().offset()).isEqualTo(3);
                    asked.incrementAndGet();
                    return StartAt.offset(15);
                },
                OnCorrupt.STOP,
                500);
        PartitionLoop.start(
                fake.scope,
                Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope),
                T0,
                3,
                1,
                progress,
                fake::note,
                policy);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(fake.seen.get(T0)).containsExactly(15L, 16L, 17L, 18L, 19L));
        assertThat(asked).hasValue(1);
        await().atMost(SOON).until(() -> progress.committable() == 20);
    }
}
