package dev.kafkaloom.consumer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each thread got and has not accounted for. Thread-safe; each thread sees to its own. Those of a thread that ended are forgotten:
 * its records are not done, and come again.
 */
final class ThreadAccounts {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadAccounts.class);
    private static final int PRUNE = 64;

    /** What one thread got. */
    interface Held {
        /** What the thread has seen of it is done. */
        void settle();

        /** Whether any of it is the partition's. */
        boolean isOf(PolledPartition partition);

        /** Takes out what the thread has not seen. */
        List<Polled> rest();
    }

    private record Whole(List<Polled> parts) implements Held {
        @Override
        public void settle() {
            parts.forEach(Polled::ack);
        }

        @Override
        public boolean isOf(PolledPartition partition) {
            return Polled.anyOf(partition, parts);
        }

        @Override
        public List<Polled> rest() {
            return List.of();
        }
    }

    private final Map<Thread, Held> byThread = new ConcurrentHashMap<>();
    private volatile int pruneAt = PRUNE;

    /** The calling thread holds these, all of which it is about to see. */
    void hold(List<Polled> parts) {
        hold(new Whole(parts));
    }

    void hold(Held held) {
        byThread.put(Thread.currentThread(), held);
        if (byThread.size() > pruneAt) {
            prune();
        }
    }

    /** What the calling thread holds; null for nothing. */
    Held mine() {
        return byThread.get(Thread.currentThread());
    }

    /** The same, which it holds no longer. */
    Held takeMine() {
        return byThread.isEmpty() ? null : byThread.remove(Thread.currentThread());
    }

    /** Whether a thread that is alive holds records of the partition. */
    boolean isHeld(PolledPartition partition) {
        return byThread.entrySet().stream()
                .anyMatch(each -> each.getKey().isAlive() && each.getValue().isOf(partition));
    }

    private void prune() {
        int before = byThread.size();
        byThread.keySet().removeIf(thread -> !thread.isAlive());
        int after = byThread.size();
        pruneAt = Math.max(PRUNE, 2 * after);
        if (after < before) {
            LOG.warn(
                    "{} threads ended without polling again, committing or acknowledging what they had polled: "
                            + "it is not done, and will come again after the next rebalance",
                    before - after);
        }
    }
}
