package dev.kafkaloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kafkaloom.consumer.RetryLater;
import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.sink.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DirectFeederTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 3);
    private final SinkerConfig config = SinkerConfig.DEFAULT.withBackoff(Duration.ofMillis(1), Duration.ofMillis(4));
    private final SinkFigures figures = new SinkFigures();
    private final List<ConsumedRecord> batch = List.of(record(7), record(8));

    @Test
    void countsWhatTheSinkIsDoneWith() throws Exception {
        DirectFeeder feeder = feeder(_ -> Sink.Outcome.DONE);

        feeder.handle(ORDERS, batch);

        assertThat(figures.records()).isEqualTo(2);
        assertThat(figures.bytes()).isEqualTo(10);
        assertThat(figures.retries()).isZero();
    }

    @Test
    void whatTheSinkThrowsOrWantsAgainIsHandedOverAgainAndSaysSo() throws Exception {
        List<Integer> deliveries = new ArrayList<>();
        DirectFeeder feeder = feeder(records -> {
            deliveries.add(records.getFirst().deliveryCount());
            return switch (deliveries.size()) {
                case 1 -> throw new IllegalStateException("database is away");
                case 2 -> new Sink.Outcome.Retry(Duration.ofMillis(2), "still away");
                default -> Sink.Outcome.DONE;
            };
        });

        feeder.handle(ORDERS, batch);

        assertThat(deliveries).containsExactly(1, 2, 3);
        assertThat(figures.retries()).isEqualTo(2);
        assertThat(figures.records()).isEqualTo(2);
    }

    @Test
    void onALaneWhatIsNotDoneIsPutOff() {
        DirectFeeder feeder = feeder(_ -> new Sink.Outcome.Retry(Duration.ofMillis(70), "away"), true, _ -> false);

        RetryLater later = catchThrowableOfType(RetryLater.class, () -> feeder.handle(ORDERS, List.of(record(7))));

        assertThat(later.after()).isEqualTo(Duration.ofMillis(70));
        assertThat(later.counts()).isTrue();
        assertThat(later).hasMessage("away");
    }

    @Test
    void whatCouldNotBeTriedDoesNotCountAsADelivery() {
        DirectFeeder feeder = feeder(_ -> Sink.Outcome.Retry.untried("no child yet"), true, _ -> false);

        RetryLater later = catchThrowableOfType(RetryLater.class, () -> feeder.handle(ORDERS, List.of(record(7))));

        assertThat(later.counts()).isFalse();
    }

    @Test
    void aRejectedRecordStopsThePartitionByName() {
        DirectFeeder feeder = feeder(records -> new Sink.Outcome.Reject(List.of(records.get(1)), "not JSON"));

        assertThatThrownBy(() -> feeder.handle(ORDERS, batch))
                .isInstanceOf(SinkRejected.class)
                .hasMessageContaining("orders-3 offset 8: not JSON")
                .hasMessageContaining("dead.letter.topic")
                .asString()
                .startsWith("the sink rejected"); // no name of a class for who reads the log
        assertThat(figures.rejectedSoFar()).isEqualTo(1);
    }

    @Test
    void triesNoLongerWhenThePartitionIsBeingGivenBack() {
        AtomicInteger tries = new AtomicInteger();
        Sink sink = _ -> {
            tries.incrementAndGet();
            return new Sink.Outcome.Retry(Duration.ofHours(1), "never");
        };
        DirectFeeder feeder = feeder(sink, false, _ -> tries.get() > 0);

        assertThatThrownBy(() -> feeder.handle(ORDERS, batch)).isInstanceOf(InterruptedException.class);
        assertThat(tries).hasValue(1);
    }

    @Test
    void anInterruptIsNoReasonToTryAgain() {
        AtomicInteger tries = new AtomicInteger();
        DirectFeeder feeder = feeder(_ -> {
            tries.incrementAndGet();
            throw new InterruptedException();
        });

        assertThatThrownBy(() -> feeder.handle(ORDERS, batch)).isInstanceOf(InterruptedException.class);
        assertThat(tries).hasValue(1);
    }

    @Test
    void anInterruptThatNobodyAskedForIsAReasonToTryAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        DirectFeeder feeder = feeder(_ -> {
            Thread.currentThread().interrupt();
            if (tries.incrementAndGet() < 3) {
                throw new InterruptedException("of a pool of its own");
            }
            return Sink.Outcome.DONE;
        });
        AtomicBoolean left = new AtomicBoolean();

        try (Scope scope = Scope.open("feeder-test")) {
            Coroutine partition = scope.go("partition", () -> {
                feeder.handle(ORDERS, batch);
                left.set(Thread.currentThread().isInterrupted());
            });
            assertThat(partition.join(Duration.ofSeconds(10))).isTrue();
            assertThat(partition.state()).isEqualTo(Coroutine.State.DONE);
        }
        assertThat(left).isFalse();
        assertThat(tries).hasValue(3);
        assertThat(figures.records()).isEqualTo(2);
    }

    private DirectFeeder feeder(Sink sink) {
        return feeder(sink, false, _ -> false);
    }

    private DirectFeeder feeder(Sink sink, boolean inLanes, Predicate<TopicPartition> draining) {
        return new DirectFeeder(new SinkCalls(sink, config, new SinkGate(0), figures, null), inLanes, draining);
    }

    private static ConsumedRecord record(long offset) {
        return new ConsumedRecord(ORDERS, offset, -1, TimestampType.NONE, new byte[2], new byte[3], List.of(), 1, 1);
    }
}
