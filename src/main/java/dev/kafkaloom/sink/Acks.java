package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.sink.Sink.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where a {@link ManualSink} says what became of the records it was handed. Of what it is told of a record the first counts; what comes
 * after the records were taken back, because the partition is somebody else's now, has no effect. Thread-safe.
 */
public final class Acks implements AutoCloseable {
    private final List<ConsumedRecord> batch;
    private final Map<Long, Integer> places;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition all = lock.newCondition();
    private final Outcome[] outcomes; // these three guarded by lock
    private int open;
    private boolean closed;

    Acks(List<ConsumedRecord> batch) {
        this.batch = batch;
        this.places = HashMap.newHashMap(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            places.put(batch.get(i).offset(), i);
        }
        this.outcomes = new Outcome[batch.size()];
        this.open = batch.size();
    }

    /**
     * It is done.
     *
     * @return whether this counts
     * @throws IllegalArgumentException when it is none of the batch
     */
    public boolean done(ConsumedRecord record) {
        return settle(record, Outcome.DONE);
    }

    /**
     * It is to be handed over again.
     *
     * @param after how long to wait before; zero leaves it to the back-off
     * @param why in one line, for the log
     * @return whether this counts
     * @throws IllegalArgumentException when it is none of the batch
     */
    public boolean retry(ConsumedRecord record, Duration after, String why) {
        return settle(record, new Outcome.Retry(after, why));
    }

    /**
     * It can never be handled.
     *
     * @param why in one line, for the log and the dead letter
     * @return whether this counts
     * @throws IllegalArgumentException when it is none of the batch
     */
    public boolean reject(ConsumedRecord record, String why) {
        return settle(record, new Outcome.Reject(List.of(record), why));
    }

    private boolean settle(ConsumedRecord record, Outcome outcome) {
        Integer place = places.get(record.offset());
        if (place == null || !batch.get(place).partition().equals(record.partition())) {
            throw new IllegalArgumentException(
                    record + " was not handed over with " + batch.getFirst() + " to " + batch.getLast());
        }
        lock.lock();
        try {
            return settle(place, outcome);
        } finally {
            lock.unlock();
        }
    }

    private boolean settle(int place, Outcome outcome) {
        if (closed || outcomes[place] != null) {
            return false;
        }
        outcomes[place] = outcome;
        open--;
        if (open == 0) {
            all.signalAll();
        }
        return true;
    }

    void retryRest(String why) {
        lock.lock();
        try {
            for (int i = 0; i < outcomes.length; i++) {
                settle(i, new Outcome.Retry(Duration.ZERO, why));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the last of them. */
    Outcome await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (open > 0) {
                all.await();
            }
            boolean done = Arrays.stream(outcomes).allMatch(Outcome.Done.class::isInstance);
            return done ? Outcome.DONE : new Outcome.Each(new ArrayList<>(Arrays.asList(outcomes)));
        } finally {
            lock.unlock();
        }
    }

    /** Takes the records back: from now on nothing has an effect. {@link ManualSink#accept} calls it. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
