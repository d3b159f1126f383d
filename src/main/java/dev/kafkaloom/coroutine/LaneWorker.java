package dev.kafkaloom.coroutine;

import dev.kafkaloom.coroutine.Lanes.Running;
import dev.kafkaloom.coroutine.Lanes.Task;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread of {@link Lanes}: {@link #run} is its body; everything else is called under the lock of the lanes. */
final class LaneWorker {
    private static final Logger LOG = LoggerFactory.getLogger(LaneWorker.class);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A task found running, to be told of without the lock. */
    record Sight(Thread thread, Task task, long nanos) {
        Running tell() {
            return new Running(task.body(), thread.getName(), Duration.ofNanos(nanos), Coroutine.where(thread));
        }
    }

    private final Lanes lanes;
    private final Condition handed;
    private Thread thread; // null until it runs
    private Task task; // null while idle
    private long since;
    private boolean interruptFirst;

    LaneWorker(Lanes lanes, Task first) {
        this.lanes = lanes;
        this.handed = lanes.lock.newCondition();
        this.task = first;
        this.since = System.nanoTime();
    }

    void run() throws InterruptedException {
        try {
            for (Body body = begin(); body != null; ) {
                body = next(perform(body));
            }
        } finally {
            end();
        }
    }

    private Body begin() {
        lanes.lock.lock();
        try {
            thread = Thread.currentThread();
            if (interruptFirst) {
                thread.interrupt();
            }
            return task.body();
        } finally {
            lanes.lock.unlock();
        }
    }

    /** Null, or what puts the task off. */
    private Postponed perform(Body body) {
        try {
            body.run();
        } catch (Postponed later) {
            return later;
        } catch (InterruptedException e) {
            LOG.debug("{}: a task was interrupted", lanes.name, e);
        } catch (Throwable thrown) { // a task has its own way to fail: this thread goes on with those of others
            LOG.error("{}: a task failed", lanes.name, thrown);
        }
        return null;
    }

    /** What is to be done next, null when this thread should end. */
    private Body next(Postponed later) throws InterruptedException {
        lanes.lock.lock();
        try {
            Task done = task;
            task = null;
            Thread.interrupted(); // meant the task that has ended
            done.share().ended(done, later);
            if (lanes.scope.isCancelled()) {
                return null;
            }
            take(lanes.nextAfter(done.share()));
            if (task == null) {
                rest();
            }
            return task == null ? null : task.body();
        } finally {
            lanes.lock.unlock();
        }
    }

    private void rest() throws InterruptedException {
        lanes.rests(this);
        try {
            long left = IDLE_NANOS;
            while (task == null && left > 0) {
                left = handed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            if (task == null) {
                throw e; // the scope is being cancelled
            }
            thread.interrupt(); // meant the task
        } finally {
            if (task == null) {
                lanes.restsNoLonger(this);
            }
        }
    }

    private void end() {
        lanes.lock.lock();
        try {
            if (task != null) {
                task.share().ended(task);
                task = null;
            }
            lanes.ends(this);
        } finally {
            lanes.lock.unlock();
        }
    }

    // ---- under the lock

    /** Gives an idle one something to do. */
    void hand(Task next) {
        take(next);
        handed.signal();
    }

    private void take(Task next) {
        task = next;
        since = System.nanoTime();
    }

    Task task() {
        return task;
    }

    void interrupt() {
        if (thread == null) {
            interruptFirst = true;
        } else {
            thread.interrupt();
        }
    }

    Optional<Sight> seeIfOlder(long now, Duration atLeast) {
        boolean found = thread != null && task != null && now - since >= atLeast.toNanos();
        return found ? Optional.of(new Sight(thread, task, now - since)) : Optional.empty();
    }
}
