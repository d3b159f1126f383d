package dev.kafkaloom.matrix;

import dev.kafkaloom.coroutine.Scope;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Callers that call again and again, each on a thread of its own, and what became of each call. */
final class Load implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(10);

    /** One call, as often as it is asked for. */
    interface Call {
        void run() throws InterruptedException;
    }

    /**
     * What became of one call.
     *
     * @param began   as of System.nanoTime
     * @param failure null when it had its answer
     */
    record Sample(String caller, long began, Duration took, Throwable failure) {
        private boolean overlaps(long from, long to) {
            return began + took.toNanos() >= from && began <= to;
        }
    }

    private final Scope scope = Scope.open("load");
    private final Set<String> callers = new ConcurrentSkipListSet<>();
    private final Collection<Sample> samples = new ConcurrentLinkedQueue<>();

    /** Starts a caller. */
    Load caller(String name, Call call) {
        callers.add(name);
        scope.go(name, () -> {
            while (!Thread.currentThread().isInterrupted()) {
                samples.add(timed(name, call));
                Thread.sleep(PAUSE);
            }
        });
        return this;
    }

    private static Sample timed(String name, Call call) throws InterruptedException {
        long began = System.nanoTime();
        Throwable failure = null;
        try {
            call.run();
        } catch (RuntimeException | AssertionError e) {
            failure = e;
        }
        return new Sample(name, began, Duration.ofNanos(System.nanoTime() - began), failure);
    }

    Set<String> callers() {
        return callers;
    }

    /** How many calls each caller at least has had answered so far. */
    long answered() {
        Map<String, Long> counts = samples.stream()
                .filter(each -> each.failure() == null)
                .collect(Collectors.groupingBy(Sample::caller, Collectors.counting()));
        return callers.stream()
                .mapToLong(each -> counts.getOrDefault(each, 0L))
                .min()
                .orElse(0);
    }

    List<Sample> failed() {
        return samples.stream().filter(each -> each.failure() != null).toList();
    }

    /** The calls that were under way at some time between two moments of System.nanoTime, by caller. */
    Map<String, List<Sample>> between(long from, long to) {
        return samples.stream()
                .filter(each -> each.overlaps(from, to))
                .collect(Collectors.groupingBy(Sample::caller, TreeMap::new, Collectors.toList()));
    }

    /** The time within which so many of a hundred ended. */
    static Duration percentile(List<Sample> samples, int percent) {
        List<Duration> sorted = samples.stream().map(Sample::took).sorted().toList();
        return sorted.get(Math.ceilDiv(sorted.size() * percent, 100) - 1);
    }

    /** How many took longer than that. */
    static long slower(List<Sample> samples, Duration than) {
        return samples.stream().filter(each -> each.took().compareTo(than) > 0).count();
    }

    /** One line for people. */
    static String figures(List<Sample> samples) {
        return "%d calls, median %.1f ms, p99 %.1f ms, longest %.1f ms"
                .formatted(
                        samples.size(),
                        millis(percentile(samples, 50)),
                        millis(percentile(samples, 99)),
                        millis(percentile(samples, 100)));
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    /** Ends the callers; a call under way is interrupted and does not count. */
    void end() {
        scope.close();
    }

    @Override
    public void close() {
        end();
    }
}
