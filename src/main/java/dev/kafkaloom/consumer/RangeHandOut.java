package dev.kafkaloom.consumer;

import dev.kafkaloom.record.RecordRange;

/** Stretches of copies for a {@link RangeHandler}. What holds nothing to handle is part of the stretch behind it, so that they join. */
final class RangeHandOut extends HandOut.OnItsThread {
    private final Delivery delivery;
    private final RangeHandler handler;
    private long emptyFrom; // what was read last held nothing from here
    private long emptyTo = -1; // up to here

    RangeHandOut(Delivery delivery, RangeHandler handler) {
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
        long first = chunk.first() == emptyTo ? emptyFrom : chunk.first();
        if (chunk.records().isEmpty()) {
            emptyFrom = first;
            emptyTo = chunk.next();
            delivery.progress().skip(chunk.next(), chunk.leaderEpoch());
        } else {
            emptyTo = -1;
            handle(chunk, first);
        }
        delivery.moveTo(chunk.next());
        return true;
    }

    /** Before the position moves: what comes then does not join. */
    @Override
    public void settle() {
        emptyTo = -1;
    }

    private void handle(Chunk chunk, long first) throws Exception {
        delivery.handsOut(chunk);
        begins(chunk.records().getFirst().offset(), chunk.records().size());
        try {
            Progress progress = delivery.progress();
            handler.handle(new RecordRange(
                    delivery.partition(),
                    progress.assignmentEpoch(),
                    first,
                    chunk.next(),
                    progress.committed(),
                    chunk.records()));
        } finally {
            ends();
        }
        delivery.done(chunk.first(), chunk.next(), chunk.records().size(), chunk.bytes());
    }
}
