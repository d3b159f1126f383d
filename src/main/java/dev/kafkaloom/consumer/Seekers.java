package dev.kafkaloom.consumer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** The partitions that look for their leader, each from a time on. Thread-safe; one thread takes. */
final class Seekers {
    /** A partition without a fetcher; {@code stale}: the metadata that we have are wrong about it. */
    record Seeker(Mailbox mailbox, long due, boolean stale, String why) {}

    private final Signal seeking = new Signal();
    private final PriorityQueue<Seeker> queue =
            new PriorityQueue<>(Comparator.comparingLong(Seeker::due)); // guarded by this

    /** {@code wait} in nanoseconds; {@code why} is empty when nothing went wrong, and the metadata are believed. */
    void add(Mailbox mailbox, long wait, String why) {
        synchronized (this) {
            queue.add(new Seeker(mailbox, System.nanoTime() + wait, !why.isEmpty(), why));
        }
        seeking.raise();
    }

    /** Waits until some are due, and takes all of these; the closed ones are dropped. */
    List<Seeker> take() throws InterruptedException {
        while (true) {
            List<Seeker> due = takeDue();
            if (!due.isEmpty()) {
                return due;
            }
            seeking.await(untilDue());
        }
    }

    private synchronized long untilDue() {
        Seeker next = queue.peek();
        return next == null ? TimeUnit.HOURS.toNanos(1) : next.due - System.nanoTime();
    }

    private synchronized List<Seeker> takeDue() {
        long now = System.nanoTime();
        List<Seeker> due = new ArrayList<>();
        while (!queue.isEmpty() && queue.peek().due - now <= 0) {
            Seeker next = queue.poll();
            if (!next.mailbox.isClosed()) {
                due.add(next);
            }
        }
        return due;
    }
}
