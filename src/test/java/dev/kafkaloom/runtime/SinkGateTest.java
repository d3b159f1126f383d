package dev.kafkaloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SinkGateTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final Scope scope = Scope.open("gate-test");
    private final AtomicInteger passed = new AtomicInteger();

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void openAndWithoutALimitNobodyWaits() throws Exception {
        SinkGate gate = new SinkGate(0);

        for (int i = 0; i < 1_000_000; i++) {
            gate.pass(1, () -> true);
        }

        assertThat(gate.isPaused()).isFalse();
    }

    @Test
    void noMoreThanTheLimitPassASecondHoweverManyWait() throws Exception {
        SinkGate gate = new SinkGate(100);
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            scope.go("passer", () -> {
                for (int n = 0; n < 5; n++) {
                    gate.pass(1, () -> false);
                    passed.incrementAndGet();
                }
            });
        }

        await().atMost(LONG).until(() -> passed.get() == 100);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(950));
    }

    @Test
    void aNewLimitIsForThoseWhoWaitAsWell() throws Exception {
        SinkGate gate = new SinkGate(1);
        gate.pass(1_000, () -> false);
        Coroutine waits = scope.go("passer", () -> gate.pass(1, () -> false));

        gate.limit(0);

        assertThat(waits.join(LONG)).isTrue();
        assertThat(gate.limit()).isZero();
    }

    @Test
    void whatPassedUnderALowLimitDoesNotHoldUpAHigherOne() throws Exception {
        SinkGate gate = new SinkGate(1);
        gate.pass(1_000, () -> false); // came with a batch of a thousand before the limit was as low as that

        gate.limit(1_000_000);

        assertThat(scope.go("passer", () -> gate.pass(1, () -> false)).join(LONG))
                .isTrue();
    }

    @Test
    void shutNobodyPassesUntilItIsOpened() throws Exception {
        SinkGate gate = new SinkGate(0);
        gate.pause(true);
        for (int i = 0; i < 10; i++) {
            scope.go("passer", () -> {
                gate.pass(1, () -> false);
                passed.incrementAndGet();
            });
        }
        Coroutine looker = scope.go("looker", () -> gate.awaitOpen(() -> false));
        assertThat(looker.join(Duration.ofMillis(150))).isFalse();
        assertThat(passed).hasValue(0);

        gate.pause(false);

        await().atMost(LONG).until(() -> passed.get() == 10);
        assertThat(looker.join(LONG)).isTrue();
    }

    @Test
    void whoGivesUpIsInterruptedAndLeavesTheOthersTheirTurn() throws Exception {
        SinkGate gate = new SinkGate(0);
        gate.pause(true);
        AtomicBoolean givenUp = new AtomicBoolean();
        for (int i = 0; i < 10; i++) {
            scope.go("passer", () -> {
                gate.pass(1, () -> false);
                passed.incrementAndGet();
            });
        }
        Coroutine given = scope.go(
                "given up",
                () -> assertThatThrownBy(() -> gate.pass(1, givenUp::get)).isInstanceOf(InterruptedException.class));

        givenUp.set(true);

        assertThat(given.join(LONG)).isTrue();
        assertThat(given.failure()).isEmpty();
        gate.pause(false);
        await().atMost(LONG).until(() -> passed.get() == 10);
    }
}
