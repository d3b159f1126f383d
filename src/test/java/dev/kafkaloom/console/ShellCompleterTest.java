package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Scope;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ShellCompleterTest {
    private final Scope scope = Scope.open("completer-test");
    private final AtomicInteger asked = new AtomicInteger();

    private ShellCompleter completer(CommandRunner runner) {
        return new ShellCompleter(StandardCommands.create(), new Names(runner, scope));
    }

    private int answer(List<String> words, Output out) throws Exception {
        asked.incrementAndGet();
        out.show(new Table(
                List.of("name"), List.of(List.of(words.getFirst() + "-1"), List.of(words.getFirst() + "-2"))));
        return 0;
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void theFirstWordIsACommand() {
        assertThat(completer(this::answer).complete(List.of(), ""))
                .contains("offset_checker", "produce", "watch", "exit");
        assertThat(completer(this::answer).complete(List.of("watch"), "ka"))
                .contains("kafka_lag")
                .doesNotContain("exit");
        assertThat(completer(this::answer).complete(List.of("help"), "")).contains("consume");
    }

    @Test
    void onlyWhatAnswersAndChangesNothingCanBeWatched() {
        assertThat(completer(this::answer).complete(List.of("watch"), ""))
                .contains("offset_checker", "topics")
                .doesNotContain("consume", "produce", "kafka.offset_commit");
        assertThatThrownBy(() -> LiveView.of(StandardCommands.create(), List.of()))
                .isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> LiveView.of(StandardCommands.create(), List.of("kafka.produce", "x")))
                .hasMessageContaining("cannot be watched");
        assertThatThrownBy(() -> LiveView.of(StandardCommands.create(), List.of("topics", "delete", "x", "--yes", "5")))
                .hasMessageContaining("cannot be watched");
        assertThat(LiveView.of(StandardCommands.create(), List.of("topics", "describe", "x", "5")))
                .isNotNull();
    }

    @Test
    void wordsOfACommandAndWhatTheyTakeAreCompleted() {
        ShellCompleter completer = completer(this::answer);
        assertThat(completer.complete(List.of("topics"), "")).containsExactly("list", "describe", "create", "delete");
        assertThat(completer.complete(List.of("topics", "describe"), "")).containsExactly("topics-1", "topics-2");
        assertThat(completer.complete(List.of("topics", "create"), "")).isEmpty();
        assertThat(completer.complete(List.of("groups", "delete", "a"), "")).containsExactly("groups-1", "groups-2");
        assertThat(completer.complete(List.of("groups", "create", "a", "--at"), ""))
                .containsExactly("start", "end");
        assertThat(completer.complete(List.of("groups", "create", "a", "-t"), ""))
                .containsExactly("topics-1", "topics-2");
    }

    @Test
    void recordsAreSwitchedOnAndOff() {
        assertThat(completer(this::answer).complete(List.of(), "rec")).contains("records");
        assertThat(completer(this::answer).complete(List.of("records"), "")).containsExactly("on", "off");
    }

    @Test
    void optionsAndWhatTheyTakeAreCompleted() {
        ShellCompleter completer = completer(this::answer);
        assertThat(completer.complete(List.of("consume"), "-")).contains("--topic", "--group", "--format");
        assertThat(completer.complete(List.of("consume", "-t"), "")).containsExactly("topics-1", "topics-2");
        assertThat(completer.complete(List.of("consume", "-t", "x", "--group"), ""))
                .containsExactly("groups-1", "groups-2");
        assertThat(completer.complete(List.of("produce", "-c"), "")).contains("lz4", "zstd");
        assertThat(completer.complete(List.of("watch", "metadata_topics"), "")).containsExactly("topics-1", "topics-2");
    }

    @Test
    void apisAreCompletedWithoutACluster() {
        ShellCompleter completer = completer(this::answer);
        assertThat(completer.complete(List.of("protocol"), "")).contains("fields", "decode-records");
        assertThat(completer.complete(List.of("protocol", "fields"), "")).contains("Metadata", "DescribeCluster");
        assertThat(completer.complete(List.of("protocol", "--version", "3", "fields"), ""))
                .contains("Metadata");
        assertThat(completer.complete(List.of("protocol", "fields", "Metadata"), ""))
                .isEmpty();
        assertThat(completer.complete(List.of("protocol", "decode", "--api"), ""))
                .contains("Metadata");
        assertThat(completer.complete(List.of("protocol", "decode", "--message"), ""))
                .contains("ConsumerProtocolSubscription");
        assertThat(completer.complete(List.of("request"), "")).contains("ListGroups");
        assertThat(asked).hasValue(0);
    }

    @Test
    void namesAreRememberedForAWhile() {
        ShellCompleter completer = completer(this::answer);
        List<String> first = completer.complete(List.of("consume", "-t"), "");
        assertThat(completer.complete(List.of("consume", "-t"), "to")).isEqualTo(first);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aClusterThatDoesNotAnswerHoldsUpTheLineOnlyBriefly() {
        CountDownLatch never = new CountDownLatch(1);
        ShellCompleter completer = completer((_, _) -> {
            never.await();
            return 0;
        });
        assertThat(completer.complete(List.of("consume", "-t"), "")).isEmpty();
    }
}
