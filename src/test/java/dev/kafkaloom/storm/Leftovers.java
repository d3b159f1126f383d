package dev.kafkaloom.storm;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.kafkaloom.coroutine.CoroutineInfo;
import dev.kafkaloom.coroutine.CoroutineRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What lives in this process that did not when this was made: coroutines, other threads of ours, sockets.
 *
 * @param threads by name
 * @param sockets by the kernel's name
 */
record Leftovers(Set<String> threads, Set<String> sockets) {
    // #35 "name" virtual
    private static final Pattern THREAD = Pattern.compile("^#\\d+ \"([^\"]*)\"", Pattern.MULTILINE);

    /** The first time, before anything else: the JDK keeps a socket for good once it has closed one. */
    static Leftovers atFirst() throws IOException {
        ServerSocketChannel.open().close();
        SocketChannel.open().close();
        return now();
    }

    static Leftovers now() throws IOException {
        Set<String> threads = CoroutineRegistry.snapshot().stream()
                .map(CoroutineInfo::name)
                .collect(Collectors.toCollection(TreeSet::new));
        threads.addAll(dumped());
        return new Leftovers(threads, openSockets());
    }

    /** What there is now and was not then; waits a little for it to vanish, as the kernel and the JDK end things in their own time. */
    Leftovers since(Duration patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Leftovers now = now();
            now.threads.removeAll(threads);
            now.sockets.removeAll(sockets);
            if ((now.threads.isEmpty() && now.sockets.isEmpty()) || System.nanoTime() > end) {
                return now;
            }
            Thread.sleep(20);
        }
    }

    /** All threads, virtual ones too, but those that the JDK makes for itself. */
    private static Set<String> dumped() throws IOException {
        Path folder = Files.createTempDirectory("storm");
        Path file = folder.resolve("threads.txt");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
            Set<String> names = new TreeSet<>();
            Matcher thread = THREAD.matcher(Files.readString(file));
            while (thread.find()) {
                String name = thread.group(1);
                if (!isOfTheJdk(name)) {
                    names.add(name.isEmpty() ? "one without a name" : name);
                }
            }
            return names;
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static boolean isOfTheJdk(String name) {
        return name.startsWith("ForkJoinPool") // the carriers
                || name.startsWith("VirtualThread-un") // parker, blocker
                || name.contains("Poller")
                || name.contains("Compiler")
                || name.startsWith("Common-Cleaner")
                || name.startsWith("Cleaner-")
                || name.startsWith("Service Thread")
                || name.startsWith("Notification Thread")
                || name.startsWith("Attach Listener");
    }

    private static Set<String> openSockets() throws IOException {
        Set<String> sockets = new TreeSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : open) {
                try {
                    String target = Files.readSymbolicLink(each).toString();
                    if (target.startsWith("socket:")) {
                        sockets.add(target);
                    }
                } catch (NoSuchFileException _) {
                    // closed in the meantime
                }
            }
        }
        return sockets;
    }
}
