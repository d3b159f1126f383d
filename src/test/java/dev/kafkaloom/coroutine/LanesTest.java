package dev.kafkaloom.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@SuppressWarnings("ThreadPriorityCheck") // yields only make overlaps more likely
class LanesTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final Scope scope = Scope.open("lanes-test");
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void tasksOfAKeyRunOneAfterAnotherInTheirOrderWhateverTheOthersDo() throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 8, 16, true).share();
        Random random = new Random(7);
        Map<Integer, List<Integer>> begun = new ConcurrentHashMap<>();
        Map<Integer, AtomicInteger> atOnce = new ConcurrentHashMap<>();
        AtomicInteger most = new AtomicInteger();
        for (int i = 0; i < 2_000; i++) {
            int number = i;
            int key = random.nextInt(20);
            assertThat(share.submit(key, () -> {
                        int here = atOnce.computeIfAbsent(key, _ -> new AtomicInteger())
                                .incrementAndGet();
                        most.accumulateAndGet(here, Math::max);
                        begun.computeIfAbsent(key, _ -> new CopyOnWriteArrayList<>())
                                .add(number);
                        Thread.yield();
                        atOnce.get(key).decrementAndGet();
                    }))
                    .isTrue();
        }

        assertThat(share.awaitRest(LONG)).isTrue();

        assertThat(most).hasValue(1);
        assertThat(begun.values().stream().mapToInt(List::size).sum()).isEqualTo(2_000);
        assertThat(begun.values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
    }

    @Test
    void soManyRunAtOnceAndSoManyWaitBeforeSubmittingBlocks() throws Exception {
        Lanes lanes = Lanes.open(scope, "lane", 3, 4, true);
        LaneShare share = lanes.share();
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        scope.go("feeder", () -> {
            for (int i = 0; i < 20; i++) {
                share.submit(null, () -> {
                    go.await();
                    done.incrementAndGet();
                });
                accepted.incrementAndGet();
            }
        });
        await().until(() -> accepted.get() == 7 && lanes.running() == 3);
        assertThat(share.waiting()).isEqualTo(4);
        assertThat(feederWaits()).isTrue();

        go.countDown();

        await().until(() -> done.get() == 20);
        assertThat(share.awaitRest(LONG)).isTrue();
    }

    private static boolean feederWaits() {
        await().until(() -> CoroutineRegistry.snapshot().stream()
                .anyMatch(each -> each.name().equals("feeder") && each.state().equals("waiting")));
        return true;
    }

    @Test
    void anEndlessTaskHoldsUpItsKeyAndNothingElse() throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 2, 50, true).share();
        AtomicInteger blocked = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        share.submit("stuck", never::await);
        for (int i = 0; i < 20; i++) {
            share.submit("stuck", blocked::incrementAndGet);
            share.submit("free", others::incrementAndGet);
        }

        await().until(() -> others.get() == 20);

        assertThat(blocked).hasValue(0);
        assertThat(share.waiting()).isEqualTo(20);
    }

    @Test
    void aSourceWhoseTasksNeverEndLeavesTheOthersTheirPart() throws Exception {
        Lanes lanes = Lanes.open(scope, "lane", 32, 32, true);
        LaneShare stuck = lanes.share();
        LaneShare free = lanes.share();
        AtomicInteger done = new AtomicInteger();
        scope.go("stuck feeder", () -> {
            while (stuck.submit(null, never::await)) {
                // until it blocks
            }
        });
        await().until(() -> stuck.running() == 28 && stuck.waiting() == 28);

        for (int i = 0; i < 500; i++) {
            assertThat(free.submit(null, done::incrementAndGet)).isTrue();
        }

        await().until(() -> done.get() == 500);
    }

    @Test
    void aShareThatComesWhenAllIsTakenGetsItsPartOfWhatBecomesFree() throws Exception {
        Lanes lanes = Lanes.open(scope, "lane", 8, 8, true);
        LaneShare first = lanes.share();
        List<CountDownLatch> latches = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            CountDownLatch latch = new CountDownLatch(1);
            latches.add(latch);
            first.submit(null, latch::await);
        }
        for (int i = 0; i < 4; i++) {
            first.submit(null, never::await);
        }
        AtomicBoolean ran = new AtomicBoolean();
        LaneShare second = lanes.share();
        second.submit(null, () -> ran.set(true));
        assertThat(ran).isFalse();

        latches.getFirst().countDown();

        await().untilTrue(ran);
    }

    @Test
    void pokedAWaitingSubmitReturnsWithoutEffect() throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 1, 1, true).share();
        share.submit(null, never::await);
        share.submit(null, never::await);
        List<Boolean> answers = new CopyOnWriteArrayList<>();
        scope.go("feeder", () -> answers.add(share.submit(null, never::await)));
        assertThat(feederWaits()).isTrue();

        share.poke();

        await().untilAsserted(() -> assertThat(answers).containsExactly(false));
        assertThat(share.waiting()).isEqualTo(1);
    }

    @Test
    void heldItBeginsNothingUntilItIsLetGo() throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 4, 100, true).share();
        AtomicInteger done = new AtomicInteger();
        share.hold(true);
        for (int i = 0; i < 50; i++) {
            share.submit(i % 7, done::incrementAndGet);
        }
        assertThat(share.waiting()).isEqualTo(50);
        assertThat(share.running()).isZero();

        share.hold(false);

        assertThat(share.awaitRest(LONG)).isTrue();
        assertThat(done).hasValue(50);
    }

    @Test
    void whatIsDroppedNeverBeginsAndItsKeysAreFreeAgain() throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 1, 100, true).share();
        CountDownLatch go = new CountDownLatch(1);
        List<String> begun = new CopyOnWriteArrayList<>();
        share.submit("a", go::await);
        share.submit("a", () -> begun.add("a"));
        share.submit("b", () -> begun.add("b"));
        share.submit(null, () -> begun.add("none"));

        assertThat(share.dropWaiting()).isEqualTo(3);
        share.submit("a", () -> begun.add("a again"));
        share.submit("b", () -> begun.add("b again"));
        go.countDown();

        assertThat(share.awaitRest(LONG)).isTrue();
        assertThat(begun).containsExactlyInAnyOrder("a again", "b again");
    }

    @Test
    void anInterruptReachesTheTasksOfItsShareAndNoOther() throws Exception {
        Lanes lanes = Lanes.open(scope, "lane", 8, 8, true);
        LaneShare one = lanes.share();
        LaneShare two = lanes.share();
        AtomicInteger interrupted = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            one.submit(null, () -> {
                try {
                    never.await();
                } catch (InterruptedException _) {
                    interrupted.incrementAndGet();
                }
            });
        }
        two.submit(null, never::await);

        one.interrupt();

        assertThat(one.awaitRest(LONG)).isTrue();
        assertThat(interrupted).hasValue(3);
        assertThat(two.running()).isEqualTo(1);
    }

    @Test
    void anInterruptThatATaskLeavesBehindIsNotTheNextOnes() throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 1, 8, true).share();
        CountDownLatch begun = new CountDownLatch(1);
        List<Boolean> next = new CopyOnWriteArrayList<>();
        share.submit(null, () -> {
            begun.countDown();
            try {
                never.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        share.submit(null, () -> next.add(Thread.interrupted()));
        begun.await();

        share.interrupt();

        assertThat(share.awaitRest(LONG)).isTrue();
        assertThat(next).containsExactly(false);
    }

    @Test
    void closedItTakesNothingAndItsTasksMayFinish() throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 1, 8, true).share();
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            share.submit(null, () -> {
                go.await();
                done.incrementAndGet();
            });
        }

        share.close();

        assertThat(share.submit(null, done::incrementAndGet)).isFalse();
        assertThat(share.awaitRest(Duration.ofMillis(1))).isFalse();
        go.countDown();
        assertThat(share.awaitRest(LONG)).isTrue();
        assertThat(done).hasValue(1);
    }

    @Test
    void whatATaskThrowsEndsNeitherItsThreadNorTheOthers() throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 1, 8, true).share();
        AtomicInteger done = new AtomicInteger();
        share.submit("k", () -> {
            throw new AssertionError("a bug");
        });
        share.submit("k", done::incrementAndGet);

        assertThat(share.awaitRest(LONG)).isTrue();
        assertThat(done).hasValue(1);
        assertThat(scope.failure()).isEmpty();
    }

    @Test
    void tellsWhichTaskRunsForHowLongAndWhere() throws Exception {
        Lanes lanes = Lanes.open(scope, "lane", 2, 8, true);
        LaneShare share = lanes.share();
        Body stuck = () -> never.await();
        share.submit("k", stuck);

        await().until(() -> lanes.running(Duration.ofMillis(50)).size() == 1);

        Lanes.Running running = lanes.running(Duration.ZERO).getFirst();
        assertThat(running.task()).isSameAs(stuck);
        assertThat(running.thread()).startsWith("lane-");
        assertThat(running.since()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        assertThat(running.where()).startsWith("dev.kafkaloom.coroutine.LanesTest.lambda$");
        assertThat(lanes.running(Duration.ofHours(1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void runsOnTheKindOfThreadThatIsAskedFor(boolean virtual) throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 2, 8, virtual).share();
        List<Boolean> kinds = new CopyOnWriteArrayList<>();

        share.submit(null, () -> kinds.add(Thread.currentThread().isVirtual()));

        await().untilAsserted(() -> assertThat(kinds).containsExactly(virtual));
    }

    @Test
    void closingTheScopeEndsThreadsAtWorkAndAtRest() throws Exception {
        Scope inner = scope.child("inner");
        LaneShare share = Lanes.open(inner, "lane", 100, 200, true).share();
        CountDownLatch begun = new CountDownLatch(50);
        for (int i = 0; i < 50; i++) {
            share.submit(null, () -> {
                begun.countDown();
                never.await();
            });
        }
        for (int i = 0; i < 50; i++) {
            share.submit(null, () -> {});
        }
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(inner.close(LONG)).isEmpty();

        assertThat(share.awaitRest(LONG)).isTrue();
    }

    /** Several feeders, keyed and not, holding, poking and dropping in between: the books are right at the end and nothing hangs. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 40})
    void nothingIsLostOrStuckUnderEverythingAtOnce(int maxRunning) throws Exception {
        Lanes lanes = Lanes.open(scope, "lane", maxRunning, 20, true);
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<LaneShare> shares =
                IntStream.range(0, 6).mapToObj(_ -> lanes.share()).toList();
        List<Coroutine> feeders = new ArrayList<>();
        for (int s = 0; s < shares.size(); s++) {
            LaneShare share = shares.get(s);
            Random random = new Random(s);
            feeders.add(scope.go("feeder", () -> {
                for (int i = 0; i < 1_000; i++) {
                    Object key = random.nextInt(3) == 0 ? null : random.nextInt(10);
                    while (!share.submit(key, () -> {
                        most.accumulateAndGet(lanes.running(), Math::max);
                        Thread.yield();
                        ran.incrementAndGet();
                    })) {
                        Thread.yield();
                    }
                    if (random.nextInt(200) == 0) {
                        lost.addAndGet(share.dropWaiting());
                    }
                }
            }));
        }
        Coroutine disturber = scope.go("disturber", () -> {
            Random random = new Random(99);
            while (true) {
                LaneShare share = shares.get(random.nextInt(shares.size()));
                share.poke();
                share.hold(true);
                Thread.sleep(1);
                share.hold(false);
            }
        });

        for (Coroutine feeder : feeders) {
            assertThat(feeder.join(LONG)).isTrue();
        }
        disturber.interrupt();
        assertThat(disturber.join(LONG)).isTrue();
        for (LaneShare share : shares) {
            share.hold(false);
            assertThat(share.awaitRest(LONG)).isTrue();
        }

        assertThat(ran.get() + lost.get()).isEqualTo(6_000);
        assertThat(most.get()).isLessThanOrEqualTo(maxRunning);
    }
}
