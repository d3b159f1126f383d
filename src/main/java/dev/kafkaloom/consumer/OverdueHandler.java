package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;

/**
 * A call of a handler that takes longer than {@code handler.deadline.ms}. It goes on and keeps its partition.
 *
 * @param offset of the first record
 * @param records how many it got; with views the call counts as 1
 * @param key hash of the record's key in hex, with ordering by key; else empty
 * @param thread the name of its thread
 * @param running for how long, when it was last looked at
 * @param where the top of its stack then, the JDK's own frames left out
 */
public record OverdueHandler(long offset, int records, String key, String thread, Duration running, String where) {

    /** One line about it. */
    public String of(TopicPartition partition) {
        return partition + " offset " + offset + (records > 1 ? " (" + records + " records)" : "")
                + (key.isEmpty() ? "" : " (key hash " + key + ")") + " for " + running.toMillis() + " ms on thread "
                + thread + (where.isEmpty() ? "" : ", now at " + where);
    }
}
