package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Body;
import dev.kafkaloom.coroutine.LaneShare;
import dev.kafkaloom.coroutine.Postponed;
import dev.kafkaloom.record.ConsumedRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@link Ordering#KEY} and {@link Ordering#UNORDERED}: each record is a call of the handler on a lane of its key, or on any. A record without
 * a key waits for no other. Handing out pauses while it would run further ahead of the oldest record that is not done than
 * {@code progress.max.gap}.
 */
final class LaneHandOut implements HandOut {
    private static final Duration FOREVER = Duration.ofDays(365);

    /** Keys are equal when their bytes are. */
    private record Key(byte[] bytes, int hash) {
        static Key of(byte[] bytes) {
            return new Key(bytes, Arrays.hashCode(bytes));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && hash == that.hash && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private final Delivery delivery;
    private final RecordHandler handler;
    private final LaneShare lanes;
    private final boolean byKey;
    private final int maxGap;
    private final Consumer<Throwable> failed;
    private final Signal prefixMoved = new Signal();
    private volatile boolean waitsForPrefix;

    /** {@code failed} is told what the handler throws, on the thread of its lane. */
    LaneHandOut(
            Delivery delivery,
            RecordHandler handler,
            LaneShare lanes,
            boolean byKey,
            int maxGap,
            Consumer<Throwable> failed) {
        this.delivery = delivery;
        this.handler = handler;
        this.lanes = lanes;
        this.byKey = byKey;
        this.maxGap = maxGap;
        this.failed = failed;
    }

    @Override
    public boolean next(Mail.Batches mail) throws InterruptedException {
        Chunk chunk = delivery.reader().next();
        if (chunk == null) {
            return false;
        }
        delivery.mailbox().hold(delivery.reader().decompressedBytes());
        if (chunk.records().isEmpty()) {
            delivery.progress().skip(chunk.next(), chunk.leaderEpoch());
            delivery.moveTo(chunk.next());
        } else {
            delivery.handsOut(chunk);
            handOut(mail, chunk);
        }
        return true;
    }

    /** Stops in the middle when the mail is not wanted any more; what was not handed out then stays not done. */
    private void handOut(Mail.Batches mail, Chunk chunk) throws InterruptedException {
        long from = chunk.first();
        int left = chunk.records().size();
        for (ConsumedRecord record : chunk.records()) {
            long to = --left == 0 ? chunk.next() : record.offset() + 1;
            Key key = byKey && record.key() != null ? Key.of(record.key()) : null;
            if (!submit(mail, key, new Call(record, key, from, to))) {
                return;
            }
            delivery.moveTo(to);
            from = to;
        }
    }

    private boolean submit(Mail.Batches mail, Key key, Call call) throws InterruptedException {
        while (delivery.mailbox().awaitTurn(mail)) {
            if (isTooFar(call.from)) {
                awaitPrefix(call.from);
            } else if (lanes.submit(key, call)) {
                return true;
            }
        }
        return false;
    }

    private boolean isTooFar(long offset) {
        return offset - delivery.progress().committable() > maxGap;
    }

    private void awaitPrefix(long offset) throws InterruptedException {
        waitsForPrefix = true; // first: what is done from here on raises the signal
        try {
            if (isTooFar(offset)) {
                prefixMoved.await();
            }
        } finally {
            waitsForPrefix = false;
        }
    }

    @Override
    public void settle() throws InterruptedException {
        lanes.awaitRest(FOREVER);
    }

    @Override
    public void forget() {
        lanes.dropWaiting();
    }

    @Override
    public void finish() throws InterruptedException {
        lanes.close();
        lanes.awaitRest(FOREVER);
    }

    @Override
    public void end() {
        lanes.close();
        look();
    }

    @Override
    public void interrupt() {
        lanes.close();
        lanes.interrupt();
    }

    @Override
    public void hold(boolean hold) {
        lanes.hold(hold);
    }

    @Override
    public void look() {
        prefixMoved.raise();
        lanes.poke();
    }

    @Override
    public int inHand() {
        return lanes.running();
    }

    /** Nothing: the lanes are asked for all partitions at once. */
    @Override
    public Optional<OverdueHandler> overdue(Duration atLeast) {
        return Optional.empty();
    }

    /** A record in a lane, and the offsets that are done with it. */
    final class Call implements Body {
        private final ConsumedRecord record;
        private final Key key;
        private final long from;
        private final long to;

        private Call(ConsumedRecord record, Key key, long from, long to) {
            this.record = record;
            this.key = key;
            this.from = from;
            this.to = to;
        }

        @Override
        public void run() throws Postponed {
            try {
                handler.handle(delivery.partition(), List.of(record));
            } catch (RetryLater later) {
                ConsumedRecord again = later.counts() ? record.redelivered() : record;
                throw new Postponed(later.after(), new Call(again, key, from, to));
            } catch (Throwable thrown) { // whatever it is, it is this partition's and not the lane's
                failed.accept(thrown);
                return;
            }
            delivery.done(from, to, 1, length(record.key()) + length(record.value()));
            if (waitsForPrefix) {
                prefixMoved.raise();
            }
        }

        private static long length(byte[] bytes) {
            return bytes == null ? 0 : bytes.length;
        }

        /** Whose it is. */
        LaneHandOut owner() {
            return LaneHandOut.this;
        }

        long offset() {
            return record.offset();
        }

        /** The key's hash in hex; empty without one, or when keys do not matter. */
        String keyHash() {
            return key == null ? "" : Integer.toHexString(key.hash);
        }
    }
}
