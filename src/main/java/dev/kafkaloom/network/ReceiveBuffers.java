package dev.kafkaloom.network;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Arrays that large responses are received into, kept for the next ones: fresh memory costs more than all else that is done with such a
 * response. Whoever got the response gives its array back when nobody looks at it any more; one that is not given back is garbage like
 * any other. Thread-safe; keeps at most {@value #KEPT} of at most {@value #KEPT_BYTES} bytes together.
 */
final class ReceiveBuffers {
    private static final int SMALLEST = 16 << 10;
    private static final int KEPT = 8;
    private static final int KEPT_BYTES = 32 << 20;
    private static final int STEPS =
            8; // sizes between one power of two and the next, so that nearly equal responses share

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<byte[]> idle = new ArrayDeque<>(); // guarded by lock, as the next; the longest unused first
    private int idleBytes;

    /**
     * An array for a response of that length, with anything in it: one of at least the length that was given back, or else a fresh one.
     *
     * @param believed how many bytes may be allocated before any has come: a fresh array is no longer
     */
    byte[] take(int length, int believed) {
        if (length < SMALLEST) {
            return new byte[length];
        }
        byte[] kept = takeKept(length);
        return kept != null ? kept : new byte[Math.min(rounded(length), believed)];
    }

    private byte[] takeKept(int length) {
        lock.lock();
        try {
            for (Iterator<byte[]> each = idle.descendingIterator(); each.hasNext(); ) {
                byte[] array = each.next();
                if (array.length >= length && array.length / 2 <= length) { // a small answer must not hold much memory
                    each.remove();
                    idleBytes -= array.length;
                    return array;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody touches the array any more, and it is given back no second time. */
    void giveBack(byte[] array) {
        if (array.length < SMALLEST || array.length > KEPT_BYTES) {
            return;
        }
        lock.lock();
        try {
            idle.addLast(array);
            idleBytes += array.length;
            while (idle.size() > KEPT || idleBytes > KEPT_BYTES) {
                idleBytes -= idle.removeFirst().length;
            }
        } finally {
            lock.unlock();
        }
    }

    private static int rounded(int length) {
        int step = Integer.highestOneBit(length) / STEPS;
        return (int) Math.min(Integer.MAX_VALUE - 16L, ((long) length + step - 1) / step * step);
    }
}
