package dev.kafkaloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.sink.BatchSink;
import dev.kafkaloom.sink.RecordSender;
import dev.kafkaloom.sink.Sink;
import dev.kafkaloom.sink.Sink.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SinkCallsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 3);
    private final SinkFigures figures = new SinkFigures();
    private final List<RecordSender.Outgoing> sent = new ArrayList<>();
    private final List<Long> done = new ArrayList<>();
    private boolean brokersTake = true;

    @Test
    void onlyWhatIsNotDoneIsLeftInItsOrder() throws Exception {
        BatchSink sink = batch -> List.of(
                Outcome.DONE,
                new Outcome.Retry(Duration.ofMillis(70), "busy"),
                Outcome.DONE,
                Outcome.Retry.untried("one before it is not done"));

        SinkCalls.Left left = attempt(calls(sink, 0), records(4));

        assertThat(done).containsExactly(0L, 2L);
        assertThat(left.records()).extracting(ConsumedRecord::offset).containsExactly(1L, 3L);
        assertThat(left.records()).extracting(ConsumedRecord::deliveryCount).containsExactly(2, 1);
        assertThat(left.after()).isEqualTo(Duration.ofMillis(70));
        assertThat(left.why()).isEqualTo("busy");
    }

    @Test
    void theWaitDoublesFromTryToTryUpToTheLongest() throws Exception {
        SinkCalls calls = calls(
                _ -> {
                    throw new IllegalStateException("away");
                },
                0);
        List<Duration> waits = new ArrayList<>();
        SinkCalls.Left left = attempt(calls, records(2));
        for (int i = 0; i < 5; i++) {
            waits.add(left.after());
            left = attempt(calls, left.records());
        }

        assertThat(waits).extracting(Duration::toMillis).containsExactly(10L, 20L, 40L, 80L, 100L);
    }

    @Test
    void whatHasFailedTooOftenAloneGoesToTheDeadLettersAndIsDone() throws Exception {
        SinkCalls calls = calls(
                _ -> {
                    throw new IllegalStateException("never");
                },
                3);

        SinkCalls.Left left = attempt(calls, records(1));
        left = attempt(calls, left.records());
        left = attempt(calls, left.records());

        assertThat(left.isEmpty()).isTrue();
        assertThat(done).containsExactly(0L);
        assertThat(header(sent.getFirst(), DeadLetters.ATTEMPTS)).isEqualTo("3");
        assertThat(header(sent.getFirst(), DeadLetters.ERROR)).contains("3 attempts", "never");
    }

    @Test
    void noRecordGoesToTheDeadLettersForAnother() throws Exception {
        Sink sink = batch -> {
            if (batch.stream().anyMatch(record -> record.offset() == 1)) {
                throw new IllegalStateException("not this one");
            }
            return Outcome.DONE;
        };
        SinkCalls calls = calls(sink, 2);
        SinkCalls.Left left = new SinkCalls.Left(records(3), Duration.ZERO, "");
        for (int i = 0; i < 10 && !left.isEmpty(); i++) {
            left = attempt(calls, left.records());
        }

        assertThat(left.isEmpty()).isTrue();
        assertThat(sent).hasSize(1);
        assertThat(header(sent.getFirst(), DeadLetters.SOURCE_OFFSET)).isEqualTo("1");
        assertThat(done).containsExactlyInAnyOrder(0L, 1L, 2L);
    }

    @Test
    void whatCouldNotBeTriedNeverGoesToTheDeadLetters() throws Exception {
        SinkCalls calls = calls(_ -> Outcome.Retry.untried("nobody there"), 2);
        SinkCalls.Left left = new SinkCalls.Left(records(1), Duration.ZERO, "");
        for (int i = 0; i < 10; i++) {
            left = attempt(calls, left.records());
        }

        assertThat(left.records().getFirst().deliveryCount()).isEqualTo(1);
        assertThat(sent).isEmpty();
    }

    @Test
    void aRecordThatTheDeadLettersDoNotTakeIsNotDone() throws Exception {
        brokersTake = false;
        SinkCalls calls = calls(batch -> new Outcome.Reject(batch, "not JSON"), 0, true);

        SinkCalls.Left left = attempt(calls, records(1));

        assertThat(done).isEmpty();
        assertThat(left.records()).hasSize(1);
        assertThat(left.why()).contains("orders-3 offset 0", "not JSON", "dead");
    }

    @Test
    void aDeadLetterIsTheRecordAsItWasAndHeadersOfItsOwnSayNothing() throws Exception {
        SinkCalls calls = calls(batch -> new Outcome.Reject(batch, "not\nJSON"), 0, true);
        Header own = new Header("trace", new byte[] {1});
        Header similar = new Header(DeadLetters.PREFIX + "of.their.own", null);
        Header forged = new Header(DeadLetters.ATTEMPTS, "99".getBytes(StandardCharsets.UTF_8));
        ConsumedRecord record = new ConsumedRecord(
                ORDERS, 5, 1_234, TimestampType.CREATE_TIME, new byte[] {7}, null, List.of(own, similar, forged), 1, 1);

        attempt(calls, List.of(record));

        RecordSender.Outgoing letter = sent.getFirst();
        assertThat(letter.topic()).isEqualTo("dead");
        assertThat(letter.key()).isEqualTo(new byte[] {7});
        assertThat(letter.value()).isNull();
        assertThat(letter.headers()).startsWith(own, similar).doesNotContain(forged);
        assertThat(header(letter, DeadLetters.SOURCE_TOPIC)).isEqualTo("orders");
        assertThat(header(letter, DeadLetters.SOURCE_PARTITION)).isEqualTo("3");
        assertThat(header(letter, DeadLetters.SOURCE_OFFSET)).isEqualTo("5");
        assertThat(header(letter, DeadLetters.SOURCE_TIMESTAMP)).isEqualTo("1234");
        assertThat(header(letter, DeadLetters.ATTEMPTS)).isEqualTo("1");
        assertThat(header(letter, DeadLetters.ERROR)).isEqualTo("not JSON");
        assertThat(header(letter, DeadLetters.GROUP)).isEqualTo("g");
    }

    @Test
    void whereThereAreNoHeadersAnObjectTellsTheSame() throws Exception {
        SinkCalls calls = calls(batch -> new Outcome.Reject(batch, "not \"JSON\""), 0, false);

        attempt(calls, records(1));

        assertThat(sent.getFirst().headers()).isEmpty();
        assertThat(new String(sent.getFirst().value(), StandardCharsets.UTF_8))
                .isEqualTo("{\"dlq.source.topic\":\"orders\",\"dlq.source.partition\":3,\"dlq.source.offset\":0,"
                        + "\"dlq.source.timestamp\":-1,\"dlq.error\":\"not \\\"JSON\\\"\",\"dlq.attempts\":1,"
                        + "\"dlq.group\":\"g\",\"key\":\"AAA=\",\"value\":\"AAAA\",\"headers\":[]}");
    }

    @Test
    void anOutcomeThatMakesNoSenseLosesNothing() throws Exception {
        ConsumedRecord stranger = records(9).getLast();
        List<Sink> senseless = List.of(
                _ -> null,
                _ -> new Outcome.Each(List.of(Outcome.DONE)),
                _ -> new Outcome.Reject(List.of(stranger), "?"),
                _ -> new Outcome.Reject(List.of(), "?"),
                _ -> {
                    throw new StackOverflowError("deep");
                });
        for (Sink sink : senseless) {
            assertThat(attempt(calls(sink, 0), records(2)).records()).hasSize(2);
        }
        assertThat(done).isEmpty();
    }

    @Test
    void aWaitBeyondAllMeasureIsAYear() throws Exception {
        SinkCalls calls = calls(_ -> new Outcome.Retry(Duration.ofSeconds(Long.MAX_VALUE), "some day"), 0);

        SinkCalls.Left left = attempt(calls, records(2));

        assertThat(left.records()).hasSize(2);
        assertThat(left.after()).isEqualTo(Duration.ofDays(365));
    }

    @Test
    void aRejectedRecordWithoutDeadLettersIsAnExceptionThatNamesIt() {
        SinkCalls calls = calls(batch -> new Outcome.Reject(batch, "no"), 0);

        assertThatThrownBy(() -> attempt(calls, records(1)))
                .isInstanceOf(SinkRejected.class)
                .hasMessageContaining("orders-3 offset 0");
    }

    @Test
    void whatTheSinkFailsWithForLongIsToldUntilItIsDone() throws Exception {
        List<Outcome> outcomes = new ArrayList<>(List.of(new Outcome.Retry(Duration.ZERO, "locked"), Outcome.DONE));
        SinkCalls calls = calls(_ -> outcomes.removeFirst(), 0);

        SinkCalls.Left left = attempt(calls, records(1));

        assertThat(figures.overdue(Duration.ZERO)).singleElement().asString().contains("orders-3 offset 0", "locked");
        assertThat(stats().retrying()).isEqualTo(1);
        attempt(calls, left.records());
        assertThat(figures.overdue(Duration.ZERO)).isEmpty();
        assertThat(stats().retrying()).isZero();
        assertThat(stats().done()).isEqualTo(1);
    }

    private SinkStats stats() {
        return figures.stats("test", new SinkGate(0), 0, 0, List.of());
    }

    private SinkCalls.Left attempt(SinkCalls calls, List<ConsumedRecord> records) throws Exception {
        return calls.attempt(records, () -> false, record -> done.add(record.offset()));
    }

    private SinkCalls calls(Sink sink, int maxAttempts) {
        SinkerConfig config = SinkerConfig.DEFAULT.withBackoff(Duration.ofMillis(10), Duration.ofMillis(100));
        DeadLetterWriter dead = maxAttempts == 0 ? null : new DeadLetterWriter(sender(), "dead", "g", true);
        return new SinkCalls(
                sink,
                maxAttempts == 0 ? config : config.withDeadLetters("dead", maxAttempts),
                new SinkGate(0),
                figures,
                dead);
    }

    private SinkCalls calls(Sink sink, int maxAttempts, boolean headers) {
        SinkerConfig config = SinkerConfig.DEFAULT.withDeadLetters("dead", maxAttempts);
        return new SinkCalls(
                sink, config, new SinkGate(0), figures, new DeadLetterWriter(sender(), "dead", "g", headers));
    }

    private RecordSender sender() {
        return new RecordSender() {
            @Override
            public void send(List<Outgoing> records) {
                if (!brokersTake) {
                    throw new KafkaException.InvalidRequest("too large");
                }
                sent.addAll(records);
            }

            @Override
            public boolean exists(String topic) {
                return true;
            }
        };
    }

    private static String header(RecordSender.Outgoing letter, String name) {
        List<String> values = letter.headers().stream()
                .filter(each -> each.key().equals(name))
                .map(each -> new String(each.value(), StandardCharsets.UTF_8))
                .toList();
        assertThat(values).hasSize(1);
        return values.getFirst();
    }

    private static List<ConsumedRecord> records(int count) {
        return LongStream.range(0, count)
                .mapToObj(offset -> new ConsumedRecord(
                        ORDERS, offset, -1, TimestampType.NONE, new byte[2], new byte[3], List.of(), 1, 1))
                .toList();
    }
}
