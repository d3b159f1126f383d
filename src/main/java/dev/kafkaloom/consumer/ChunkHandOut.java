package dev.kafkaloom.consumer;

import dev.kafkaloom.record.ConsumedRecord;
import java.util.List;

/** {@link Ordering#PARTITION}: a chunk of copies at a time, handled before the next one is read. */
final class ChunkHandOut extends HandOut.OnItsThread {
    private final Delivery delivery;
    private final RecordHandler handler;
    private final Signal ends = new Signal();
    private volatile boolean ended;

    ChunkHandOut(Delivery delivery, RecordHandler handler) {
        this.delivery = delivery;
        this.handler = handler;
    }

    @Override
    public boolean next(Mail.Batches mail) throws Exception {
        Chunk chunk = delivery.reader().next();
        if (chunk == null) {
            return false;
        }
        delivery.mailbox().hold(delivery.reader().decompressedBytes());
        if (chunk.records().isEmpty()) {
            delivery.progress().skip(chunk.next(), chunk.leaderEpoch());
        } else {
            handle(chunk);
        }
        delivery.moveTo(chunk.next());
        return true;
    }

    private void handle(Chunk chunk) throws Exception {
        delivery.handsOut(chunk);
        for (List<ConsumedRecord> again = chunk.records(); again != null; ) {
            again = handle(again);
        }
        delivery.done(chunk.first(), chunk.next(), chunk.records().size(), chunk.bytes());
    }

    /** Null, or what has to be handed over again, now. */
    private List<ConsumedRecord> handle(List<ConsumedRecord> records) throws Exception {
        begins(records.getFirst().offset(), records.size());
        try {
            handler.handle(delivery.partition(), records);
            return null;
        } catch (RetryLater later) {
            ends.await(later.after().toNanos());
            if (ended) {
                throw new InterruptedException(
                        delivery.partition() + " is given back while it is to be retried: " + later.getMessage());
            }
            return later.counts()
                    ? records.stream().map(ConsumedRecord::redelivered).toList()
                    : records;
        } finally {
            ends();
        }
    }

    @Override
    public void end() {
        ended = true;
        ends.raise();
    }
}
