package dev.kafkaloom.sink;

import static dev.kafkaloom.sink.SinkRecords.bytes;
import static dev.kafkaloom.sink.SinkRecords.context;
import static dev.kafkaloom.sink.SinkRecords.record;
import static dev.kafkaloom.sink.SinkRecords.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForwardSinkTest {
    private final Scope scope = Scope.open("test");
    private final List<List<RecordSender.Outgoing>> sent = new ArrayList<>();
    private Function<List<RecordSender.Outgoing>, KafkaException> failing = _ -> null;

    private final RecordSender sender = new RecordSender() {
        @Override
        public void send(List<Outgoing> records) {
            KafkaException failure = failing.apply(records);
            if (failure != null) {
                throw failure;
            }
            sent.add(records);
        }

        @Override
        public boolean exists(String topic) {
            return !topic.equals("missing");
        }
    };

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void keepsKeyValueHeadersAndTimestamp() throws Exception {
        Header header = new Header("trace", bytes("1"));
        ConsumedRecord record = record(17, bytes("k"), bytes("v"), header);

        Sink.Outcome outcome = open("topic", "copies").accept(List.of(record));

        assertThat(outcome).isEqualTo(Sink.Outcome.DONE);
        assertThat(sent)
                .containsExactly(List.of(new RecordSender.Outgoing(
                        "copies", -1, record.timestamp(), record.key(), record.value(), List.of(header))));
    }

    @Test
    void mayGoToTheSamePartitionWithATimestampOfItsOwn() throws Exception {
        open("topic", "copies", "partition", "same", "timestamp", "now").accept(records(10, 1));

        assertThat(sent.getFirst().getFirst().partition()).isEqualTo(3);
        assertThat(sent.getFirst().getFirst().timestamp()).isEqualTo(-1);
    }

    @Test
    void aBrokerThatIsAwayHandsTheWholeBatchOverAgain() throws Exception {
        failing = _ -> new KafkaException.RequestTimedOut("delivery to copies-0", Duration.ofSeconds(1));

        Sink.Outcome outcome = open("topic", "copies").accept(records(10, 3));

        assertThat(outcome)
                .isEqualTo(new Sink.Outcome.Retry(Duration.ZERO, "delivery to copies-0: no answer within 1000 ms"));
    }

    @Test
    void theRecordThatIsTooLargeIsRejectedByItself() throws Exception {
        failing = records -> records.stream().anyMatch(each -> Arrays.equals(each.value(), bytes("v11")))
                ? new KafkaException.BrokerError(ErrorCode.MESSAGE_TOO_LARGE, "produce to copies-0")
                : null;
        List<ConsumedRecord> batch = records(10, 3);

        Sink.Outcome outcome = open("topic", "copies").accept(batch);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Sink.Outcome.Each.class,
                        each -> assertThat(each.outcomes())
                                .satisfiesExactly(
                                        first -> assertThat(first).isEqualTo(Sink.Outcome.DONE),
                                        second -> assertThat(second)
                                                .isInstanceOfSatisfying(
                                                        Sink.Outcome.Reject.class,
                                                        reject -> assertThat(reject.poison())
                                                                .containsExactly(batch.get(1))),
                                        third -> assertThat(third).isEqualTo(Sink.Outcome.DONE)));
    }

    @Test
    void nothingOvertakesARecordThatIsTriedAgain() throws Exception {
        failing = records -> records.size() > 1
                ? new KafkaException.BrokerError(ErrorCode.RECORD_LIST_TOO_LARGE, "produce to copies-0")
                : new KafkaException.ConnectionBroken("a:9092", "reset", null);

        Sink.Outcome outcome = open("topic", "copies").accept(records(10, 2));

        assertThat(sent).isEmpty();
        assertThat(outcome)
                .isEqualTo(new Sink.Outcome.Each(List.of(
                        new Sink.Outcome.Retry(Duration.ZERO, "a:9092: reset"),
                        Sink.Outcome.Retry.untried("offset 10 before it is not done"))));
    }

    @Test
    void aTopicIsNotForwardedToItself() throws Exception {
        Sink.Outcome outcome = open("topic", "orders").accept(records(10, 1));

        assertThat(sent).isEmpty();
        assertThat(outcome).isInstanceOf(Sink.Outcome.Reject.class);
    }

    @Test
    void aTopicThatDoesNotExistIsToldAtStart() {
        assertThatThrownBy(() -> open("topic", "missing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sinker.option.topic: \"missing\" does not exist; make it first");
    }

    private Sink open(String... options) throws Exception {
        return Sinks.open(
                "forward", null, context(Path.of(""), scope, OutputStream.nullOutputStream(), sender, options));
    }
}
