package dev.kafkaloom.record;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Byte arrays for reuse, in sizes of powers of two. What it keeps alive is bounded for the whole process, however many threads there
 * are (a ThreadLocal would keep arrays per virtual thread). An array that is not given back is garbage like any other.
 */
final class Scratch {
    private static final int SMALLEST = 12;
    private static final int LARGEST = 20;
    /** Per size; all of them are 16 MiB, of which half are in the largest size. */
    private static final int SLOTS = 8;

    private static final List<Slots<byte[]>> BY_SIZE = IntStream.rangeClosed(SMALLEST, LARGEST)
            .mapToObj(size -> new Slots<byte[]>(SLOTS))
            .toList();

    private Scratch() {}

    /** An array of at least that length, with anything in it. */
    static byte[] take(int length) {
        int power = Math.max(SMALLEST, 32 - Integer.numberOfLeadingZeros(length - 1));
        if (power > LARGEST) {
            return new byte[length];
        }
        byte[] kept = BY_SIZE.get(power - SMALLEST).take();
        return kept != null ? kept : new byte[1 << power];
    }

    /** The giver, and whoever was shown the array, do not touch it again. */
    static void give(byte[] array) {
        int power = 31 - Integer.numberOfLeadingZeros(array.length);
        if (power >= SMALLEST && power <= LARGEST && array.length == 1 << power) { // others are none of ours
            boolean _ = BY_SIZE.get(power - SMALLEST).give(array);
        }
    }
}
