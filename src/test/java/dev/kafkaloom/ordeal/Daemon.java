package dev.kafkaloom.ordeal;

import dev.kafkaloom.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program itself, headless, in a process of its own: started, killed and started again in the same folder. For one thread. */
final class Daemon implements AutoCloseable {
    private static final int PATIENCE = 60;

    private final String name;
    private final Path folder;
    private final Path histories;
    private final List<String> settings;
    private Process process;
    private boolean wanted; // else it may have ended
    private int life;

    /**
     * Starts it.
     *
     * @param folder its home; what it prints is kept there, too
     * @param histories where its sink writes
     * @param settings {@code name=value}
     */
    Daemon(String name, Path folder, Path histories, List<String> settings) throws IOException {
        this.name = name;
        this.folder = Files.createDirectories(folder).toAbsolutePath();
        this.histories = histories.toAbsolutePath();
        this.settings = List.copyOf(settings);
        start();
    }

    /** Again, after {@link #kill} or {@link #end}. */
    void start() throws IOException {
        life++;
        wanted = true;
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djdk.virtualThreadScheduler.parallelism=4",
                "-cp",
                ChildJvm.classPath(),
                "dev.kafkaloom.cli.Main",
                "--daemon"));
        List<String> all = new ArrayList<>(settings);
        all.add("sinker=history");
        all.add("sinker.option.folder=" + histories);
        all.add("sinker.option.process=" + name + "-" + life);
        all.forEach(each -> line.addAll(List.of("-X", each)));
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output().toFile());
        builder.environment().put("KAFKA_LOOM_HOME", folder.toString());
        process = builder.start();
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    private Path output() {
        return folder.resolve("output-" + life + ".txt");
    }

    /** What its present life has printed. */
    String printed() throws IOException {
        return Files.readString(output());
    }

    /** Throws when it has ended by itself. */
    void mustLive() throws IOException {
        if (wanted && !process.isAlive()) {
            throw new AssertionError(name + " has ended with " + process.exitValue() + ": " + printed());
        }
    }

    private void awaitJoined() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (!printed().contains("joined in ")) {
            mustLive();
            if (System.nanoTime() > deadline) {
                throw new AssertionError(name + " does not join its group: " + printed());
            }
            Thread.sleep(50);
        }
    }

    /** {@code kill -9}, and waits until it is gone. */
    void kill() throws InterruptedException {
        wanted = false;
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM, if it is there; throws when it does not end as it should. */
    void end() throws InterruptedException, IOException {
        if (!wanted) {
            return;
        }
        awaitJoined(); // a JVM that has only just begun does not know what to do yet
        wanted = false;
        process.destroy();
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " does not end: " + printed());
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(name + " was told to end, and did with " + process.exitValue() + ": " + printed());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
