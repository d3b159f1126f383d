package dev.kafkaloom.consumer;

import dev.kafkaloom.record.ConsumedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Makes keys and values of bytes. Thread-safe if the functions are: partitions are deserialized at the same time, the records of one
 * partition in their order.
 *
 * @param keys null: keys stay bytes
 * @param values likewise
 * @param onRejected takes what the functions throw at; null: the partition stops there
 */
record Deserializing(
        Function<byte[], ?> keys, Function<byte[], ?> values, BiConsumer<ConsumedRecord, Exception> onRejected) {
    /** All stays bytes. */
    static final Deserializing NOTHING = new Deserializing(null, null, null);

    /**
     * Records with their keys and values; shorter than what was given where some were rejected.
     *
     * @param stop where the partition has to stop after these; null when it goes on
     */
    record Result(List<ConsumedRecord> records, Object[] keys, Object[] values, RejectedRecord stop) {}

    Result apply(List<ConsumedRecord> records) {
        if (keys == null && values == null) {
            return new Result(records, null, null, null);
        }
        Object[] newKeys = keys == null ? null : new Object[records.size()];
        Object[] newValues = values == null ? null : new Object[records.size()];
        List<ConsumedRecord> good = null; // null: all up to here
        int count = 0;
        for (int i = 0; i < records.size(); i++) {
            ConsumedRecord record = records.get(i);
            Exception why = read(record, newKeys, newValues, count);
            if (why == null) {
                count++;
                if (good != null) {
                    good.add(record);
                }
            } else if (onRejected == null) {
                List<ConsumedRecord> before = List.copyOf(records.subList(0, i));
                return new Result(before, newKeys, newValues, new RejectedRecord(record, why));
            } else {
                onRejected.accept(record, why);
                good = good == null ? new ArrayList<>(records.subList(0, i)) : good;
            }
        }
        return new Result(good == null ? records : good, newKeys, newValues, null);
    }

    /** What the functions threw, null when nothing. */
    private Exception read(ConsumedRecord record, Object[] newKeys, Object[] newValues, int at) {
        try {
            if (newKeys != null) {
                newKeys[at] = record.key() == null ? null : keys.apply(record.key());
            }
            if (newValues != null) {
                newValues[at] = record.value() == null ? null : values.apply(record.value());
            }
            return null;
        } catch (Exception e) {
            return e;
        }
    }
}
