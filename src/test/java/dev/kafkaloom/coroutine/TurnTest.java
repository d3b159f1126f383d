package dev.kafkaloom.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class TurnTest {
    private static final int CARRIERS = Integer.getInteger(
            "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());

    private static void compute(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    /** With Thread.yield() alone it would wait until these have nothing left to do. */
    @Test
    void othersRunWhileAsManyLoopsComputeAsThereAreCarriers() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch computing = new CountDownLatch(CARRIERS);
        Semaphore questions = new Semaphore(0);
        Semaphore answers = new Semaphore(0);
        try (Scope scope = Scope.open("test")) {
            scope.go("other", () -> {
                while (true) {
                    questions.acquire();
                    answers.release();
                }
            });
            for (int i = 0; i < CARRIERS; i++) {
                scope.go("loop-" + i, () -> {
                    Turn turn = new Turn();
                    while (!over.get()) {
                        compute(25);
                        computing.countDown();
                        turn.pass();
                    }
                });
            }
            computing.await();
            int answered = 0;
            for (int i = 0; i < 5; i++) {
                questions.release();
                answered += answers.tryAcquire(10, TimeUnit.SECONDS) ? 1 : 0;
            }
            over.set(true);
            assertThat(answered).isEqualTo(5);
        }
    }

    @Test
    void aThreadOfTheSystemOnlyYields() {
        Turn turn = new Turn();
        compute(25);
        long begun = System.nanoTime();
        turn.pass();
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }
}
