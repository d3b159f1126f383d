package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.Ordering;
import dev.kafkaloom.coroutine.Body;
import dev.kafkaloom.coroutine.Postponed;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.Lease;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lease on its way through the sink. Thread-safe. */
final class LeaseWork {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseWork.class);
    private static final Object WHOLE = "partition"; // the key under which all of a partition is one after another

    private final PartitionSinking of;
    private final Sinkers sinkers;
    private final Lease lease;
    private final long bytes;
    private int unsettled; // records; guarded by this, as the next
    private boolean over;

    LeaseWork(PartitionSinking of, Lease lease) {
        this.of = of;
        this.sinkers = of.sinkers();
        this.lease = lease;
        this.unsettled = lease.records().size();
        this.bytes = lease.records().stream()
                .mapToLong(each -> length(each.key()) + length(each.value()))
                .sum();
        sinkers.holds(bytes);
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    Lease lease() {
        return lease;
    }

    /** What is to be run, in this order. */
    List<Task> tasks() {
        List<ConsumedRecord> records = lease.records();
        if (sinkers.ordering() == Ordering.PARTITION) {
            return List.of(new Task(WHOLE, records, true));
        }
        boolean byKey = sinkers.ordering() == Ordering.KEY;
        List<Task> tasks = new ArrayList<>(records.size());
        for (ConsumedRecord record : records) {
            Object key = byKey && record.key() != null ? ByteBuffer.wrap(record.key()) : null;
            tasks.add(new Task(key, List.of(record), true));
        }
        return tasks;
    }

    private boolean isGivenUp() {
        return sinkers.isEnding() || of.isStopped() || !lease.isValid();
    }

    /** So many records will not be handed to the sink (again) from here. */
    private void settled(int count) {
        boolean last;
        synchronized (this) {
            if (over) {
                return;
            }
            unsettled -= count;
            over = unsettled == 0;
            last = over;
        }
        if (last) {
            sinkers.holds(-bytes);
        }
        of.settled(count);
        if (last) {
            of.finished(this);
        }
    }

    /** Nothing that has not begun will, and nobody counts on what has. */
    void abandon() {
        int left;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            left = unsettled;
        }
        sinkers.holds(-bytes);
        of.settled(left);
        lease.records().forEach(sinkers.figures()::over);
    }

    /** Records that go to the sink together. */
    final class Task implements Body {
        private final Object key;
        private final List<ConsumedRecord> records;
        private final boolean first;

        private Task(Object key, List<ConsumedRecord> records, boolean first) {
            this.key = key;
            this.records = records;
            this.first = first;
        }

        /** Tasks of one key have to run one after another; null: this one waits for nobody. */
        Object key() {
            return key;
        }

        @Override
        public void run() throws Postponed {
            if (first) {
                of.begun();
            }
            try {
                if (isGivenUp()) {
                    drop();
                } else {
                    attempt();
                }
            } catch (SinkRejected e) {
                of.stop(e.getMessage());
            } catch (InterruptedException _) {
                drop();
            } catch (RuntimeException
                    | Error e) { // the storage's, or a bug: nobody else would ever see to these records
                LOG.error(
                        "{} offset {}: {}; again later",
                        lease.partition(),
                        records.getFirst().offset(),
                        e.toString());
                LOG.debug("{} offset {}", lease.partition(), records.getFirst().offset(), e);
                throw new Postponed(sinkers.retryBackoffMax(), new Task(key, records, false));
            }
        }

        private void attempt() throws InterruptedException, SinkRejected, Postponed {
            SinkCalls.Left left =
                    sinkers.calls().attempt(records, LeaseWork.this::isGivenUp, record -> lease.done(record.offset()));
            settled(records.size() - left.records().size());
            if (!left.isEmpty()) {
                throw new Postponed(left.after(), new Task(key, left.records(), false));
            }
        }

        /** The lease is void, or all ends: whoever has the records next hands them to the sink. */
        private void drop() {
            records.forEach(sinkers.figures()::over);
            settled(records.size());
        }
    }
}
