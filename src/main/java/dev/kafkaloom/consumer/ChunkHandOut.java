package dev.kafkaloom.consumer;

/** {@link Ordering#PARTITION}: a chunk of copies at a time, handled before the next one is read. */
final class ChunkHandOut extends HandOut.OnItsThread {
    private final Delivery delivery;
    private final RecordHandler handler;

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
        begins(chunk.records().getFirst().offset(), chunk.records().size());
        try {
            handler.handle(delivery.partition(), chunk.records());
        } finally {
            ends();
        }
        delivery.done(chunk.first(), chunk.next(), chunk.records().size(), chunk.bytes());
    }
}
