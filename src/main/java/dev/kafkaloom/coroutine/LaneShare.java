package dev.kafkaloom.coroutine;

import dev.kafkaloom.coroutine.Lanes.Task;
import dev.kafkaloom.coroutine.Postponements.Later;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Condition;

/**
 * One source of tasks for {@link Lanes}. Thread-safe, but for {@link #submit}, which is for one thread at a time.
 */
public final class LaneShare implements AutoCloseable {
    private static final int NOBODY_WAITS = -1;

    /** A busy key: one task of it is ready or runs, the others are behind. */
    static final class Lane {
        private final Object key;
        private final ArrayDeque<Body> behind = new ArrayDeque<>(2);
        private boolean runs;

        Lane(Object key) {
            this.key = key;
        }
    }

    private final Lanes all;
    private final Map<Object, Lane> lanes = new HashMap<>(); // all below guarded by all.lock
    private final ArrayDeque<Task> ready = new ArrayDeque<>();
    private final Set<Later> postponed = new HashSet<>(); // they count as waiting
    private final Condition room;
    private final Condition rest;
    private int running;
    private int waiting;
    private int emptied; // how often
    private int wakeAt = NOBODY_WAITS; // a submitter waits until so few are ready
    private boolean inTurns;
    private boolean inStarved;
    private boolean poked;
    private boolean held;
    private boolean closed;

    LaneShare(Lanes all) {
        this.all = all;
        this.room = all.lock.newCondition();
        this.rest = all.lock.newCondition();
    }

    /**
     * Submits a task, waiting for room.
     *
     * @param key tasks of equal keys run one after another; null: this one waits for nobody, and nobody for it
     * @param task must not throw: what it throws is only logged
     * @return false when it was not taken in: somebody {@linkplain #poke poked} since the last call, or the share is closed
     */
    public boolean submit(Object key, Body task) throws InterruptedException {
        Objects.requireNonNull(task);
        all.lock.lockInterruptibly();
        try {
            if (!awaitRoom()) {
                return false;
            }
            add(key, task);
            return true;
        } finally {
            all.wakeStarved();
            all.lock.unlock();
        }
    }

    private boolean awaitRoom() throws InterruptedException {
        while (!closed && !poked && !mayAdd()) {
            wakeAt = ready.size() / 2;
            starveIfLow();
            try {
                room.await();
            } finally {
                wakeAt = NOBODY_WAITS;
            }
        }
        boolean mayGoOn = !closed && !poked;
        poked = false;
        return mayGoOn;
    }

    private void add(Object key, Body body) {
        waiting = all.waiting.move(waiting, 1);
        Lane lane = key == null ? null : lanes.get(key);
        if (lane != null) {
            lane.behind.add(body);
            return;
        }
        if (key != null) {
            lane = new Lane(key);
            lanes.put(key, lane);
        }
        ready.add(new Task(this, lane, body, emptied));
        queueUp();
        all.dispatch(this);
    }

    /** Lets the {@link #submit} that waits for room, or else the next one, return at once without effect. */
    public void poke() {
        all.lock.lock();
        try {
            poked = true;
            room.signalAll();
        } finally {
            all.lock.unlock();
        }
    }

    /** While held, none of its tasks begins; those that run go on. */
    public void hold(boolean hold) {
        all.lock.lock();
        try {
            held = hold;
            queueUp();
            all.dispatch(this);
        } finally {
            all.lock.unlock();
        }
    }

    /** Forgets the tasks that have not begun, or are put off, now or from now on; says how many they were. */
    public int dropWaiting() {
        all.lock.lock();
        try {
            int dropped = waiting;
            emptied++;
            ready.clear();
            postponed.forEach(Later::drop);
            postponed.clear();
            lanes.values().forEach(lane -> lane.behind.clear());
            lanes.values().removeIf(lane -> !lane.runs);
            waiting = all.waiting.move(waiting, -dropped);
            restIfIdle();
            all.wakeStarved();
            return dropped;
        } finally {
            all.lock.unlock();
        }
    }

    /** Waits until none of its tasks runs or waits; false when it is not so after the timeout. */
    public boolean awaitRest(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        all.lock.lockInterruptibly();
        try {
            while (running > 0 || waiting > 0) {
                if (left <= 0) {
                    return false;
                }
                left = rest.awaitNanos(left);
            }
            return true;
        } finally {
            all.lock.unlock();
        }
    }

    /** Interrupts those of its tasks that run. */
    public void interrupt() {
        all.lock.lock();
        try {
            all.workersOf(this).forEach(LaneWorker::interrupt);
        } finally {
            all.lock.unlock();
        }
    }

    /** How many of its tasks run. */
    public int running() {
        all.lock.lock();
        try {
            return running;
        } finally {
            all.lock.unlock();
        }
    }

    /** How many of its tasks wait for a thread, or behind their key. */
    public int waiting() {
        all.lock.lock();
        try {
            return waiting;
        } finally {
            all.lock.unlock();
        }
    }

    /** Takes in nothing more and forgets what has not begun; does not wait for what runs. */
    @Override
    public void close() {
        all.lock.lock();
        try {
            closed = true;
            dropWaiting();
            room.signalAll();
            leaveIfOver();
        } finally {
            all.lock.unlock();
        }
    }

    // ---- under the lock

    boolean hasReady() {
        return !held && !ready.isEmpty();
    }

    int runningHere() {
        return running;
    }

    boolean mayAdd() {
        return all.waiting.allows(waiting);
    }

    /** Makes sure that it comes to its turn if it has something ready. */
    void queueUp() {
        if (!inTurns && hasReady()) {
            inTurns = true;
            all.awaitsTurn(this);
        }
    }

    void lostTurn() {
        inTurns = false;
    }

    /** Takes the next ready task out and counts it as running. */
    Task start() {
        Task task = ready.remove();
        if (task.lane() != null) {
            task.lane().runs = true;
        }
        waiting = all.waiting.move(waiting, -1);
        running = all.running.move(running, 1);
        if (ready.size() <= wakeAt) {
            if (mayAdd()) {
                room.signal();
            } else {
                starveIfLow();
            }
        }
        all.wakeStarved();
        return task;
    }

    /** The same for one that may be put off: {@code later} is not null then. Nothing is, once it would have been dropped. */
    void ended(Task task, Postponed later) {
        if (later == null || closed || task.emptied() != emptied) {
            ended(task);
            return;
        }
        running = all.running.move(running, -1);
        waiting = all.waiting.move(waiting, 1);
        if (task.lane() != null) {
            task.lane().runs = false;
        }
        Task again = new Task(this, task.lane(), later.instead(), emptied);
        postponed.add(all.later.add(again, later.after().toNanos()));
    }

    /** What was put off is ready again. */
    void isDue(Later later, Task task) {
        postponed.remove(later);
        ready.add(task);
        queueUp();
        all.dispatch(this);
    }

    /** Counts a task as ended; the next of its key becomes ready. */
    void ended(Task task) {
        running = all.running.move(running, -1);
        Lane lane = task.lane();
        Body next = lane == null ? null : lane.behind.poll();
        if (next != null) {
            lane.runs = false;
            ready.add(new Task(this, lane, next, emptied));
        } else if (lane != null) {
            lanes.remove(lane.key, lane);
        }
        restIfIdle();
    }

    private void restIfIdle() {
        if (running == 0 && waiting == 0) {
            rest.signalAll();
            leaveIfOver();
        }
    }

    private void leaveIfOver() {
        if (closed && running == 0) {
            all.leave(this);
        }
    }

    void reckonReserves() {
        all.running.reserve(running);
        all.waiting.reserve(waiting);
    }

    private void starveIfLow() {
        if (!inStarved && ready.size() <= wakeAt) {
            inStarved = true;
            all.starves(this);
        }
    }

    boolean isStarving() {
        return wakeAt != NOBODY_WAITS;
    }

    void fed(boolean wake) {
        inStarved = false;
        if (wake) {
            room.signal();
        }
    }
}
