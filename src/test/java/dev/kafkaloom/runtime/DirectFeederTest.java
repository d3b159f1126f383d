package dev.kafkaloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.sink.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SinkFeederTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 3);
    private final RuntimeConfig config = RuntimeConfig.of(ConsumerConfig.of("g", "orders"), new MemberCount.Fixed(1))
            .retryBackoff(Duration.ofMillis(1), Duration.ofMillis(4));
    private final List<ConsumedRecord> batch = List.of(record(7), record(8));

    @Test
    void countsWhatTheSinkIsDoneWith() throws Exception {
        SinkFeeder feeder = feeder(_ -> Sink.Outcome.DONE);

        feeder.handle(ORDERS, batch);

        assertThat(feeder.records()).isEqualTo(2);
        assertThat(feeder.bytes()).isEqualTo(10);
        assertThat(feeder.retries()).isZero();
    }

    @Test
    void whatTheSinkThrowsOrWantsAgainIsHandedOverAgainAndSaysSo() throws Exception {
        List<Integer> deliveries = new ArrayList<>();
        SinkFeeder feeder = feeder(records -> {
            deliveries.add(records.getFirst().deliveryCount());
            return switch (deliveries.size()) {
                case 1 -> throw new IllegalStateException("database is away");
                case 2 -> new Sink.Outcome.Retry(Duration.ofMillis(2), "still away");
                default -> Sink.Outcome.DONE;
            };
        });

        feeder.handle(ORDERS, batch);

        assertThat(deliveries).containsExactly(1, 2, 3);
        assertThat(feeder.retries()).isEqualTo(2);
        assertThat(feeder.records()).isEqualTo(2);
    }

    @Test
    void aRejectedRecordStopsThePartitionByName() {
        SinkFeeder feeder = feeder(records -> new Sink.Outcome.Reject(List.of(records.get(1)), "not JSON"));

        assertThatThrownBy(() -> feeder.handle(ORDERS, batch))
                .isInstanceOf(SinkRejected.class)
                .hasMessageContaining("orders-3")
                .hasMessageContaining("offset 8")
                .hasMessageContaining("not JSON")
                .hasMessageContaining("no dead-letter topic yet");
        assertThat(feeder.rejected()).isEqualTo(1);
        assertThat(feeder.records()).isZero();
    }

    @Test
    void triesNoLongerWhenThePartitionIsBeingGivenBack() {
        AtomicInteger tries = new AtomicInteger();
        SinkFeeder feeder = new SinkFeeder(
                _ -> {
                    tries.incrementAndGet();
                    return new Sink.Outcome.Retry(Duration.ofHours(1), "never");
                },
                config,
                _ -> tries.get() > 0);

        assertThatThrownBy(() -> feeder.handle(ORDERS, batch)).isInstanceOf(InterruptedException.class);
        assertThat(tries).hasValue(1);
    }

    @Test
    void anInterruptIsNoReasonToTryAgain() {
        AtomicInteger tries = new AtomicInteger();
        SinkFeeder feeder = feeder(_ -> {
            tries.incrementAndGet();
            throw new InterruptedException();
        });

        assertThatThrownBy(() -> feeder.handle(ORDERS, batch)).isInstanceOf(InterruptedException.class);
        assertThat(tries).hasValue(1);
    }

    private SinkFeeder feeder(Sink sink) {
        return new SinkFeeder(sink, config, _ -> false);
    }

    private static ConsumedRecord record(long offset) {
        return new ConsumedRecord(ORDERS, offset, -1, TimestampType.NONE, new byte[2], new byte[3], List.of(), 1, 1);
    }
}
