package dev.kafkaloom.producer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.IntConsumer;

/** The leaders seen so far, and how their senders wait for work, each for its own. All of it under the accumulator's lock. */
final class Leaders {
    private final Lock lock;
    private final IntConsumer newLeader;
    private final Map<Integer, Condition> work = new HashMap<>();

    /** {@code newLeader} is told each node id once. */
    Leaders(Lock lock, IntConsumer newLeader) {
        this.lock = lock;
        this.newLeader = newLeader;
        work.put(PartitionQueue.NO_LEADER, lock.newCondition()); // of the one who looks for leaders
    }

    void seen(int leader) {
        if (leader != PartitionQueue.NO_LEADER && !work.containsKey(leader)) {
            work.put(leader, lock.newCondition());
            newLeader.accept(leader);
        }
    }

    void wake(int leader) {
        Condition condition = work.get(leader);
        if (condition != null) {
            condition.signalAll();
        }
    }

    void wakeAll() {
        work.values().forEach(Condition::signalAll);
    }

    /** Waits for work of a leader, at most so long; {@link Long#MAX_VALUE}: without end. */
    void await(int leader, long nanos) throws InterruptedException {
        await(work.computeIfAbsent(leader, _ -> lock.newCondition()), nanos);
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    static void await(Condition condition, long nanos) throws InterruptedException {
        if (nanos == Long.MAX_VALUE) {
            condition.await();
        } else {
            long _ = condition.awaitNanos(nanos);
        }
    }
}
