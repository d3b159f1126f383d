package dev.kafkaloom.sink;

import static dev.kafkaloom.sink.SinkRecords.record;
import static dev.kafkaloom.sink.SinkRecords.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.record.ConsumedRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManualSinkTest {
    private final Scope scope = Scope.open("test");

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void aBatchIsDoneWhenAnotherThreadHasAcknowledgedItsLastRecord() throws Exception {
        BlockingQueue<Acks> begun = new LinkedBlockingQueue<>();
        List<ConsumedRecord> batch = records(10, 3);
        ManualSink sink = (_, acks) -> begun.add(acks);
        CompletableFuture<Sink.Outcome> outcome = new CompletableFuture<>();
        scope.go("caller", () -> outcome.complete(sink.accept(batch)));
        Acks acks = begun.poll(60, TimeUnit.SECONDS);

        acks.done(batch.get(2));
        acks.done(batch.get(0));
        boolean early = outcome.isDone();
        acks.done(batch.get(1));

        assertThat(early).isFalse();
        assertThat(outcome.get(60, TimeUnit.SECONDS)).isEqualTo(Sink.Outcome.DONE);
    }

    @Test
    void eachRecordHasItsOwnOutcome() throws Exception {
        List<ConsumedRecord> batch = records(10, 3);
        ManualSink sink = (given, acks) -> {
            acks.done(given.get(0));
            acks.retry(given.get(1), Duration.ofMillis(7), "busy");
            acks.reject(given.get(2), "no such thing");
        };

        Sink.Outcome outcome = sink.accept(batch);

        assertThat(outcome)
                .isEqualTo(new Sink.Outcome.Each(List.of(
                        Sink.Outcome.DONE,
                        new Sink.Outcome.Retry(Duration.ofMillis(7), "busy"),
                        new Sink.Outcome.Reject(List.of(batch.get(2)), "no such thing"))));
    }

    @Test
    void theFirstAcknowledgementCounts() throws Exception {
        List<Boolean> counted = new java.util.ArrayList<>();
        ManualSink sink = (given, acks) -> {
            counted.add(acks.done(given.getFirst()));
            counted.add(acks.reject(given.getFirst(), "too late"));
        };

        Sink.Outcome outcome = sink.accept(records(10, 1));

        assertThat(outcome).isEqualTo(Sink.Outcome.DONE);
        assertThat(counted).containsExactly(true, false);
    }

    @Test
    void whatWasNotAcknowledgedWhenItThrowsIsHandedOverAgain() throws Exception {
        List<ConsumedRecord> batch = records(10, 2);
        ManualSink sink = (given, acks) -> {
            acks.done(given.getFirst());
            throw new IllegalStateException("the database is away");
        };

        Sink.Outcome outcome = sink.accept(batch);

        assertThat(outcome)
                .isEqualTo(new Sink.Outcome.Each(List.of(
                        Sink.Outcome.DONE,
                        new Sink.Outcome.Retry(
                                Duration.ZERO, "java.lang.IllegalStateException: the database is away"))));
    }

    @Test
    void anAcknowledgementAfterTheRecordsWereTakenBackDoesNotCount() throws Exception {
        BlockingQueue<Acks> begun = new LinkedBlockingQueue<>();
        List<ConsumedRecord> batch = records(10, 1);
        ManualSink sink = (_, acks) -> begun.add(acks);
        Coroutine caller = scope.go("caller", () -> sink.accept(batch));
        Acks acks = begun.poll(60, TimeUnit.SECONDS);
        caller.interrupt();
        assertThat(caller.join(Duration.ofSeconds(60))).isTrue();

        boolean counted = acks.done(batch.getFirst());

        assertThat(counted).isFalse();
        assertThat(caller.state()).isEqualTo(Coroutine.State.CANCELLED);
    }

    @Test
    void aRecordOfAnotherBatchIsRefused() throws Exception {
        AtomicReference<Acks> begun = new AtomicReference<>();
        ManualSink sink = (given, acks) -> {
            begun.set(acks);
            acks.done(given.getFirst());
        };
        sink.accept(records(10, 1));

        assertThatThrownBy(() -> begun.get().done(record(11, "k", "v")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("orders-3@11")
                .hasMessageContaining("orders-3@10");
    }
}
