package dev.kafkaloom.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Holds what is done with one input to what any input may cost, and keeps the figures of a run. Bytes are counted as the thread allocates
 * them, garbage included; what native codecs allocate is not in it. Owned by one thread.
 */
final class Guard {
    /** For an input of less than 1 MiB. */
    static final long MOST_ALLOCATED = 64L << 20;

    static final int LARGEST_INPUT = 1 << 20;
    private static final long MOST_NANOS = 1_000_000_000;
    private static final int MOST_SIGNATURES = 200_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private final Set<Integer> signatures = new HashSet<>();
    private final Set<String> subjects = new HashSet<>();
    private long executions;
    private long mostAllocated;
    private String hungriest = "none";
    private long longest;
    private String slowest = "none";

    /** Of this thread since it began. */
    static long allocatedBytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Does it, and again before a record of time or memory is believed: classes are loaded and machines pause only once. */
    void run(String subject, int size, Supplier<String> work) {
        executions++;
        Cost cost = once(subject, work);
        if (cost.allocated > mostAllocated || cost.nanos > longest) {
            Cost again = once(subject, work);
            cost = new Cost(Math.min(cost.allocated, again.allocated), Math.min(cost.nanos, again.nanos));
        }
        if (cost.allocated > mostAllocated) {
            mostAllocated = cost.allocated;
            hungriest = subject + ", " + size + " bytes";
        }
        if (cost.nanos > longest) {
            longest = cost.nanos;
            slowest = subject + ", " + size + " bytes";
        }
        if (size < LARGEST_INPUT && cost.allocated > MOST_ALLOCATED) {
            throw new Finding(subject + ": " + cost.allocated + " bytes allocated for " + size + " bytes", null);
        }
        if (size < LARGEST_INPUT && cost.nanos > MOST_NANOS) {
            throw new Finding(subject + ": " + cost.nanos / 1_000_000 + " ms for " + size + " bytes", null);
        }
    }

    private Cost once(String subject, Supplier<String> work) {
        long allocatedBefore = allocatedBytes();
        long begin = System.nanoTime();
        String outcome = work.get();
        long nanos = System.nanoTime() - begin;
        long allocated = allocatedBytes() - allocatedBefore;
        subjects.add(subject);
        if (signatures.size() < MOST_SIGNATURES) {
            signatures.add(shape(subject, outcome));
        }
        return new Cost(allocated, nanos);
    }

    private record Cost(long allocated, long nanos) {}

    /** The outcome without its numbers. */
    private static int shape(String subject, String outcome) {
        int hash = subject.hashCode();
        for (int i = 0; i < outcome.length(); i++) {
            char c = outcome.charAt(i);
            if (c < '0' || c > '9') {
                hash = 31 * hash + c;
            }
        }
        return hash;
    }

    /** One line about the run. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "%,d executions over %d subjects, %,d signatures, at most %.1f MiB allocated (%s), slowest %.1f ms (%s)",
                executions,
                subjects.size(),
                signatures.size(),
                mostAllocated / (double) (1 << 20),
                hungriest,
                longest / 1e6,
                slowest);
    }

    /** What no input may lead to. */
    static final class Finding extends AssertionError {
        private static final long serialVersionUID = 1L;

        Finding(String what, Throwable cause) {
            super(what, cause);
        }
    }
}
