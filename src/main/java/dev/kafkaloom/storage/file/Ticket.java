package dev.kafkaloom.storage.file;

import dev.kafkaloom.record.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Something that is to be durable, and whoever waits for it. */
final class Ticket {
    private final CountDownLatch settled = new CountDownLatch(1);
    final Chunk chunk; // null: whatever was written before, acks for example
    private final BatchBuilder batch;
    private boolean taken; // guarded by this
    private boolean dropped;
    private volatile Throwable failure; // an InterruptedException: the storage is closed

    Ticket(Chunk chunk, BatchBuilder batch) {
        this.chunk = chunk;
        this.batch = batch;
    }

    static Ticket barrier() {
        return new Ticket(null, null);
    }

    ByteBuffer batch() {
        return batch.build();
    }

    /** False when nobody wants it any more. */
    synchronized boolean begin() {
        taken = !dropped;
        return taken;
    }

    /** It was not written after all, and may be dropped again. */
    synchronized void putBack() {
        taken = false;
    }

    /** True when it is not, and will not be, written. */
    synchronized boolean drop() {
        dropped = !taken && settled.getCount() > 0;
        return dropped;
    }

    void settle() {
        if (batch != null) {
            batch.release();
        }
        settled.countDown();
    }

    void close() {
        fail(new InterruptedException("the storage is closed"));
    }

    void fail(Throwable why) {
        failure = why;
        settled.countDown();
    }

    boolean await(long millis) throws InterruptedException {
        boolean ended = settled.await(millis, TimeUnit.MILLISECONDS);
        if (failure instanceof InterruptedException closed) {
            throw closed;
        }
        if (failure != null) {
            throw new IllegalStateException("the storage's thread has failed: " + failure, failure);
        }
        return ended;
    }
}
