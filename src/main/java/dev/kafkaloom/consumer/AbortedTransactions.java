package dev.kafkaloom.consumer;

import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.record.ControlType;
import dev.kafkaloom.record.DecodeLimits;
import dev.kafkaloom.record.LogRecord;
import dev.kafkaloom.record.RecordBatch;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;

/**
 * Tells which batches of one answer belong to aborted transactions (KIP-98): a producer's batches from a listed first offset on, up to its
 * next abort marker. The list may come in any order. Owned by the thread that reads the partition; batches have to be asked about in order.
 */
final class AbortedTransactions {
    private final Queue<FetchResponse.AbortedTransaction> ahead =
            new PriorityQueue<>(Comparator.comparingLong(FetchResponse.AbortedTransaction::firstOffset));
    private final Set<Long> aborting = new HashSet<>();
    private final DecodeLimits limits;

    AbortedTransactions(List<FetchResponse.AbortedTransaction> listed, DecodeLimits limits) {
        ahead.addAll(listed);
        this.limits = limits;
    }

    /** Whether the records of this batch must not be seen. Asking about a control batch may end a transaction. */
    boolean hides(RecordBatch batch) {
        if (!batch.header().transactional()) {
            return false;
        }
        long producer = batch.header().producerId();
        while (!ahead.isEmpty() && ahead.peek().firstOffset() <= batch.header().lastOffset()) {
            aborting.add(ahead.poll().producerId());
        }
        if (batch.header().control()) {
            if (aborting.contains(producer) && isAbort(batch)) {
                aborting.remove(producer);
            }
            return true;
        }
        return aborting.contains(producer);
    }

    private boolean isAbort(RecordBatch batch) {
        for (LogRecord record : batch.decode(limits)) {
            if (ControlType.of(record) == ControlType.ABORT) {
                return true;
            }
        }
        return false;
    }
}
