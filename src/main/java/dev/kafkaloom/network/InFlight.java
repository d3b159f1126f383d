package dev.kafkaloom.network;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The requests on the wire in the order of writing, which is the order of the responses. The writer adds, the reader takes. */
final class InFlight {
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Slot<?>> slots = new ArrayDeque<>();

    void add(Slot<?> slot) {
        lock.lock();
        try {
            slots.add(slot);
        } finally {
            lock.unlock();
        }
    }

    Slot<?> oldest() {
        lock.lock();
        try {
            return slots.peek();
        } finally {
            lock.unlock();
        }
    }

    /** The first of those for which this holds. */
    Optional<Slot<?>> first(Predicate<Slot<?>> condition) {
        lock.lock();
        try {
            for (Slot<?> slot : slots) {
                if (condition.test(slot)) {
                    return Optional.of(slot);
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the slot that is due if it bears this id. One that may stay unanswered is passed over
     * when the id is that of the slot behind it.
     *
     * @param passedOver is told of a slot that was passed over
     * @return null when another response is due, or none
     */
    Slot<?> takeFor(int correlationId, Consumer<Slot<?>> passedOver) {
        lock.lock();
        try {
            Slot<?> head = slots.peek();
            if (head == null) {
                return null;
            }
            if (head.correlationId() != correlationId && head.mayStaySilent() && secondIs(correlationId)) {
                passedOver.accept(slots.remove());
                head = slots.element();
            }
            return head.correlationId() == correlationId ? slots.remove() : null;
        } finally {
            lock.unlock();
        }
    }

    private boolean secondIs(int correlationId) {
        return slots.stream()
                .skip(1)
                .findFirst()
                .filter(second -> second.correlationId() == correlationId)
                .isPresent();
    }
}
