package dev.kafkaloom.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.zip.CRC32;

/**
 * What is kept per user between runs: the resolved class path of each release, the jar with {@link BrokerLauncher}, and the archives of
 * loaded classes. Lies in {@code $XDG_CACHE_HOME/kafka-loom} or {@code ~/.cache/kafka-loom}. Safe for several threads and processes: one
 * at a time writes, under a file lock, and a file appears whole or not at all.
 */
final class BrokerCache {
    private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();
    private final Path folder;

    BrokerCache(Path folder) {
        this.folder = folder;
    }

    static BrokerCache ofUser() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path root = xdg != null && !xdg.isBlank() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
        return new BrokerCache(root.resolve("kafka-loom"));
    }

    /** Finds the jars of a release; {@link MavenJars} but in this class's own test. */
    interface Resolver {
        List<Path> resolve(KafkaRelease release, Consumer<String> progress) throws IOException;
    }

    List<Path> jars(KafkaRelease release, Consumer<String> progress) throws IOException, InterruptedException {
        return jars(release, progress, MavenJars::resolve);
    }

    /** The jars of a release: as remembered, while every one of them is there; else resolved anew. */
    List<Path> jars(KafkaRelease release, Consumer<String> progress, Resolver resolver)
            throws IOException, InterruptedException {
        Path list = folder.resolve(release.version() + MavenJars.RECIPE + ".classpath");
        List<Path> known = known(list);
        if (!known.isEmpty()) {
            return known;
        }
        String downloads = "another process is downloading Apache Kafka " + release.version();
        return locked(release.version() + ".lock", () -> progress.accept(downloads), () -> {
            List<Path> byAnother = known(list);
            if (!byAnother.isEmpty()) {
                return byAnother;
            }
            List<Path> jars = resolver.resolve(release, progress);
            replace(
                    list,
                    String.join("\n", jars.stream().map(Path::toString).toList())
                            .getBytes(StandardCharsets.UTF_8));
            return jars;
        });
    }

    private static List<Path> known(Path list) throws IOException {
        if (!Files.exists(list)) {
            return List.of();
        }
        List<Path> jars = Files.readAllLines(list).stream().map(Path::of).toList();
        return jars.stream().allMatch(Files::isRegularFile) ? jars : List.of();
    }

    /**
     * A jar that holds nothing but {@link BrokerLauncher}: our other classes and resources have no place on a broker's class path, and a
     * class archive wants a jar that stays the same, hence the checksum in its name.
     */
    Path launcherJar() throws IOException, InterruptedException {
        String entry = BrokerLauncher.class.getName().replace('.', '/') + ".class";
        byte[] code;
        try (InputStream in = BrokerLauncher.class.getResourceAsStream("/" + entry)) {
            if (in == null) {
                throw new IOException("the class file of " + BrokerLauncher.class.getName() + " cannot be read");
            }
            code = in.readAllBytes();
        }
        CRC32 checksum = new CRC32();
        checksum.update(code);
        Path jar = folder.resolve("launcher-%08x.jar".formatted(checksum.getValue()));
        if (Files.exists(jar)) {
            return jar;
        }
        return locked("launcher.lock", () -> {}, () -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (JarOutputStream out = new JarOutputStream(bytes)) {
                out.putNextEntry(new JarEntry(entry));
                out.write(code);
            }
            if (!Files.exists(jar)) {
                replace(jar, bytes.toByteArray());
            }
            return jar;
        });
    }

    /** Where the archive of loaded classes of a release belongs; another JDK or another class path has another one. */
    Path classArchive(KafkaRelease release, String classPath) {
        CRC32 checksum = new CRC32();
        checksum.update((Runtime.version() + classPath).getBytes(StandardCharsets.UTF_8));
        return folder.resolve("%s-%08x.jsa".formatted(release.version(), checksum.getValue()));
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path whole = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new");
        try (OutputStream out = Files.newOutputStream(whole)) {
            out.write(content);
        }
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> T locked(String name, Runnable waiting, Work<T> work) throws IOException, InterruptedException {
        // a second thread of this process would get an OverlappingFileLockException
        IN_THIS_PROCESS.lockInterruptibly();
        try {
            Files.createDirectories(folder);
            try (FileChannel file = FileChannel.open(
                            folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = lock(file, waiting)) {
                assert held.isValid();
                return work.run();
            }
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }

    private static FileLock lock(FileChannel file, Runnable waiting) throws IOException {
        FileLock held = file.tryLock();
        if (held != null) {
            return held;
        }
        waiting.run();
        return file.lock();
    }
}
