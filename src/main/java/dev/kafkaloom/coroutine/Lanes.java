package dev.kafkaloom.coroutine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks, so many at once and no more, with a thread for each <em>busy</em> key: the tasks of one key run one after another in the order
 * in which they were submitted; tasks of different keys, and those without a key, run at the same time.
 *
 * <p>Tasks come through {@link LaneShare}s, one for each source. What waits and what runs is bounded over all of them, and each share is
 * guaranteed its part of a quarter of both, so that a source whose tasks never end does not hold up the others. (The guarantee ends where
 * there are more shares than half of what may run.)
 *
 * <p>Threads are named {@code <name>-<n>}, are made when they are needed, look for the next task themselves when they are done with one,
 * and end when they found none for a while. A task may put itself off ({@link Postponed}). Thread-safe.
 */
public final class Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    /**
     * A task at work.
     *
     * @param task what was submitted
     * @param thread the name of its thread
     * @param since for how long
     * @param where the top of its stack, the JDK's own frames left out
     */
    public record Running(Body task, String thread, Duration since, String where) {}

    /** What a bound is shared out like: {@code most} in all, and each share is guaranteed {@code floor}. */
    static final class Bound {
        final int most;
        int taken;
        int floor;
        int reserved; // of what is guaranteed, that which is not taken

        Bound(int most) {
            this.most = most;
        }

        boolean allows(int takenByOne) {
            return taken < most && (takenByOne < floor || taken + reserved < most);
        }

        /** Whether somebody who has his guaranteed part may have more. */
        boolean hasFree() {
            return taken + reserved < most;
        }

        int move(int takenByOne, int by) {
            reserved -= Math.max(0, floor - takenByOne);
            taken += by;
            reserve(takenByOne + by);
            return takenByOne + by;
        }

        /** Reckons up what one share does not take of its guaranteed part. */
        void reserve(int takenByOne) {
            reserved += Math.max(0, floor - takenByOne);
        }

        void setFloor(int shares) {
            floor = shares * 2 > most || shares < 2 ? 0 : Math.max(1, most / (4 * shares));
            reserved = 0; // the shares reckon up theirs
        }
    }

    final ReentrantLock lock = new ReentrantLock(); // guards all below, and all of shares and workers
    final Scope scope;
    final String name;
    final Bound running;
    final Bound waiting;
    private final boolean virtual;
    private final Set<LaneShare> shares = new HashSet<>();
    private final ArrayDeque<LaneShare> turns = new ArrayDeque<>(); // those that have something ready
    private final ArrayDeque<LaneShare> starved =
            new ArrayDeque<>(); // those whose submitter waits for others to make room
    final Postponements later = new Postponements(this);
    private final ArrayDeque<LaneWorker> idle = new ArrayDeque<>();
    private final Set<LaneWorker> workers = new HashSet<>();
    private boolean owing; // others hold what a share is guaranteed, because it came after them
    private long made;

    private Lanes(Scope scope, String name, int maxRunning, int maxWaiting, boolean virtual) {
        if (maxRunning < 1 || maxWaiting < 1) {
            throw new IllegalArgumentException(maxRunning + " running and " + maxWaiting + " waiting tasks");
        }
        this.scope = scope;
        this.name = name;
        this.running = new Bound(maxRunning);
        this.waiting = new Bound(maxWaiting);
        this.virtual = virtual;
    }

    /**
     * Lanes without a thread yet.
     *
     * @param scope owns the threads; when it is cancelled, running tasks are interrupted and waiting ones never begin
     * @param name of the threads, a number follows
     * @param maxRunning how many tasks run at once
     * @param maxWaiting how many wait for their key or for a thread, before submitting blocks
     * @param virtual whether tasks run on virtual threads
     */
    public static Lanes open(Scope scope, String name, int maxRunning, int maxWaiting, boolean virtual) {
        return new Lanes(scope, name, maxRunning, maxWaiting, virtual);
    }

    /** A way in for one more source of tasks. */
    public LaneShare share() {
        lock.lock();
        try {
            LaneShare share = new LaneShare(this);
            shares.add(share);
            reckonFloors();
            return share;
        } finally {
            lock.unlock();
        }
    }

    /** How many tasks run now, of all shares. */
    public int running() {
        lock.lock();
        try {
            return running.taken;
        } finally {
            lock.unlock();
        }
    }

    /** The tasks that have been running for at least so long. Takes a stack trace of each: for people and alarms, not for hot paths. */
    public List<Running> running(Duration atLeast) {
        List<LaneWorker.Sight> seen = new ArrayList<>();
        lock.lock();
        try {
            long now = System.nanoTime();
            workers.forEach(worker -> worker.seeIfOlder(now, atLeast).ifPresent(seen::add));
        } finally {
            lock.unlock();
        }
        return seen.stream().map(LaneWorker.Sight::tell).toList();
    }

    // ---- under the lock

    void leave(LaneShare share) {
        if (shares.remove(share)) {
            reckonFloors();
            wakeStarved();
            dispatch();
        }
    }

    private void reckonFloors() {
        running.setFloor(shares.size());
        waiting.setFloor(shares.size());
        shares.forEach(LaneShare::reckonReserves);
    }

    private void dispatch() {
        dispatch(null);
    }

    /** Starts what may start; {@code changed} is a share that has something new, null for none in particular. */
    void dispatch(LaneShare changed) {
        for (Task task = choose(changed); task != null; task = choose(changed)) {
            employ(task);
        }
    }

    /** Queues a share that has something ready. */
    void awaitsTurn(LaneShare share) {
        turns.add(share);
    }

    /** The next task to run, already counted as running; null when there is none that may. {@code changed}: see above. */
    private Task choose(LaneShare changed) {
        if (running.hasFree()) {
            LaneShare next = turns.poll();
            while (next != null && !next.hasReady()) {
                next.lostTurn();
                next = turns.poll();
            }
            if (next == null) {
                return null;
            }
            next.lostTurn();
            Task task = next.start();
            next.queueUp();
            return task;
        }
        if (changed != null && changed.hasReady()) {
            if (running.allows(changed.runningHere())) {
                return changed.start(); // stays in the queue; whoever finds it there empty passes it over
            }
            owing |= changed.runningHere() < running.floor;
        }
        return owing && running.taken < running.most ? chooseOwed() : null;
    }

    private Task chooseOwed() {
        for (LaneShare share : turns) {
            if (share.hasReady() && running.allows(share.runningHere())) {
                return share.start();
            }
        }
        owing = false;
        return null;
    }

    private void employ(Task task) {
        LaneWorker worker = idle.poll();
        if (worker != null) {
            worker.hand(task);
            return;
        }
        worker = new LaneWorker(this, task);
        workers.add(worker);
        String wanted = name + "-" + ++made;
        try {
            if (virtual) {
                scope.go(wanted, worker::run);
            } else {
                scope.goPlatform(wanted, worker::run);
            }
        } catch (CancellationException e) {
            LOG.debug("{}: closed, a task does not begin", name, e);
            workers.remove(worker);
            task.share().ended(task);
        }
    }

    /** What a thread does next whose task of that share has just ended. */
    Task nextAfter(LaneShare last) {
        last.queueUp();
        Task next = choose(last);
        if (next != null) {
            dispatch();
        }
        return next;
    }

    void rests(LaneWorker worker) {
        idle.push(worker);
    }

    void restsNoLonger(LaneWorker worker) {
        idle.removeLastOccurrence(worker); // who gives up first has rested longest
    }

    void ends(LaneWorker worker) {
        workers.remove(worker);
    }

    List<LaneWorker> workersOf(LaneShare share) {
        List<LaneWorker> found = new ArrayList<>();
        for (LaneWorker worker : workers) {
            Task task = worker.task();
            if (task != null && task.share() == share) {
                found.add(worker);
            }
        }
        return found;
    }

    void starves(LaneShare share) {
        starved.add(share);
    }

    /** Wakes the next submitter there is room for; it calls this again when it has taken its part. */
    void wakeStarved() {
        LaneShare next = starved.peek();
        while (next != null && !next.isStarving()) {
            starved.remove();
            next.fed(false);
            next = starved.peek();
        }
        if (next != null && next.mayAdd()) {
            starved.remove();
            next.fed(true);
        }
    }

    /** A task, its share, its key's lane, null without a key, and how often its share had been emptied when it came. */
    record Task(LaneShare share, LaneShare.Lane lane, Body body, int emptied) {}
}
