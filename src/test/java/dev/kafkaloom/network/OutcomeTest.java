package dev.kafkaloom.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OutcomeTest {
    private static final Duration LONG = Duration.ofSeconds(25);

    private final Outcome<String> outcome = new Outcome<>();
    private final Scope scope = Scope.open("waiters");

    @AfterEach
    void end() {
        scope.close();
    }

    @Test
    void everyoneWhoWaitsIsWoken() throws Exception {
        AtomicInteger woken = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(5);
        for (int i = 0; i < 5; i++) {
            scope.go("waiter-" + i, () -> {
                begun.countDown();
                if (outcome.await(LONG) && outcome.get().equals("it")) {
                    woken.incrementAndGet();
                }
            });
        }
        begun.await();
        Awaitility.await().until(outcome::isAwaited);
        outcome.complete("it");
        outcome.complete("another");
        scope.join();
        assertThat(woken).hasValue(5);
    }

    @Test
    void aShortTimeIsKeptWithoutAnyonesHelp() throws Exception {
        assertThat(outcome.await(Duration.ofMillis(20))).isFalse();
        assertThat(outcome.isAwaited()).isFalse();
        assertThatThrownBy(outcome::get).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLongTimeIsKeptByTheTicks() throws Exception {
        AtomicReference<Boolean> answered = new AtomicReference<>();
        Coroutine waiter = scope.go("waiter", () -> answered.set(outcome.await(Duration.ofMillis(1200))));
        while (!waiter.join(Duration.ofMillis(10))) {
            outcome.tick(System.nanoTime());
        }
        assertThat(answered).hasValue(false);
    }

    @Test
    void anInterruptEndsTheWaitAtOnce() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Coroutine waiter = scope.go("waiter", () -> {
            try {
                outcome.await(LONG);
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        });
        Awaitility.await().until(outcome::isAwaited);
        waiter.interrupt();
        assertThat(waiter.join(LONG)).isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aFailureIsTheSameForEveryone() throws Exception {
        IllegalStateException cause = new IllegalStateException("gone");
        outcome.fail(cause);
        assertThat(outcome.await(Duration.ZERO)).isTrue();
        assertThatThrownBy(outcome::get).isSameAs(cause);
    }
}
