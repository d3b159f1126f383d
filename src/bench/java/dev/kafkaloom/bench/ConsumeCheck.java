package dev.kafkaloom.bench;

/**
 * Proves for one partition that all of it was read, again and again, each record once and in order: the same sum in every client, over the
 * length and one byte of each value. Owned by the thread that reads the partition; the counts may be read by any.
 */
final class ConsumeCheck {
    private final int partition;
    private final long records;
    private final long expected;
    private long next;
    private long sum;
    private volatile long seen; // written by one thread
    private volatile int passes;

    /** Of a partition that holds so many records, whose checksum is that. */
    ConsumeCheck(int partition, long records, long expected) {
        this.partition = partition;
        this.records = records;
        this.expected = expected;
    }

    static long fold(long sum, byte[] array, int position, int length) {
        return 31 * sum + array[position + (length >> 1)] + length;
    }

    /** The record was read; true when it was the partition's last, and reading goes on at the first. */
    boolean see(long offset, byte[] array, int position, int length) {
        if (offset != next) {
            throw new IllegalStateException("partition " + partition + ": offset " + offset + " instead of " + next);
        }
        sum = fold(sum, array, position, length);
        next++;
        return next == records && pass();
    }

    private boolean pass() {
        if (sum != expected) {
            throw new IllegalStateException("partition " + partition + ": checksum " + sum + " instead of " + expected);
        }
        next = 0;
        sum = 0;
        passes++;
        return true;
    }

    /** To be called now and then: makes what was seen count. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void count(long more) {
        seen += more;
    }

    long seen() {
        return seen;
    }

    int passes() {
        return passes;
    }
}
