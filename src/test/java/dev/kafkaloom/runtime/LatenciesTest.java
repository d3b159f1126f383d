package dev.kafkaloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private final Latencies latencies = new Latencies();

    @Test
    void withoutAnyItSaysZero() {
        assertThat(latencies.summary()).isEqualTo(new Latencies.Summary(0, 0, 0, 0));
    }

    @Test
    void percentilesAreWithinAnEighth() {
        for (int micros = 1; micros <= 10_000; micros++) {
            latencies.note(TimeUnit.MICROSECONDS.toNanos(micros));
        }

        Latencies.Summary summary = latencies.summary();

        assertThat(summary.p50()).isBetween(5_000L, 5_625L);
        assertThat(summary.p95()).isBetween(9_500L, 10_000L);
        assertThat(summary.p99()).isBetween(9_900L, 10_000L);
        assertThat(summary.max()).isEqualTo(10_000);
    }

    @Test
    void everyLengthHasItsPlaceUpToTheLongest() {
        latencies.note(-1);
        latencies.note(Long.MAX_VALUE);
        long before = -1;
        for (long micros = 0; micros >= 0 && micros < Long.MAX_VALUE / 3; micros = micros * 2 + 1) {
            int bucket = Latencies.bucket(micros);
            assertThat(Latencies.upper(bucket)).isGreaterThanOrEqualTo(micros).isGreaterThan(before);
            assertThat(Latencies.bucket(Latencies.upper(bucket))).isEqualTo(bucket);
            before = Latencies.upper(bucket);
        }
        assertThat(latencies.summary().max()).isEqualTo(TimeUnit.NANOSECONDS.toMicros(Long.MAX_VALUE));
    }
}
