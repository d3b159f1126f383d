package dev.kafkaloom.embedded;

import dev.kafkaloom.protocol.Uuid;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Apache Kafka broker, 0.9.0.1 to 4.x, as a child JVM of the JDK that runs us; listens on loopback only. Its jars come from Maven
 * Central (by the user's Maven settings) on first use. The child ends by itself when this process does, also after {@code kill -9}.
 *
 * <p>Thread-safe: every method that changes the child holds this object's monitor. No thread of ours belongs to it: the child writes
 * its log file itself.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    /** Newest first. 4.4.0 resolves whole but for one jar that it does not need and that was never published. */
    private static final List<String> NEWEST = List.of("4.4.0", "4.3.1");
    private static final int PORT_TRIES = 5;
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);

    private final KafkaRelease release;
    private final Options options;
    private final BrokerFolder folder;
    private final BrokerPorts ports;
    private final List<String> command;
    private final Path log;
    private Process process;

    private EmbeddedBroker(KafkaRelease release, Options options, BrokerFolder folder, BrokerPorts ports) throws IOException, InterruptedException {
        this.release = release;
        this.options = options;
        this.folder = folder;
        this.ports = ports;
        this.log = folder.log(options, release);
        this.command = command();
    }

    /**
     * Starts a broker and waits until it serves. The first start of a release downloads its jars (about 100 MB on a 4.x).
     *
     * @param kafkaVersion a release as Maven Central spells it, such as {@code 4.3.1} or {@code 0.9.0.1}
     * @throws IllegalArgumentException no release, or one that cannot run this way
     * @throws IOException              jars that cannot be fetched, a taken port, or a broker that did not start; the message's first line
     *                                  says which, the last lines of the broker's log follow it where there is one
     */
    public static EmbeddedBroker start(String kafkaVersion, Options options) throws IOException, InterruptedException {
        KafkaRelease release = KafkaRelease.parse(kafkaVersion);
        if (!release.runsIn(options.mode())) {
            throw new IllegalArgumentException("Kafka " + kafkaVersion + " cannot run in mode " + options.mode());
        }
        if (options.port() != 0 && !BrokerPorts.isFree(options.port())) {
            throw new IOException("port " + options.port() + " is taken");
        }
        BrokerFolder folder = BrokerFolder.open(options);
        for (int tries = 1;; tries++) {
            EmbeddedBroker broker = new EmbeddedBroker(release, options, folder, BrokerPorts.choose(options.port()));
            try {
                broker.launch();
                return broker;
            } catch (IOException e) {
                boolean lostRace = broker.logTail().contains("Address already in use");
                if (!lostRace || tries == PORT_TRIES) {
                    broker.close();
                    throw e;
                }
                LOG.info("another process took a port of the broker, trying others");
            } catch (InterruptedException e) {
                broker.close();
                throw e;
            }
        }
    }

    /** Of the newest 4.x releases the first whose jars are all there or can be fetched; the last resort is what a start complains about. */
    public static String newest() throws InterruptedException {
        for (String version : NEWEST) {
            try {
                BrokerCache.ofUser().jars(KafkaRelease.parse(version), Options.defaults().progress());
                return version;
            } catch (IOException e) {
                LOG.debug("Kafka {} does not resolve", version, e);
            }
        }
        return NEWEST.getLast();
    }

    /** Where clients connect, {@code host:port}; the same after a {@link #restart()}. */
    public String bootstrap() {
        return "127.0.0.1:" + ports.clients();
    }

    public int port() {
        return ports.clients();
    }

    public String version() {
        return release.version();
    }

    /** The file that has the child's stdout and stderr; restarts append. */
    public Path log() {
        return log;
    }

    /** The child's process id; of the last child when it is stopped. */
    public synchronized long pid() {
        return process.pid();
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Stops it like an operator does, by SIGTERM, so that it hands over and closes its log; data, port and folder stay. */
    public synchronized void stop() throws InterruptedException {
        resume();
        process.toHandle().destroy(); // Process.destroy would close the pipe as well, which asks for the 2 s shutdown
        if (!process.waitFor(STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("the broker {} did not stop within {}, killing it", bootstrap(), STOP_DEADLINE);
            kill();
        }
    }

    /** SIGKILL, and waits until the process is gone; data, port and folder stay. */
    public synchronized void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Starts it again, after {@link #stop()} or {@link #kill()}, on the same data and port; one that runs is stopped first. */
    public synchronized void restart() throws IOException, InterruptedException {
        if (isAlive()) {
            stop();
        }
        launch();
    }

    /** SIGSTOP: connections stay open and nothing answers. */
    public synchronized void suspend() throws InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    public synchronized void resume() throws InterruptedException {
        signal("CONT");
    }

    /** Ends the child and deletes temporary data; kept data get a clean shutdown. */
    @Override
    public synchronized void close() {
        try {
            if (isAlive()) {
                if (folder.temporary() && !writesClassArchive()) {
                    kill();
                } else {
                    stop();
                }
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            folder.deleteIfTemporary();
        } catch (IOException e) {
            LOG.warn("the broker's folder stays: {}", e.toString());
        }
    }

    private boolean writesClassArchive() {
        return command.stream().anyMatch(option -> option.startsWith("-XX:ArchiveClassesAtExit"));
    }

    private void signal(String name) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("no kill command: " + e.getMessage(), e);
        }
    }

    private List<String> command() throws IOException, InterruptedException {
        BrokerCache cache = BrokerCache.ofUser();
        String classPath = Stream.concat(Stream.of(cache.launcherJar()), cache.jars(release, options.progress()).stream())
                .map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xmx" + options.heap(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData", // its file would outlive a kill -9
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + folder.home().resolve("tmp"), "-Dkafka.logs.dir=" + folder.home(),
                "-Dlog4j.configuration=file:" + folder.home().resolve("log4j.properties"),
                "-Dorg.slf4j.simpleLogger.showDateTime=true", "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                "-Dzookeeper.jmx.log4j.disable=true", "-Dzookeeper.admin.enableServer=false", "-Dzookeeper.4lw.commands.whitelist=*",
                "-Dzookeeper.forceSync=no"));
        if (options.classDataSharing()) {
            line.addAll(classArchive(cache.classArchive(release, classPath)));
        }
        line.addAll(options.jvmOptions());
        line.addAll(List.of("-cp", classPath, BrokerLauncher.class.getName(), folder.home().toString(),
                folder.temporary() ? BrokerLauncher.TEMPORARY : BrokerLauncher.KEPT, Uuid.random().toString(), Integer.toString(ports.cluster())));
        return line;
    }

    private static List<String> classArchive(Path archive) {
        return Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of("-XX:ArchiveClassesAtExit=" + archive);
    }

    private void launch() throws IOException, InterruptedException {
        folder.write(release, options, ports);
        long began = System.nanoTime();
        process = new ProcessBuilder(command).directory(folder.home().toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
        long deadline = began + options.startDeadline().toNanos();
        while (!BrokerProbe.answers(ports.clients(), log)) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new IOException("Kafka " + release.version() + " ended with exit code " + process.exitValue()
                        + " before it served; the end of its log:\n" + logTail());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("Kafka " + release.version() + " does not serve on port " + ports.clients() + " after "
                        + options.startDeadline().toSeconds() + " s; the end of its log:\n" + logTail());
            }
        }
        LOG.info("Kafka {} serves on {} after {} ms, pid {}", release.version(), bootstrap(), (System.nanoTime() - began) / 1_000_000, process.pid());
    }

    private String logTail() throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }
}
