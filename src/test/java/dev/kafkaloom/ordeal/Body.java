package dev.kafkaloom.ordeal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process of the JVM is made of at a moment.
 *
 * @param heap bytes that live, after a collection
 * @param threads of the operating system
 * @param virtual threads that live
 * @param sockets open ones
 * @param files other open descriptors
 */
record Body(long heap, long threads, long virtual, long sockets, long files) {
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern VIRTUAL =
            Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+java\\.lang\\.VirtualThread ");

    /** Of a process of this user; a collection runs in it. */
    static Body of(long pid) throws IOException, InterruptedException {
        String histogram = histogram(pid);
        long sockets = 0;
        long files = 0;
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path each : all.toList()) {
                if (target(each).startsWith("socket:")) {
                    sockets++;
                } else {
                    files++;
                }
            }
        }
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return new Body(number(TOTAL, histogram), threads.count(), number(VIRTUAL, histogram), sockets, files);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return ""; // closed meanwhile
        }
    }

    private static String histogram(long pid) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd " + pid + ": " + text.strip());
        }
        return text;
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** Of each the median. */
    static Body median(List<Body> all) {
        return new Body(
                median(all.stream().mapToLong(Body::heap).sorted().toArray()),
                median(all.stream().mapToLong(Body::threads).sorted().toArray()),
                median(all.stream().mapToLong(Body::virtual).sorted().toArray()),
                median(all.stream().mapToLong(Body::sockets).sorted().toArray()),
                median(all.stream().mapToLong(Body::files).sorted().toArray()));
    }

    private static long median(long[] sorted) {
        return sorted[sorted.length / 2];
    }

    /** Whether it is no more than another one, but for what comes and goes. */
    boolean isNoMoreThan(Body other) {
        return heap <= other.heap * 1.2 + (4 << 20)
                && threads <= other.threads + 5
                && virtual <= other.virtual + 20
                && sockets <= other.sockets + 4
                && files <= other.files + 6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.1f MB of heap, %d threads, %d virtual ones, %d sockets, %d files",
                heap / 1e6,
                threads,
                virtual,
                sockets,
                files);
    }
}
