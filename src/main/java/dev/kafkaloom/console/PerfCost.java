package dev.kafkaloom.console;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What the whole process has used up. Immutable. */
record PerfCost(long cpuNanos, long collections, long collectionMillis) {
    static PerfCost now() {
        long cpu = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                ? os.getProcessCpuTime()
                : 0;
        long count = 0;
        long millis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            count += Math.max(0, collector.getCollectionCount());
            millis += Math.max(0, collector.getCollectionTime());
        }
        return new PerfCost(cpu, count, millis);
    }

    PerfCost since(PerfCost before) {
        return new PerfCost(
                cpuNanos - before.cpuNanos,
                collections - before.collections,
                collectionMillis - before.collectionMillis);
    }

    Table table(long records, int partitions) {
        return new Table.Builder("metric", "value")
                .row("partitions", partitions)
                .row("records", records)
                .row("cpu.time.ms", cpuNanos / 1_000_000)
                .row(
                        "cpu.ns.per.record",
                        records == 0 ? "" : String.format(Locale.ROOT, "%.0f", (double) cpuNanos / records))
                .row("gc.count", collections)
                .row("gc.time.ms", collectionMillis)
                .build();
    }
}
