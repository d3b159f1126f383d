package dev.kafkaloom.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchdogTest {
    @Test
    void namesTheVirtualThreadsThatHoldTheCarriers() throws Exception {
        var stop = new AtomicBoolean();
        var alarm = new CompletableFuture<Watchdog.Alarm>();
        try (Scope scope = Scope.open("t")) {
            Watchdog watchdog = Watchdog.start(scope, Duration.ofMillis(200), alarm::complete);
            try {
                int carriers = Integer.getInteger(
                        "jdk.virtualThreadScheduler.parallelism",
                        Runtime.getRuntime().availableProcessors());
                for (int i = 0; i < carriers; i++) {
                    scope.go("spinner-" + i, () -> {
                        while (!stop.get()) {
                            Thread.onSpinWait();
                        }
                    });
                }
                Watchdog.Alarm raised = alarm.get(30, TimeUnit.SECONDS);
                assertThat(raised.holders()).isNotEmpty().allMatch(name -> name.startsWith("spinner-"));
                assertThat(raised.delay()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
            } finally {
                stop.set(true);
            }
            await().untilAsserted(
                            () -> assertThat(watchdog.worstDelay()).isGreaterThanOrEqualTo(Duration.ofMillis(200)));
        }
    }

    @Test
    void staysSilentWhileVirtualThreadsGetTheirTurn() {
        var alarms = new AtomicInteger();
        try (Scope scope = Scope.open("t")) {
            Watchdog watchdog = Watchdog.start(scope, Duration.ofSeconds(20), _ -> alarms.incrementAndGet());
            await().until(() -> watchdog.worstDelay().isPositive());
        }
        assertThat(alarms).hasValue(0);
    }

    @Test
    void endsWithItsScope() {
        Scope scope = Scope.open("t");
        Watchdog watchdog = Watchdog.start(scope, Duration.ofSeconds(20), _ -> {});
        assertThat(scope.close(Duration.ofSeconds(10))).isEmpty();
        assertThat(watchdog.worstDelay().isNegative()).isFalse();
    }
}
