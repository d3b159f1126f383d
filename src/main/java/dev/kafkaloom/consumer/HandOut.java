package dev.kafkaloom.consumer;

import dev.kafkaloom.coroutine.Coroutine;
import java.time.Duration;
import java.util.Optional;

/**
 * The way from a partition's loop to the handler. The partition's thread calls {@link #next}, {@link #settle} and {@link #finish}; the rest
 * is for any thread and does not block.
 */
sealed interface HandOut permits HandOut.OnItsThread, LaneHandOut {

    /**
     * Hands out the next piece of the mail that the reader has open.
     *
     * @return false when there was none left
     * @throws Exception of the handler, when it ran on this thread
     */
    boolean next(Mail.Batches mail) throws Exception;

    /** Waits until all that was handed out is done. */
    void settle() throws InterruptedException;

    /** Begins nothing more, and waits for what is being handled. */
    void finish() throws InterruptedException;

    /** What was handed out and has not begun never will; it stays not done, so the position has to move after this. */
    void forget();

    /** Begins nothing more. */
    void end();

    /** Begins nothing more, and interrupts what is being handled on other threads than the partition's. */
    void interrupt();

    /** Begins nothing until it is let go again. */
    void hold(boolean hold);

    /** Something is new in the mailbox, or with the partition: whoever waits to hand out looks again. */
    void look();

    /** How many records are being handled. */
    int inHand();

    /** A handler at work on the partition's own thread, for at least so long. */
    Optional<OverdueHandler> overdue(Duration atLeast);

    /** Those that call the handler on the partition's own thread: nothing is being handled while that thread does anything else. */
    abstract sealed class OnItsThread implements HandOut permits ChunkHandOut, RangeHandOut, ViewHandOut {
        private record Call(long offset, int records, Thread thread, long begunAt) {}

        private volatile Call call;

        final void begins(long offset, int records) {
            call = new Call(offset, records, Thread.currentThread(), System.nanoTime());
        }

        final void ends() {
            call = null;
        }

        @Override
        public void settle() {}

        @Override
        public void finish() {}

        @Override
        public void forget() {}

        @Override
        public void end() {}

        @Override
        public void interrupt() {}

        @Override
        public void hold(boolean hold) {}

        @Override
        public void look() {}

        @Override
        public int inHand() {
            Call now = call;
            return now == null ? 0 : now.records();
        }

        @Override
        public Optional<OverdueHandler> overdue(Duration atLeast) {
            Call now = call;
            if (now == null) {
                return Optional.empty();
            }
            Duration since = Duration.ofNanos(System.nanoTime() - now.begunAt());
            return since.compareTo(atLeast) < 0
                    ? Optional.empty()
                    : Optional.of(new OverdueHandler(
                            now.offset(),
                            now.records(),
                            "",
                            now.thread().getName(),
                            since,
                            Coroutine.where(now.thread())));
        }
    }
}
