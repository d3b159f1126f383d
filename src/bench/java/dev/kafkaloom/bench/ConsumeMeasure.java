package dev.kafkaloom.bench;

import dev.kafkaloom.coroutine.Scope;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** One client in a JVM of its own: warms up, measures, and prints one line. */
final class ConsumeMeasure {
    private static final int PARTITIONS = 4;
    private static final long GRACE_NANOS = 60_000_000_000L;

    private ConsumeMeasure() {}

    /**
     * Arguments: the client, {@code host:port}, the topic, records per partition, their checksum, seconds to warm up, records to have read by
     * then, seconds to measure, the broker's process id.
     */
    public static void main(String[] arguments) throws Exception {
        ConsumeClient client = ConsumeClient.named(arguments[0]);
        long records = Long.parseLong(arguments[3]);
        long expected = Long.parseLong(arguments[4]);
        List<ConsumeCheck> checks = IntStream.range(0, PARTITIONS)
                .mapToObj(each -> new ConsumeCheck(each, records, expected))
                .toList();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Scope scope = Scope.open("bench")) {
            scope.goPlatform("reading", () -> {
                try {
                    client.read(arguments[1], arguments[2], checks);
                } catch (InterruptedException e) {
                    throw e;
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            await(checks, failure, Double.parseDouble(arguments[5]), Math.max(1, Long.parseLong(arguments[6])));
            long brokerPid = Long.parseLong(arguments[8]);
            ProcStat before = ProcStat.now(brokerPid);
            long seen = seen(checks);
            await(checks, failure, Double.parseDouble(arguments[7]), 0);
            long more = seen(checks) - seen;
            System.out.println(ProcStat.now(brokerPid).since(before, more));
            while (failure.get() == null && checks.stream().anyMatch(check -> check.passes() == 0)) {
                await(checks, failure, 0.1, 0);
            }
            if (failure.get() != null) {
                throw new IllegalStateException("reading failed", failure.get());
            }
        }
        System.exit(0);
    }

    /** Waits that long, and then for the records, but on a machine that is too slow for them no longer than a minute more. */
    private static void await(
            List<ConsumeCheck> checks, AtomicReference<Throwable> failure, double seconds, long records)
            throws InterruptedException {
        long began = System.nanoTime();
        long end = began + (long) (seconds * 1e9);
        while (System.nanoTime() < end || (seen(checks) < records && System.nanoTime() - end < GRACE_NANOS)) {
            if (failure.get() != null) {
                return;
            }
            Thread.sleep(10);
        }
        if (seen(checks) == 0) {
            throw new IllegalStateException("nothing was read");
        }
    }

    private static long seen(List<ConsumeCheck> checks) {
        return checks.stream().mapToLong(ConsumeCheck::seen).sum();
    }
}
