package dev.kafkaloom.sink;

import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.RecordSender.Outgoing;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Sends records on to a topic. A batch is done when the topic's replicas have all of it. One that the topic never takes, because it is
 * too large for example, is rejected by itself: of a batch with such a record each is then sent alone, so that some of the others may be
 * in the topic twice.
 */
final class ForwardSink implements Sink {
    /** What is wrong with a record and not with the moment. */
    private static final Set<ErrorCode> POISON = Set.of(
            ErrorCode.MESSAGE_TOO_LARGE,
            ErrorCode.RECORD_LIST_TOO_LARGE,
            ErrorCode.INVALID_RECORD,
            ErrorCode.INVALID_TIMESTAMP,
            ErrorCode.CORRUPT_MESSAGE);

    private final RecordSender sender;
    private final String topic;
    private final boolean samePartition;
    private final boolean keepTimestamp;

    ForwardSink(RecordSender sender, String topic, boolean samePartition, boolean keepTimestamp) {
        this.sender = sender;
        this.topic = topic;
        this.samePartition = samePartition;
        this.keepTimestamp = keepTimestamp;
    }

    @Override
    public Outcome accept(List<ConsumedRecord> batch) throws InterruptedException {
        if (batch.getFirst().partition().topic().equals(topic)) {
            return new Outcome.Reject(
                    batch,
                    "forward: " + topic + " is the topic that the record comes from, it would go round for ever");
        }
        try {
            sender.send(batch.stream().map(this::outgoing).toList());
            return Outcome.DONE;
        } catch (KafkaException e) {
            return isPoison(e) ? InOrder.each(batch, this::one) : new Outcome.Retry(Duration.ZERO, e.oneLine());
        }
    }

    private Outcome one(ConsumedRecord record) throws InterruptedException {
        try {
            sender.send(List.of(outgoing(record)));
            return Outcome.DONE;
        } catch (KafkaException e) {
            return isPoison(e)
                    ? new Outcome.Reject(List.of(record), e.oneLine())
                    : new Outcome.Retry(Duration.ZERO, e.oneLine());
        }
    }

    private static boolean isPoison(KafkaException e) {
        return e instanceof KafkaException.InvalidRequest
                || (e instanceof KafkaException.BrokerError error && POISON.contains(error.code()));
    }

    private Outgoing outgoing(ConsumedRecord record) {
        return new Outgoing(
                topic,
                samePartition ? record.partition().partition() : -1,
                keepTimestamp ? record.timestamp() : -1,
                record.key(),
                record.value(),
                record.headers());
    }
}
