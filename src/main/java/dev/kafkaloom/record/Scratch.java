package dev.kafkaloom.record;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Byte arrays for reuse, in sizes of powers of two. A fixed number of slots for the whole process, so what it keeps alive is bounded
 * however many threads there are (a ThreadLocal would keep arrays per virtual thread). An array that is not given back is garbage like
 * any other. Safe from any thread; never waits.
 */
final class Scratch {
    private static final int SMALLEST = 12;
    private static final int LARGEST = 20;
    /** Per size; all slots full are 16 MiB, of which half are in the largest size. */
    private static final int SLOTS = 8;

    private static final AtomicReferenceArray<byte[]> KEPT =
            new AtomicReferenceArray<>((LARGEST - SMALLEST + 1) * SLOTS);

    private Scratch() {}

    /** An array of at least that length, with anything in it. */
    static byte[] take(int length) {
        int power = Math.max(SMALLEST, 32 - Integer.numberOfLeadingZeros(length - 1));
        if (power > LARGEST) {
            return new byte[length];
        }
        int first = (power - SMALLEST) * SLOTS;
        for (int i = first; i < first + SLOTS; i++) {
            if (KEPT.getPlain(i) != null) {
                byte[] kept = KEPT.getAndSet(i, null);
                if (kept != null) {
                    return kept;
                }
            }
        }
        return new byte[1 << power];
    }

    /** The giver, and whoever it showed the array to, does not touch it again. */
    static void give(byte[] array) {
        int power = 31 - Integer.numberOfLeadingZeros(array.length);
        if (power < SMALLEST || power > LARGEST || array.length != 1 << power) {
            return;
        }
        int first = (power - SMALLEST) * SLOTS;
        for (int i = first; i < first + SLOTS; i++) {
            if (KEPT.getPlain(i) == null && KEPT.compareAndSet(i, null, array)) {
                return;
            }
        }
    }
}
