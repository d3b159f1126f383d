package dev.kafkaloom.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScopeTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(30);
    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void goRunsTheBodyOnAVirtualThreadOfThatName() throws Exception {
        var seen = new CompletableFuture<Thread>();
        try (Scope scope = Scope.open("t")) {
            Coroutine it = scope.go("partition-orders-3", () -> seen.complete(Thread.currentThread()));
            assertThat(it.join(SOON)).isTrue();
            assertThat(it.state()).isEqualTo(Coroutine.State.DONE);
        }
        assertThat(seen.join().isVirtual()).isTrue();
        assertThat(seen.join().getName()).isEqualTo("partition-orders-3");
    }

    @Test
    void goPlatformRunsTheBodyOnADaemonPlatformThread() throws Exception {
        var seen = new CompletableFuture<Thread>();
        try (Scope scope = Scope.open("t")) {
            scope.goPlatform("watch", () -> seen.complete(Thread.currentThread()));
            scope.join();
        }
        assertThat(seen.join().isVirtual()).isFalse();
        assertThat(seen.join().isDaemon()).isTrue();
    }

    @Test
    void firstFailureCancelsTheSiblingsAndIsKept() throws Exception {
        try (Scope scope = Scope.open("t")) {
            Coroutine sibling = scope.go("sibling", never::await);
            Coroutine inChild = scope.child("c").go("in-child", never::await);
            Coroutine failing = scope.go("failing", () -> {
                throw new IllegalStateException("first");
            });
            assertThat(scope.join(SOON)).isTrue();
            assertThat(failing.state()).isEqualTo(Coroutine.State.FAILED);
            assertThat(sibling.state()).isEqualTo(Coroutine.State.CANCELLED);
            assertThat(inChild.state()).isEqualTo(Coroutine.State.CANCELLED);
            assertThat(scope.failure()).get().extracting(Throwable::getMessage).isEqualTo("first");
        }
    }

    @Test
    void whatACancelledCoroutineThrowsIsNotAFailureOfTheScope() throws Exception {
        try (Scope scope = Scope.open("t")) {
            Coroutine it = scope.go("it", () -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("closed by interrupt", e);
                }
            });
            scope.cancel();
            assertThat(scope.join(SOON)).isTrue();
            assertThat(it.state()).isEqualTo(Coroutine.State.CANCELLED);
            assertThat(scope.failure()).isEmpty();
        }
    }

    @Test
    void failureOfAChildScopeLeavesTheParentAlone() throws Exception {
        try (Scope scope = Scope.open("t")) {
            Coroutine beside = scope.go("beside", never::await);
            Scope child = scope.child("c");
            child.go("failing", () -> {
                throw new IllegalStateException("x");
            });
            assertThat(child.join(SOON)).isTrue();
            assertThat(scope.isCancelled()).isFalse();
            assertThat(beside.state()).isEqualTo(Coroutine.State.RUNNING);
        }
    }

    @Test
    void closeInterruptsAndJoins() {
        Scope scope = Scope.open("t");
        Coroutine one = scope.go("one", never::await);
        Coroutine two = scope.child("c").go("two", never::await);
        assertThat(scope.close(SOON)).isEmpty();
        assertThat(List.of(one.state(), two.state())).containsOnly(Coroutine.State.CANCELLED);
    }

    @Test
    void closeNamesWhatDidNotEndWithinTheDeadline() throws Exception {
        var release = new CountDownLatch(1);
        Scope scope = Scope.open("t");
        Coroutine stubborn = scope.go("stubborn", () -> awaitIgnoringInterrupts(release));
        assertThat(scope.close(MOMENT)).containsExactly("stubborn");
        release.countDown();
        assertThat(stubborn.join(SOON)).isTrue();
    }

    @Test
    void nothingStartsInAClosedScopeNorInItsChildren() {
        Scope scope = Scope.open("t");
        Scope child = scope.child("c");
        scope.close();
        assertThatThrownBy(() -> scope.go("late", () -> {}))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("late");
        assertThatThrownBy(() -> child.go("late", () -> {})).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> scope.child("d")).isInstanceOf(CancellationException.class);
    }

    @Test
    void aCoroutineMayCancelItsOwnScopeAndGoOn() throws Exception {
        try (Scope scope = Scope.open("t")) {
            Coroutine sibling = scope.go("sibling", never::await);
            Coroutine self = scope.go("self", () -> {
                scope.cancel();
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            });
            assertThat(scope.join(SOON)).isTrue();
            assertThat(self.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(sibling.state()).isEqualTo(Coroutine.State.CANCELLED);
        }
    }

    @Test
    void closingFromInsideDoesNotWaitForItself() throws Exception {
        Scope scope = Scope.open("t");
        var left = new CompletableFuture<List<String>>();
        Coroutine self = scope.child("inner").go("self", () -> left.complete(scope.close(SOON)));
        assertThat(self.join(Duration.ofSeconds(5))).isTrue();
        assertThat(left.join()).isEmpty();
    }

    @Test
    void twoCoroutinesThatCloseTheirCommonScopeDoNotWaitForEachOther() throws Exception {
        Scope scope = Scope.open("t");
        var both = new CountDownLatch(2);
        Body closing = () -> {
            both.countDown();
            awaitIgnoringInterrupts(both);
            scope.close(Duration.ofSeconds(60));
        };
        Coroutine one = scope.go("one", closing);
        Coroutine two = scope.child("c").go("two", closing);
        assertThat(one.join(SOON)).isTrue();
        assertThat(two.join(SOON)).isTrue();
    }

    @Test
    void anInterruptedCloserStillWaitsAndStaysInterrupted() throws Exception {
        var release = new CountDownLatch(1);
        var interruptedAfter = new CompletableFuture<Boolean>();
        try (Scope outer = Scope.open("outer")) {
            Scope inner = Scope.open("inner");
            Coroutine slow = inner.go("slow", () -> awaitIgnoringInterrupts(release));
            Coroutine closer = outer.go("closer", () -> {
                Thread.currentThread().interrupt();
                inner.close(SOON);
                interruptedAfter.complete(slow.state() != Coroutine.State.RUNNING
                        && Thread.currentThread().isInterrupted());
            });
            assertThat(closer.join(MOMENT)).isFalse();
            release.countDown();
            assertThat(closer.join(SOON)).isTrue();
        }
        assertThat(interruptedAfter.join()).isTrue();
    }

    @Test
    void superviseStartsAgainAndCountsUntilTheBodyReturns() throws Exception {
        var runs = new AtomicInteger();
        try (Scope scope = Scope.open("t")) {
            Coroutine it = scope.supervise("it", Restart.onException(Duration.ZERO, Duration.ofMillis(1)), () -> {
                if (runs.incrementAndGet() < 4) {
                    throw new IllegalStateException("run " + runs);
                }
            });
            assertThat(it.join(SOON)).isTrue();
            assertThat(it.state()).isEqualTo(Coroutine.State.DONE);
            assertThat(it.restarts()).isEqualTo(3);
            assertThat(scope.failure()).isEmpty();
            assertThat(scope.isCancelled()).isFalse();
        }
    }

    @Test
    void superviseGivesUpOnWhatCannotHealAndFailsTheScope() throws Exception {
        var policy =
                new Restart(Duration.ZERO, Duration.ofMillis(1), failure -> !(failure instanceof SecurityException));
        var runs = new AtomicInteger();
        try (Scope scope = Scope.open("t")) {
            Coroutine sibling = scope.go("sibling", never::await);
            Coroutine it = scope.supervise("it", policy, () -> {
                throw runs.incrementAndGet() == 1
                        ? new IllegalStateException("heals")
                        : new SecurityException("does not");
            });
            assertThat(scope.join(SOON)).isTrue();
            assertThat(it.state()).isEqualTo(Coroutine.State.FAILED);
            assertThat(it.restarts()).isEqualTo(1);
            assertThat(sibling.state()).isEqualTo(Coroutine.State.CANCELLED);
            assertThat(scope.failure()).get().isInstanceOf(SecurityException.class);
        }
    }

    @Test
    void cancelEndsTheBackOffOfASupervisedOne() throws Exception {
        var failed = new CountDownLatch(1);
        Scope scope = Scope.open("t");
        Coroutine it = scope.supervise("it", Restart.onException(Duration.ofHours(1), Duration.ofHours(1)), () -> {
            failed.countDown();
            throw new IllegalStateException("x");
        });
        assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(scope.close(SOON)).isEmpty();
        assertThat(it.state()).isEqualTo(Coroutine.State.CANCELLED);
    }

    @Test
    void backOffDoublesUpToItsMaximum() {
        Restart policy = Restart.onException(Duration.ofMillis(100), Duration.ofMillis(350));
        Duration second = policy.next(policy.next(null));
        assertThat(policy.next(null)).isEqualTo(Duration.ofMillis(100));
        assertThat(second).isEqualTo(Duration.ofMillis(200));
        assertThat(policy.next(second)).isEqualTo(Duration.ofMillis(350));
    }

    private static void awaitIgnoringInterrupts(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException _) {
                // on purpose: plays a body that does not listen
            }
        }
    }
}
