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
    void namesWhoHoldsTheCarriersForHowLongAndWhereAndSaysWhenItIsOver() throws Exception {
        var stop = new AtomicBoolean();
        var heard = new Heard();
        try (Scope scope = Scope.open("t")) {
            Watchdog watchdog = Watchdog.start(scope, Duration.ofMillis(200), heard);
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
                Watchdog.Alarm raised = heard.starving.get(30, TimeUnit.SECONDS);
                assertThat(raised.holders())
                        .isNotEmpty()
                        .allSatisfy(holder -> assertThat(holder.name()).startsWith("spinner-"))
                        .allSatisfy(holder -> assertThat(holder.where()).contains("WatchdogTest"))
                        .anySatisfy(holder -> assertThat(holder.held()).isGreaterThan(Duration.ofMillis(150)));
                assertThat(raised.delay()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
                assertThat(raised.toString()).contains("waiting for a carrier", "spinner-", " ms at ");
                await().until(() -> watchdog.starvation()
                        .filter(now -> now.delay().compareTo(raised.delay()) > 0)
                        .isPresent());
                assertThat(heard.over).isNotDone();
            } finally {
                stop.set(true);
            }
            assertThat(heard.over.get(30, TimeUnit.SECONDS)).isGreaterThan(Duration.ofMillis(200));
            assertThat(watchdog.starvation()).isEmpty();
            assertThat(watchdog.worstDelay()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
        assertThat(heard.times).hasValue(1);
    }

    @Test
    void staysSilentWhileVirtualThreadsGetTheirTurn() {
        var heard = new Heard();
        try (Scope scope = Scope.open("t")) {
            Watchdog watchdog = Watchdog.start(scope, Duration.ofSeconds(20), heard);
            await().until(() -> watchdog.worstDelay().isPositive());
            assertThat(watchdog.starvation()).isEmpty();
        }
        assertThat(heard.times).hasValue(0);
    }

    @Test
    void endsWithItsScope() {
        Scope scope = Scope.open("t");
        Watchdog watchdog = Watchdog.start(scope, Duration.ofSeconds(20), new Heard());
        assertThat(scope.close(Duration.ofSeconds(10))).isEmpty();
        assertThat(watchdog.worstDelay().isNegative()).isFalse();
    }

    private static final class Heard implements Watchdog.Listener {
        private final CompletableFuture<Watchdog.Alarm> starving = new CompletableFuture<>();
        private final CompletableFuture<Duration> over = new CompletableFuture<>();
        private final AtomicInteger times = new AtomicInteger();

        @Override
        public void starving(Watchdog.Alarm alarm) {
            times.incrementAndGet();
            starving.complete(alarm);
        }

        @Override
        public void over(Duration delay) {
            over.complete(delay);
        }
    }
}
