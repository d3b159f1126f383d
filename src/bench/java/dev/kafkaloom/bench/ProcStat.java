package dev.kafkaloom.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What Linux and the JVM have counted up to now: processor times in seconds of this process, of its JIT compiler's threads, of the broker,
 * and of other guests of the machine's host.
 *
 * @param nanos the clock
 * @param allocated bytes of objects, by all threads
 * @param steal processor seconds that the host gave to others
 */
record ProcStat(long nanos, double cpu, double jit, double broker, double steal, long allocated) {
    private static final double TICKS = 100; // USER_HZ, the same on every Linux that runs a JVM
    private static final int UTIME = 11; // behind the name, which may hold blanks
    private static final int STEAL = 8;

    static ProcStat now(long brokerPid) throws IOException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return new ProcStat(
                System.nanoTime(),
                system.getProcessCpuTime() / 1e9,
                compilers(),
                cpuOf(Path.of("/proc/" + brokerPid + "/stat")),
                Long.parseLong(Files.readAllLines(Path.of("/proc/stat"))
                                .getFirst()
                                .split(" +")[STEAL])
                        / TICKS,
                threads.getTotalThreadAllocatedBytes());
    }

    /** Needs {@code -XX:-UseDynamicNumberOfCompilerThreads}: of a thread that ended nobody knows what it took. */
    private static double compilers() throws IOException {
        double sum = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                try {
                    if (Files.readString(task.resolve("comm")).matches("(?s)C[12] Compiler.*")) {
                        sum += cpuOf(task.resolve("stat"));
                    }
                } catch (NoSuchFileException e) {
                    // a thread that has just ended
                }
            }
        }
        return sum;
    }

    private static double cpuOf(Path stat) throws IOException {
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) / TICKS;
    }

    /** The most memory this process ever had in use, in MB. */
    static double peakMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("no VmHWM in /proc/self/status");
    }

    /** What was between then and now, in the words of {@link ConsumeFigure#parse}. */
    String since(ProcStat then, long records) throws IOException {
        return String.format(
                Locale.ROOT,
                "records=%d seconds=%.3f cpu=%.3f jit=%.3f broker=%.3f steal=%.3f allocated=%d peak=%.1f",
                records,
                (nanos - then.nanos) / 1e9,
                cpu - then.cpu,
                jit - then.jit,
                broker - then.broker,
                steal - then.steal,
                allocated - then.allocated,
                peakMegabytes());
    }
}
