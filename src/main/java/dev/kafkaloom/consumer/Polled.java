package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.util.Arrays;
import java.util.List;

/**
 * A range of one partition's offsets and the records of it that somebody got. The i-th record stands for the offsets from behind the one
 * before it up to itself, the last one also for what lies behind it in the range; so all records together are the range.
 *
 * @param owner whom to tell what is done; null when somebody else keeps the account
 * @param moves how often the partition's position had been moved by hand when these were handed out
 * @param records at least one
 * @param keys deserialized, one for each record; null: the bytes are the keys
 * @param values likewise
 * @param first where the range starts
 * @param next the offset behind the range
 */
record Polled(
        PolledPartition owner,
        int moves,
        TopicPartition partition,
        List<ConsumedRecord> records,
        Object[] keys,
        Object[] values,
        long first,
        long next) {

    /** Records that a handler is done with when it returns. */
    static Polled inHandler(TopicPartition partition, Deserializing.Result result) {
        return new Polled(null, 0, partition, result.records(), result.keys(), result.values(), 0, 0);
    }

    @SuppressWarnings("unchecked") // made by the deserializers of the consumer that asks
    <K, V> Received<K, V> get(int index) {
        ConsumedRecord raw = records.get(index);
        return new Received<>(this, index, raw, (K) (keys == null ? raw.key() : keys[index]), (V)
                (values == null ? raw.value() : values[index]));
    }

    /** All of it is done. */
    void ack() {
        ack(first, next);
    }

    /** That record is done. */
    void ack(int index) {
        ack(startOf(index), endOf(index));
    }

    /** The records from one index to before another are done. */
    void ackBetween(int from, int to) {
        if (from < to) {
            ack(startOf(from), endOf(to - 1));
        }
    }

    static boolean anyOf(PolledPartition owner, List<Polled> parts) {
        for (Polled part : parts) {
            if (part.owner == owner) {
                return true;
            }
        }
        return false;
    }

    /** What is left from that record on; null when nothing is. */
    Polled from(int index) {
        int end = records.size();
        return index == end
                ? null
                : new Polled(
                        owner,
                        moves,
                        partition,
                        records.subList(index, end),
                        keys == null ? null : Arrays.copyOfRange(keys, index, end),
                        values == null ? null : Arrays.copyOfRange(values, index, end),
                        startOf(index),
                        next);
    }

    private void ack(long from, long to) {
        if (owner == null) {
            throw new IllegalStateException(
                    "records of a handler are done when it returns, they are not acknowledged by hand");
        }
        owner.done(moves, from, to);
    }

    private long startOf(int index) {
        return index == 0 ? first : records.get(index - 1).offset() + 1;
    }

    private long endOf(int index) {
        return index == records.size() - 1 ? next : records.get(index).offset() + 1;
    }
}
