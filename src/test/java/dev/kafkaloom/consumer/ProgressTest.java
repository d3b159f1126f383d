package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {
    private final Progress progress = new Progress(new TopicPartition("orders", 3), 7, 100);

    @Test
    void startsCommittedWithNothingToDo() {
        assertThat(progress.committable()).isEqualTo(100);
        assertThat(progress.committed()).isEqualTo(100);
        assertThat(progress.incomplete()).isZero();
        assertThat(progress.needsCommit()).isFalse();
        assertThat(progress.partition()).hasToString("orders-3");
        assertThat(progress.assignmentEpoch()).isEqualTo(7);
    }

    @Test
    void deliveredButNotDoneHoldsThePrefix() {
        progress.delivered(100, 110);

        assertThat(progress.committable()).isEqualTo(100);
        assertThat(progress.incomplete()).isEqualTo(10);
        assertThat(progress.needsCommit()).isFalse();
    }

    @Test
    void prefixStopsAtTheFirstRangeThatIsNotDone() {
        progress.delivered(100, 110);
        progress.delivered(110, 120);
        progress.delivered(120, 130);

        progress.done(110, 120);
        assertThat(progress.committable()).isEqualTo(100);
        assertThat(progress.highestDone()).isEqualTo(120);
        assertThat(progress.gap()).isEqualTo(20);

        progress.done(100, 110);
        assertThat(progress.committable()).isEqualTo(120);
        assertThat(progress.gap()).isZero();
        assertThat(progress.incomplete()).isEqualTo(10);
    }

    @Test
    void offsetsThatHoldNothingBetweenTwoRangesAreNoObstacle() {
        progress.delivered(100, 105);
        progress.delivered(400, 405);

        progress.done(100, 105);
        assertThat(progress.committable()).isEqualTo(400);
        progress.done(400, 405);
        assertThat(progress.committable()).isEqualTo(405);
    }

    @Test
    void skippedOffsetsAreCommittedOnlyAfterWhatIsBeforeThem() {
        progress.delivered(100, 101);
        progress.skip(500);
        assertThat(progress.committable()).isEqualTo(100);

        progress.done(100, 101);
        assertThat(progress.committable()).isEqualTo(500);
    }

    @Test
    void skipNeverGoesBack() {
        progress.skip(200);
        progress.skip(150);
        assertThat(progress.committable()).isEqualTo(200);
    }

    @Test
    void doingTwiceOrWhatWasNeverDeliveredChangesNothing() {
        progress.delivered(100, 110);
        progress.done(100, 105);
        progress.done(100, 105);
        progress.done(110, 4000);
        progress.done(0, 100);

        assertThat(progress.committable()).isEqualTo(105);
        assertThat(progress.incomplete()).isEqualTo(5);
        assertThat(progress.highestDone()).isEqualTo(105);
    }

    @Test
    void deliveredAgainIsIgnored() {
        progress.delivered(100, 110);
        progress.done(100, 110);
        progress.delivered(105, 112);

        assertThat(progress.incomplete()).isEqualTo(2);
        assertThat(progress.committable()).isEqualTo(110);
    }

    @Test
    void afterTheFenceNothingMovesAndLateWorkIsCounted() {
        progress.delivered(100, 110);
        assertThat(progress.fence()).isTrue();
        assertThat(progress.fence()).isFalse();

        progress.done(100, 110);
        progress.skip(200);
        progress.delivered(110, 120);

        assertThat(progress.isFenced()).isTrue();
        assertThat(progress.committable()).isEqualTo(100);
        assertThat(progress.committed(110)).isFalse();
        assertThat(progress.committed()).isEqualTo(100);
        assertThat(progress.lateDones()).isEqualTo(1);
        assertThat(progress.needsCommit()).isFalse();
    }

    @Test
    void committedIsWhatTheCoordinatorAccepted() {
        progress.delivered(100, 110);
        progress.done(100, 110);
        assertThat(progress.needsCommit()).isTrue();

        assertThat(progress.committed(110)).isTrue();
        assertThat(progress.needsCommit()).isFalse();
    }

    @Test
    void seekBackMakesThePrefixGoBackAndBeCommittedAgain() {
        progress.delivered(100, 110);
        progress.done(100, 110);
        assertThat(progress.committed(110)).isTrue();

        progress.seek(50);
        assertThat(progress.committable()).isEqualTo(50);
        assertThat(progress.needsCommit()).isTrue();

        progress.delivered(50, 60);
        progress.done(50, 60);
        assertThat(progress.committable()).isEqualTo(60);
    }

    @Test
    void tellsOnlyWhenThePrefixMoves() {
        AtomicInteger advances = new AtomicInteger();
        progress.onAdvance(advances::incrementAndGet);

        progress.delivered(100, 120);
        progress.done(110, 120);
        assertThat(advances).hasValue(0);
        progress.done(100, 110);
        assertThat(advances).hasValue(1);
        progress.skip(130);
        assertThat(advances).hasValue(2);
    }

    @Test
    void knowsTheLeaderEpochOfTheRecordBeforeThePrefixsEnd() {
        Progress started = new Progress(new TopicPartition("t", 0), 1, new StartAt(100, 3));
        assertThat(started.committablePosition()).isEqualTo(new StartAt(100, 3));
        started.delivered(100, 110, 3);
        started.delivered(110, 120, 4);
        started.delivered(120, 130, 4);
        started.skip(140, 6);

        started.done(110, 130);
        assertThat(started.committablePosition()).isEqualTo(new StartAt(100, 3));
        started.done(100, 109);
        assertThat(started.committablePosition()).isEqualTo(new StartAt(109, 3));
        started.done(109, 110);
        assertThat(started.committablePosition()).isEqualTo(new StartAt(140, 6));

        started.delivered(140, 150, 6);
        started.done(140, 145);
        assertThat(started.leaderEpoch()).isEqualTo(6);
    }

    @Test
    void aPrefixThatEndsWhereAnEpochBeginsIsOfTheEpochBefore() {
        progress.delivered(100, 110, 1);
        progress.delivered(110, 120, 2);

        progress.done(100, 110);
        assertThat(progress.committablePosition()).isEqualTo(new StartAt(110, 1));
        progress.done(110, 111);
        assertThat(progress.committablePosition()).isEqualTo(new StartAt(111, 2));
    }

    @Test
    void aSeekForgetsTheEpochsBeforeIt() {
        progress.delivered(100, 110, 1);
        progress.done(100, 110);

        progress.seek(50);
        assertThat(progress.leaderEpoch()).isEqualTo(StartAt.UNKNOWN_EPOCH);
        progress.seek(new StartAt(60, 5));
        assertThat(progress.committablePosition()).isEqualTo(new StartAt(60, 5));
    }

    @Test
    void saysOfWorkThatComesLateThatItDoesNotCount() {
        progress.delivered(100, 110);
        assertThat(progress.done(100, 101)).isTrue();
        progress.fence();
        assertThat(progress.done(101, 110)).isFalse();
    }

    @Test
    void aRangeMustBeARange() {
        assertThatThrownBy(() -> progress.delivered(10, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[10, 10)");
        assertThatThrownBy(() -> progress.done(-1, 10)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Random interleavings of everything against a model that keeps one entry per offset. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithANaiveModel(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            Model model = new Model(random.nextInt(50));
            Progress real = new Progress(new TopicPartition("t", 0), run, model.deliveredNext);
            for (int step = 0; step < 200; step++) {
                randomStep(random, model, real);
                assertThat(real.committable())
                        .as("prefix, seed %d run %d step %d", seed, run, step)
                        .isEqualTo(model.prefix());
                assertThat(real.incomplete()).isEqualTo(model.open.size());
                assertThat(real.highestDone()).isEqualTo(model.highestDone);
                assertThat(real.deliveredNext()).isEqualTo(model.deliveredNext);
            }
        }
    }

    private static void randomStep(Random random, Model model, Progress real) {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> {
                long first = model.deliveredNext + (random.nextInt(4) == 0 ? random.nextInt(5) : 0);
                long next = first + 1 + random.nextInt(8);
                model.delivered.add(new long[] {first, next});
                model.deliver(first, next);
                real.delivered(first, next);
            }
            case 5 -> {
                long to = model.deliveredNext + random.nextInt(6);
                model.deliveredNext = to;
                real.skip(to);
            }
            case 6 -> {
                if (random.nextInt(10) == 0) {
                    long to = random.nextInt(200);
                    model.seek(to);
                    real.seek(to);
                }
            }
            case 7, 8, 9 -> {
                long first = Math.max(0, model.deliveredNext - random.nextInt(40));
                long next = first + 1 + random.nextInt(30);
                model.done(first, next);
                real.done(first, next);
            }
            default -> {
                if (!model.delivered.isEmpty()) {
                    long[] range = model.delivered.remove(random.nextInt(model.delivered.size()));
                    model.done(range[0], range[1]);
                    real.done(range[0], range[1]);
                }
            }
        }
    }

    @Test
    void agreesWithItselfUnderConcurrentWorkers() throws InterruptedException {
        int ranges = 5000;
        List<long[]> work = new ArrayList<>();
        for (int i = 0; i < ranges; i++) {
            progress.delivered(100 + i * 3L, 103 + i * 3L);
            work.add(new long[] {100 + i * 3L, 103 + i * 3L});
        }
        AtomicInteger next = new AtomicInteger();
        AtomicInteger advances = new AtomicInteger();
        progress.onAdvance(advances::incrementAndGet);
        List<Thread> workers = new ArrayList<>();
        for (int w = 0; w < 8; w++) {
            workers.add(Thread.startVirtualThread(() -> {
                for (int i = next.getAndIncrement(); i < ranges; i = next.getAndIncrement()) {
                    progress.done(work.get(i)[0], work.get(i)[1]);
                }
            }));
        }
        for (Thread worker : workers) {
            assertThat(worker.join(java.time.Duration.ofSeconds(10))).isTrue();
        }

        assertThat(progress.committable()).isEqualTo(100 + ranges * 3L);
        assertThat(progress.incomplete()).isZero();
        assertThat(advances.get()).isBetween(1, ranges);
    }

    /** One entry per offset, nothing clever. */
    private static final class Model {
        private final Set<Long> open = new HashSet<>();
        private final List<long[]> delivered = new ArrayList<>();
        private long deliveredNext;
        private long highestDone;

        Model(long start) {
            deliveredNext = start;
            highestDone = start;
        }

        void deliver(long first, long next) {
            for (long o = first; o < next; o++) {
                open.add(o);
            }
            deliveredNext = next;
        }

        void done(long first, long next) {
            for (long o = first; o < next; o++) {
                if (open.remove(o)) {
                    highestDone = Math.max(highestDone, o + 1);
                }
            }
        }

        void seek(long to) {
            open.clear();
            delivered.clear();
            deliveredNext = to;
            highestDone = to;
        }

        long prefix() {
            return open.stream().mapToLong(Long::longValue).min().orElse(deliveredNext);
        }
    }
}
