package dev.kafkaloom.coroutine;

import dev.kafkaloom.coroutine.Lanes.Task;
import java.util.PriorityQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of {@link Lanes} that wait for their time, and the thread {@code <name>-later} that sees to it, which is there while there are
 * any. Everything is called under the lock of the lanes.
 */
final class Postponements {
    private static final Logger LOG = LoggerFactory.getLogger(Postponements.class);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** A task that waits for its time. */
    static final class Later {
        private final long due;
        private Task task; // null once it was dropped

        private Later(Task task, long due) {
            this.task = task;
            this.due = due;
        }

        void drop() {
            task = null;
        }
    }

    private final Lanes lanes;
    private final PriorityQueue<Later> queue = new PriorityQueue<>((a, b) -> Long.signum(a.due - b.due));
    private final Condition sooner;
    private boolean watched;

    Postponements(Lanes lanes) {
        this.lanes = lanes;
        this.sooner = lanes.lock.newCondition();
    }

    /** Keeps a task, and gives it back to its share ({@link LaneShare#isDue}) after that time, unless it is dropped before. */
    Later add(Task task, long nanos) {
        Later later = new Later(task, System.nanoTime() + nanos);
        queue.add(later);
        if (!watched) {
            watch();
        } else if (queue.peek() == later) {
            sooner.signal();
        }
        return later;
    }

    private void watch() {
        try {
            lanes.scope.go(lanes.name + "-later", this::run);
            watched = true;
        } catch (CancellationException e) {
            LOG.debug("{}: closed, what was postponed never begins", lanes.name, e);
        }
    }

    private void run() throws InterruptedException {
        lanes.lock.lockInterruptibly();
        try {
            boolean lingering = true;
            while (!queue.isEmpty() || lingering) {
                long left = release();
                if (queue.isEmpty()) {
                    lingering = sooner.awaitNanos(LINGER_NANOS) > 0;
                } else {
                    sooner.awaitNanos(left);
                }
            }
        } finally {
            watched = false;
            lanes.lock.unlock();
        }
    }

    /** Gives back what is due; tells how long until the next is. */
    private long release() {
        while (!queue.isEmpty()) {
            Later first = queue.peek();
            long left = first.due - System.nanoTime();
            if (left > 0 && first.task != null) {
                return left;
            }
            queue.remove();
            if (first.task != null) {
                first.task.share().isDue(first, first.task);
            }
        }
        return 0;
    }
}
