package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A partition that a member owns and that has not begun yet. What is asked of it meanwhile, by a rebalance listener that keeps offsets
 * elsewhere for example, holds from its first record on; once it has begun, all goes to the work itself. Thread-safe.
 */
final class Beginning implements PartitionWork {
    private final TopicPartition partition;
    private final Progress none; // of nothing: no record was handed out yet
    private StartAt sought; // all guarded by this
    private boolean paused;
    private PartitionWork work;

    Beginning(TopicPartition partition, long epoch) {
        this.partition = partition;
        this.none = new Progress(partition, epoch, StartAt.offset(0));
        none.fence();
    }

    /** Where somebody wants it to begin, if anybody does: nothing has to be looked up then. */
    synchronized Optional<StartAt> sought() {
        return Optional.ofNullable(sought);
    }

    /** Begins where it was sought to, else where it was found to begin. */
    synchronized void begin(StartAt found, Function<StartAt, PartitionWork> start) {
        work = start.apply(sought == null ? found : sought);
        if (paused) {
            work.pause();
        }
    }

    @Override
    public synchronized Progress progress() {
        return work == null ? none : work.progress();
    }

    @Override
    public boolean drain(Duration deadline) throws InterruptedException {
        PartitionWork begun = begun();
        return begun == null || begun.drain(deadline);
    }

    @Override
    public void stop() {
        PartitionWork begun = begun();
        if (begun != null) {
            begun.stop();
        }
    }

    private synchronized PartitionWork begun() {
        return work;
    }

    @Override
    public synchronized void pause() {
        paused = true;
        if (work != null) {
            work.pause();
        }
    }

    @Override
    public synchronized void resume() {
        paused = false;
        if (work != null) {
            work.resume();
        }
    }

    @Override
    public synchronized boolean isPaused() {
        return work == null ? paused : work.isPaused();
    }

    @Override
    public synchronized void seek(long offset) {
        if (work == null) {
            sought = StartAt.offset(offset);
        } else {
            work.seek(offset);
        }
    }

    @Override
    public synchronized Optional<Throwable> failure() {
        return work == null ? Optional.empty() : work.failure();
    }

    @Override
    public synchronized PartitionSnapshot snapshot() {
        long position = sought == null ? -1 : sought.offset();
        return work != null
                ? work.snapshot()
                : new PartitionSnapshot(partition, position, -1, -1, 0, 0, 0, paused, "starting");
    }
}
