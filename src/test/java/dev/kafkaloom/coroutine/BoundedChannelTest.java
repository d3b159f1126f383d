package dev.kafkaloom.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BoundedChannelTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void keepsTheOrderAndNeverHoldsMoreThanItsCapacity() throws Exception {
        var channel = new BoundedChannel<Integer>(2);
        List<Integer> taken = new ArrayList<>();
        try (Scope scope = Scope.open("t")) {
            scope.go("putter", () -> {
                for (int i = 0; i < 1000; i++) {
                    channel.put(i);
                }
                channel.close();
            });
            for (int i = 0; i < 1000; i++) {
                assertThat(channel.size()).isLessThanOrEqualTo(2);
                taken.add(channel.take());
            }
        }
        assertThat(taken).hasSize(1000).isSorted();
        assertThatThrownBy(channel::take).isInstanceOf(ChannelClosed.class);
    }

    @Test
    void whatWasInsideAtTheCloseCanStillBeTaken() throws Exception {
        var channel = new BoundedChannel<String>(4);
        channel.put("a");
        channel.close();
        assertThatThrownBy(() -> channel.put("b")).isInstanceOf(ChannelClosed.class);
        assertThat(channel.poll(Duration.ZERO)).contains("a");
        assertThatThrownBy(() -> channel.poll(Duration.ZERO)).isInstanceOf(ChannelClosed.class);
    }

    @Test
    void closeWakesThoseWhoWaitOnBothEnds() throws Exception {
        var full = new BoundedChannel<String>(1);
        var empty = new BoundedChannel<String>(1);
        full.put("a");
        try (Scope scope = Scope.open("t");
                Scope other = Scope.open("u")) {
            Coroutine putter = scope.go("channel/putter", () -> full.put("b"));
            Coroutine taker = other.go("channel/taker", empty::take);
            await().until(() -> waits("channel/putter") && waits("channel/taker"));
            full.close();
            empty.close();
            assertThat(putter.join(SOON) && taker.join(SOON)).isTrue();
            assertThat(List.of(putter.failure(), taker.failure()))
                    .allSatisfy(f -> assertThat(f).get().isInstanceOf(ChannelClosed.class));
        }
    }

    @Test
    void pollGivesUpAtItsDeadlineAndOfferWhenFull() throws Exception {
        var channel = new BoundedChannel<String>(1);
        assertThat(channel.poll(Duration.ofMillis(1))).isEqualTo(Optional.empty());
        assertThat(channel.offer("a")).isTrue();
        assertThat(channel.offer("b")).isFalse();
    }

    private static boolean waits(String name) {
        return CoroutineRegistry.snapshot().stream()
                .anyMatch(info -> info.name().equals(name) && info.state().equals("waiting"));
    }
}
