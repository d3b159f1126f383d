package dev.kafkaloom.consumer;

import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.RecordBatch;
import java.util.List;

/**
 * What a partition's reader finds in its {@link Mailbox}. Each carries the fetch epoch it was made in: a seek starts a new one, and mail of
 * an older one is dropped. (The assignment epoch is the mailbox's own.)
 */
sealed interface Mail {
    int epoch();

    /** What it holds of the byte budget. */
    default int bytes() {
        return 0;
    }

    /** Nobody looks at it any more. More than once does nothing. */
    default void end() {}

    /**
     * Raw batches, in offset order.
     *
     * @param aborted aborted transactions among them, in any order; empty unless asked for
     * @param lease on the memory that the batches lie in
     */
    record Batches(
            int epoch,
            List<RecordBatch> batches,
            int bytes,
            List<FetchResponse.AbortedTransaction> aborted,
            AnswerMemory.Lease lease)
            implements Mail {
        @Override
        public void end() {
            lease.end();
        }
    }

    /** The leader cannot go on where the position still is; fetching stopped until a move. */
    record Lost(int epoch, LostPosition position) implements Mail {}

    /** Somebody moved the position by hand. */
    record Moved(int epoch, long offset) implements Mail {}

    /** The partition cannot be fetched any more. */
    record Failed(int epoch, KafkaException cause) implements Mail {}
}
