package dev.kafkaloom.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
    private static final int PORT_TRIES = 5;
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);

    private final KafkaRelease release;
    private final Options options;
    private final BrokerFolder folder;
    private final BrokerCommand command;
    private final Quorum quorum;
    private final Path log;
    private volatile BrokerPorts ports;
    private Process process;

    private EmbeddedBroker(
            KafkaRelease release,
            Options options,
            BrokerFolder folder,
            BrokerCommand command,
            Quorum quorum,
            BrokerPorts ports)
            throws IOException {
        this.release = release;
        this.options = options;
        this.folder = folder;
        this.command = command;
        this.quorum = quorum;
        this.ports = ports;
        this.log = folder.log(options, release);
    }

    /**
     * Starts a broker and waits until it serves. The first start of a release downloads its jars (46 MB for 4.3.1).
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
        BrokerCommand command = BrokerCommand.of(release, options, BrokerCache.ofUser());
        BrokerFolder folder = BrokerFolder.open(options);
        for (int tries = 1; ; tries++) {
            BrokerPorts ports = BrokerPorts.choose(options.port());
            Quorum alone = Quorum.of(Map.of(options.nodeId(), ports.cluster()));
            EmbeddedBroker broker = new EmbeddedBroker(release, options, folder, command, alone, ports);
            try {
                broker.spawn();
                broker.awaitBrokers(1);
                return broker;
            } catch (IOException | InterruptedException e) {
                broker.process.destroyForcibly();
                if (!broker.lostItsPort() || tries == PORT_TRIES) {
                    broker.close();
                    throw e;
                }
                LOG.info("another process took a port of the broker, trying others");
                Files.delete(broker.log);
            }
        }
    }

    /** One of several nodes; {@link #spawn} starts it. */
    static EmbeddedBroker node(
            KafkaRelease release, Options options, BrokerCommand command, Quorum quorum, BrokerPorts ports)
            throws IOException {
        return new EmbeddedBroker(release, options, BrokerFolder.open(options), command, quorum, ports);
    }

    /** Of the newest 4.x releases the first whose jars are all there or can be fetched; if none, the one that a start complains about. */
    public static String newest() throws InterruptedException {
        List<String> versions = TestedRelease.all().reversed().stream()
                .filter(each -> each.since("4.0.0"))
                .map(TestedRelease::version)
                .toList();
        for (String version : versions) {
            try {
                BrokerCache.ofUser()
                        .jars(KafkaRelease.parse(version), Options.defaults().progress());
                return version;
            } catch (IOException e) {
                LOG.debug("Kafka {} does not resolve", version, e);
            }
        }
        return versions.getFirst();
    }

    /** Where clients connect, {@code host:port}; the same after a {@link #restart()}, another after {@link #restart(int)}. */
    public String bootstrap() {
        return "127.0.0.1:" + ports.clients();
    }

    public int port() {
        return ports.clients();
    }

    /** What metadata call it. */
    public int nodeId() {
        return options.nodeId();
    }

    public String version() {
        return release.version();
    }

    /** Where its ZooKeeper listens, {@code host:port}; empty in KRaft mode. */
    public Optional<String> zooKeeper() {
        boolean hasOne = release.modeFor(options) == Options.Mode.ZOOKEEPER;
        return hasOne ? Optional.of("127.0.0.1:" + ports.cluster()) : Optional.empty();
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

    /** A command line tool that comes with the broker, such as {@code kafka.admin.TopicCommand}: ready to be started. */
    public ProcessBuilder tool(String mainClass, List<String> arguments) {
        return command.tool(folder, mainClass, arguments);
    }

    /** Stops it like an operator does, by SIGTERM, so that it hands over and closes its log; data, port and folder stay. */
    public synchronized void stop() throws InterruptedException {
        resume();
        process.toHandle().destroy(); // Process.destroy would close the pipe as well, which asks for the 2 s shutdown
        if (!process.waitFor(STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("the broker {} did not stop within {}, killing it", bootstrap(), STOP_DEADLINE);
            kill();
        }
        try {
            command.keepClassArchive(folder);
        } catch (IOException e) {
            LOG.warn("no class archive: {}", e.toString());
        }
    }

    /** SIGKILL, and waits until the process is gone; data, port and folder stay. */
    public synchronized void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    /** Starts it again, after {@link #stop()} or {@link #kill()}, on the same data and port; one that runs is stopped first. */
    public synchronized void restart() throws IOException, InterruptedException {
        if (isAlive()) {
            stop();
        }
        spawn();
        awaitBrokers(1);
    }

    /**
     * The same on another port.
     *
     * @param port where clients connect from now on; 0: a free one that is not the present one
     */
    public synchronized void restart(int port) throws IOException, InterruptedException {
        if (isAlive()) {
            stop();
        }
        moveTo(port);
        restart();
    }

    /** Takes another port at the next start. */
    synchronized void moveTo(int port) throws IOException {
        ports = ports.forClients(port);
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
            if (folder.temporary() && !command.writesClassArchive()) {
                kill();
            } else if (isAlive()) {
                stop();
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

    private void signal(String name) throws InterruptedException {
        if (!isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("no kill command: " + e.getMessage(), e);
        }
    }

    /** Starts the process and does not wait for it. */
    synchronized void spawn() throws IOException {
        folder.write(release, options, ports, quorum);
        process = command.broker(folder, ports, quorum)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        folder.remember(process.toHandle());
    }

    /** Waits until it serves and knows so many brokers. */
    synchronized void awaitBrokers(int count) throws IOException, InterruptedException {
        long began = System.nanoTime();
        long deadline = began + options.startDeadline().toNanos();
        while (BrokerProbe.brokers(ports.clients()) < count) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw failed("ended with exit code " + process.exitValue() + " before it served");
            }
            if (System.nanoTime() - deadline > 0) {
                throw failed("does not serve on port " + ports.clients() + " after "
                        + options.startDeadline().toSeconds() + " s");
            }
        }
        LOG.info(
                "Kafka {} serves on {} after {} ms, pid {}",
                release.version(),
                bootstrap(),
                (System.nanoTime() - began) / 1_000_000,
                process.pid());
    }

    /** Whether another process was faster to take one of its ports. */
    boolean lostItsPort() throws IOException {
        return logTail().contains("Address already in use");
    }

    private IOException failed(String what) throws IOException {
        return new IOException("Kafka " + release.version() + " " + what + "; the end of its log:\n" + logTail());
    }

    private String logTail() throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }
}
