package dev.kafkaloom.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks of {@link Lanes} that put themselves off. */
@Timeout(60)
class PostponedTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final Scope scope = Scope.open("postponed-test");

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void whatPutsItselfOffHoldsUpItsKeyAndNobodyElse() throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 1, 100, true).share();
        List<String> begun = new CopyOnWriteArrayList<>();
        CountDownLatch free = new CountDownLatch(3);
        share.submit("a", () -> {
            begun.add("a1");
            throw new Postponed(Duration.ofMillis(300), () -> {
                free.await();
                begun.add("a1 again");
            });
        });
        share.submit("a", () -> begun.add("a2"));
        for (String other : List.of("b", "c", "d")) {
            share.submit(other, () -> {
                begun.add(other);
                free.countDown();
            });
        }

        assertThat(share.awaitRest(LONG)).isTrue();

        assertThat(begun.subList(0, 4)).containsExactlyInAnyOrder("a1", "b", "c", "d");
        assertThat(begun.subList(4, 6)).containsExactly("a1 again", "a2");
        assertThat(share.waiting()).isZero();
    }

    @Test
    void whatIsPutOffIsDueInTheOrderOfItsTimeAndCountsAsWaiting() throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 8, 100, true).share();
        List<Integer> begun = new CopyOnWriteArrayList<>();
        for (int millis : List.of(400, 100, 250)) {
            share.submit(null, () -> {
                throw new Postponed(Duration.ofMillis(millis), () -> begun.add(millis));
            });
        }
        await().atMost(LONG).until(() -> share.running() == 0);
        int waited = share.waiting();

        assertThat(share.awaitRest(LONG)).isTrue();

        assertThat(waited).isPositive();
        assertThat(begun).containsExactly(100, 250, 400);
    }

    @Test
    void whatIsPutOffNeverBeginsOnceAllIsDroppedOrClosed() throws Exception {
        LaneShare share = Lanes.open(scope, "lane", 2, 100, true).share();
        List<String> begun = new CopyOnWriteArrayList<>();
        CountDownLatch dropped = new CountDownLatch(1);
        Body putOff = () -> {
            throw new Postponed(Duration.ofHours(1), () -> begun.add("put off"));
        };
        share.submit("a", putOff);
        share.submit("b", () -> {
            dropped.await();
            putOff.run();
        });
        await().atMost(LONG).until(() -> share.running() == 1);

        share.dropWaiting();
        dropped.countDown();

        assertThat(share.awaitRest(LONG)).as("dropped").isTrue();
        share.submit("a", () -> begun.add("a again"));
        share.submit("b", () -> begun.add("b again"));
        assertThat(share.awaitRest(LONG)).isTrue();
        assertThat(begun).containsExactlyInAnyOrder("a again", "b again");
        share.submit("a", putOff);
        await().atMost(LONG).until(() -> share.running() == 0);
        share.close();
        assertThat(share.awaitRest(LONG)).as("closed").isTrue();
    }
}
