package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.Ordering;
import dev.kafkaloom.coroutine.LaneShare;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.storage.Lease;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link Sinkers} have in hand of one partition. Thread-safe. */
final class PartitionSinking {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionSinking.class);

    private final Sinkers sinkers;
    private final TopicPartition partition;
    private final LaneShare share;
    private final Set<LeaseWork> open =
            new LinkedHashSet<>(); // in the order they were taken; all below guarded by this
    private LeaseWork held; // the last one, until others may take what follows it
    private int waiting; // tasks that have not begun
    private int inHand; // records
    private String stopped; // why

    PartitionSinking(Sinkers sinkers, TopicPartition partition, LaneShare share) {
        this.sinkers = sinkers;
        this.partition = partition;
        this.share = share;
    }

    Sinkers sinkers() {
        return sinkers;
    }

    /** Lays the records into the lanes. Nobody else does so for this partition until the lease is passed on. */
    void begin(Lease lease) throws InterruptedException {
        LeaseWork work = new LeaseWork(this, lease);
        List<LeaseWork.Task> tasks = work.tasks();
        synchronized (this) {
            open.add(work);
            held = work;
            inHand += lease.records().size();
            if (stopped != null) {
                return; // kept, so that nothing more of it is handed out
            }
            waiting += tasks.size();
        }
        for (LeaseWork.Task task : tasks) {
            share.submit(task.key(), task);
        }
        passOn();
    }

    /** A task has begun. */
    void begun() {
        synchronized (this) {
            waiting--;
        }
        passOn();
    }

    /** So many records are done, or will not be here. */
    void settled(int records) {
        synchronized (this) {
            inHand -= records;
        }
        passOn();
    }

    /** Lets others take what follows the last lease, if this has room for it. */
    private void passOn() {
        LeaseWork next;
        synchronized (this) {
            if (held == null || stopped != null || !hasRoom()) {
                return;
            }
            next = held;
            held = null;
        }
        next.lease().passOn();
    }

    private boolean hasRoom() {
        return sinkers.ordering() == Ordering.PARTITION ? waiting <= 0 : sinkers.hasRoom(inHand);
    }

    /** All of a lease is settled. */
    void finished(LeaseWork work) {
        boolean last;
        synchronized (this) {
            open.remove(work);
            last = held == work;
            if (last) {
                held = null;
            }
        }
        if (last) {
            work.lease().passOn();
        }
        work.lease().close();
    }

    /** Begins nothing more, and keeps what was taken, so that nobody overtakes it. */
    void stop(String why) {
        synchronized (this) {
            if (stopped != null) {
                return;
            }
            stopped = "sinking of " + partition + " has stopped (retran tries it again): " + why;
            waiting = 0;
        }
        share.dropWaiting();
        LOG.error("sinking of {} stops: {}", partition, why);
    }

    synchronized Optional<String> stopped() {
        return Optional.ofNullable(stopped);
    }

    synchronized boolean isStopped() {
        return stopped != null;
    }

    /** If it has stopped, what it holds goes back, and is taken again. */
    void tryAgain() {
        List<LeaseWork> all;
        synchronized (this) {
            if (stopped == null) {
                return;
            }
            stopped = null;
            all = surrender();
        }
        close(all);
    }

    /** What is not done of what was taken goes back. */
    void giveBack() {
        List<LeaseWork> all;
        synchronized (this) {
            all = surrender();
        }
        close(all);
    }

    private List<LeaseWork> surrender() {
        List<LeaseWork> all = List.copyOf(open);
        open.clear();
        held = null;
        waiting = 0;
        return all;
    }

    /** The oldest first: nobody takes of this partition before the last is closed, which was not passed on. */
    private static void close(List<LeaseWork> all) {
        for (LeaseWork work : all) {
            work.abandon();
            work.lease().close();
        }
    }

    /** Begins nothing more. */
    void end() {
        share.close();
    }

    boolean awaitRest(Duration timeout) throws InterruptedException {
        return share.awaitRest(timeout);
    }

    void interrupt() {
        share.interrupt();
    }

    @Override
    public synchronized String toString() {
        return partition + " (" + inHand + " records in hand)";
    }
}
