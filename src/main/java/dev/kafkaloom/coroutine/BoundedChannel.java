package dev.kafkaloom.coroutine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A queue between coroutines that holds at most {@code capacity} elements: putting blocks while it is full, taking while it is
 * empty. After {@link #close()} what is inside can still be taken. Thread-safe; waiters are served about in their order.
 */
public final class BoundedChannel<T> implements AutoCloseable {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition filled = lock.newCondition();
    private final ArrayDeque<T> elements = new ArrayDeque<>();
    private boolean closed;

    public BoundedChannel(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        this.capacity = capacity;
    }

    /** Adds an element, waiting for room; {@link ChannelClosed} when the channel is closed, before or meanwhile. */
    public void put(T element) throws InterruptedException, ChannelClosed {
        Objects.requireNonNull(element);
        lock.lockInterruptibly();
        try {
            while (!closed && elements.size() >= capacity) {
                room.await();
            }
            checkOpen();
            elements.add(element);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Adds an element if there is room now; false if not. */
    public boolean offer(T element) throws ChannelClosed {
        Objects.requireNonNull(element);
        lock.lock();
        try {
            checkOpen();
            if (elements.size() >= capacity) {
                return false;
            }
            elements.add(element);
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest element, waiting for one; {@link ChannelClosed} when it is closed and empty. */
    public T take() throws InterruptedException, ChannelClosed {
        lock.lockInterruptibly();
        try {
            while (elements.isEmpty()) {
                checkOpen();
                filled.await();
            }
            return remove();
        } finally {
            lock.unlock();
        }
    }

    /** The same with a deadline, empty when it passed; a zero timeout does not wait. */
    public Optional<T> poll(Duration timeout) throws InterruptedException, ChannelClosed {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (elements.isEmpty()) {
                checkOpen();
                if (left <= 0) {
                    return Optional.empty();
                }
                left = filled.awaitNanos(left);
            }
            return Optional.of(remove());
        } finally {
            lock.unlock();
        }
    }

    private T remove() {
        T element = elements.remove();
        room.signal();
        return element;
    }

    private void checkOpen() {
        if (closed) {
            throw new ChannelClosed();
        }
    }

    /** How many elements are inside. */
    public int size() {
        lock.lock();
        try {
            return elements.size();
        } finally {
            lock.unlock();
        }
    }

    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses further elements and wakes everyone who waits. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
