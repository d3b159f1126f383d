package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordFeedTest {
    private final RecordFeed feed = new RecordFeed();

    private void pass(int lines) {
        for (int i = 1; i <= lines; i++) {
            feed.pass("line " + i);
        }
    }

    @Test
    void littleIsShownWhole() {
        feed.watch(true);
        pass(3);
        assertThat(feed.glance(5)).containsExactly("line 1", "line 2", "line 3");
        assertThat(feed.glance(5)).isEmpty();
    }

    @Test
    void aFloodIsShownAsItsNewestLineAndACount() {
        feed.watch(true);
        pass(1000);
        assertThat(feed.glance(5)).containsExactly("line 1000   (and 999 more)");
        assertThat(feed.passed()).isEqualTo(1000);
    }

    @Test
    void nothingIsKeptWhileNobodyLooks() {
        pass(10);
        feed.watch(true);
        assertThat(feed.glance(5)).isEmpty();
        pass(2);
        feed.watch(false);
        assertThat(feed.glance(5)).isEmpty();
        assertThat(feed.passed()).isEqualTo(12);
    }
}
