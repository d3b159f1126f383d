package dev.kafkaloom.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of one broker: what it is told (server.properties, zookeeper.properties, log4j.properties), its data, and the temporary
 * files of its JVM. Used by the thread that starts the broker.
 *
 * @param home      the folder
 * @param temporary whether it goes when the broker ends
 */
record BrokerFolder(Path home, boolean temporary) {
    private static final String PREFIX = "kafka-loom-broker-";
    private static final String OWNER = "owner";
    private static final String CHILD = "child";

    static BrokerFolder open(Options options) throws IOException {
        if (options.dataFolder() != null) {
            Files.createDirectories(options.dataFolder().resolve("tmp"));
            return new BrokerFolder(options.dataFolder().toAbsolutePath(), false);
        }
        removeOrphans();
        Path home = Files.createTempDirectory(PREFIX);
        Files.createDirectories(home.resolve("tmp"));
        Files.writeString(home.resolve(OWNER), identity(ProcessHandle.current()));
        return new BrokerFolder(home, true);
    }

    Path temporaryFiles() {
        return home.resolve("tmp");
    }

    Path log4j() {
        return home.resolve("log4j.properties");
    }

    /** Writes down who the child is, for {@link #removeOrphans()}. */
    void remember(ProcessHandle child) throws IOException {
        Files.writeString(home.resolve(CHILD), identity(child));
    }

    Path log(Options options, KafkaRelease release) throws IOException {
        if (options.logFolder() == null) {
            return home.resolve("broker.log");
        }
        Files.createDirectories(options.logFolder());
        return options.logFolder()
                .toAbsolutePath()
                .resolve("broker-%s-node-%d-%s.log"
                        .formatted(
                                release.version(),
                                options.nodeId(),
                                home.getFileName().toString().replace(PREFIX, "")));
    }

    void write(KafkaRelease release, Options options, BrokerPorts ports, Quorum quorum) throws IOException {
        boolean zooKeeper = release.modeFor(options) == Options.Mode.ZOOKEEPER;
        Map<String, String> server = new LinkedHashMap<>();
        if (zooKeeper) {
            zooKeeper(server, options, ports);
        } else {
            kraft(server, options, ports, quorum);
        }
        small(server, release, quorum);
        server.putAll(options.properties());
        lines(BrokerLauncher.SERVER_PROPERTIES, server);
        Files.writeString(log4j(), """
                log4j.rootLogger=${loom.log.level}, stderr
                log4j.appender.stderr=org.apache.log4j.ConsoleAppender
                log4j.appender.stderr.target=System.err
                log4j.appender.stderr.layout=org.apache.log4j.PatternLayout
                log4j.appender.stderr.layout.ConversionPattern=%d{HH:mm:ss.SSS} %p %c - %m%n
                """);
    }

    private void zooKeeper(Map<String, String> server, Options options, BrokerPorts ports) throws IOException {
        String id = Integer.toString(options.nodeId());
        server.put("broker.id", id);
        server.put("listeners", "PLAINTEXT://127.0.0.1:" + ports.clients());
        server.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + ports.clients());
        server.put("zookeeper.connect", "127.0.0.1:" + ports.cluster());
        server.put("zookeeper.connection.timeout.ms", "20000");
        server.put("zookeeper.session.timeout.ms", "4000"); // how long a restart after a kill has to wait
        server.put("delete.topic.enable", "true");
        Map<String, String> keeper = new LinkedHashMap<>();
        keeper.put("dataDir", home.resolve("zookeeper").toString());
        keeper.put("clientPort", Integer.toString(ports.cluster()));
        keeper.put("clientPortAddress", "127.0.0.1");
        keeper.put("maxClientCnxns", "0");
        keeper.put("tickTime", "1000");
        lines(BrokerLauncher.ZOOKEEPER_PROPERTIES, keeper);
    }

    private static void kraft(Map<String, String> server, Options options, BrokerPorts ports, Quorum quorum) {
        server.put("process.roles", "broker,controller");
        server.put("node.id", Integer.toString(options.nodeId()));
        server.put("controller.quorum.voters", quorum.voters());
        server.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(ports.clients(), ports.cluster()));
        server.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + ports.clients());
        server.put("controller.listener.names", "CONTROLLER");
        server.put("broker.session.timeout.ms", "3000"); // how long a restart after a kill has to wait, and a failover
        server.put("broker.heartbeat.interval.ms", "500");
        server.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL");
    }

    /** Few threads, few partitions of internal topics, no waiting: a broker for one machine starts and groups form faster. */
    private void small(Map<String, String> server, KafkaRelease release, Quorum quorum) {
        String replicas = Integer.toString(quorum.replicas());
        String inSync = Integer.toString(quorum.inSync());
        server.put("log.dirs", home.resolve("data").toString());
        server.put("num.partitions", "4");
        server.put("num.network.threads", "2");
        server.put("num.io.threads", "4");
        server.put("log.cleaner.dedupe.buffer.size", "4194304");
        server.put("offsets.topic.num.partitions", "4");
        server.put("offsets.topic.replication.factor", replicas);
        if (release.atLeast(1_100)) {
            server.put("transaction.state.log.replication.factor", replicas);
            server.put("transaction.state.log.min.isr", inSync);
            server.put("transaction.state.log.num.partitions", "4");
            server.put("group.initial.rebalance.delay.ms", "0");
        }
        if (release.atLeast(40_000)) {
            server.put("share.coordinator.state.topic.replication.factor", replicas);
            server.put("share.coordinator.state.topic.min.isr", inSync);
            server.put("share.coordinator.state.topic.num.partitions", "4");
        }
    }

    private void lines(String name, Map<String, String> values) throws IOException {
        Files.write(
                home.resolve(name),
                values.entrySet().stream()
                        .map(line -> line.getKey() + "=" + line.getValue())
                        .toList());
    }

    void deleteIfTemporary() throws IOException {
        if (temporary) {
            delete(home);
        }
    }

    /** Folders of dead owners: the child was killed too, could not delete everything, or is suspended and does not know yet. */
    private static void removeOrphans() throws IOException {
        try (DirectoryStream<Path> folders =
                Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), PREFIX + "*")) {
            for (Path folder : folders) {
                try {
                    if (living(folder.resolve(OWNER)).isEmpty()) {
                        if (Files.exists(folder.resolve(CHILD))) {
                            living(folder.resolve(CHILD)).ifPresent(ProcessHandle::destroyForcibly);
                        }
                        delete(folder);
                    }
                } catch (IOException _) {
                    // another process deletes it too, or it is another user's
                }
            }
        }
    }

    /** The process that a file names, if it still lives; an IOException if the file is still being written. */
    private static Optional<ProcessHandle> living(Path identityFile) throws IOException {
        String identity = Files.readString(identityFile);
        int space = identity.indexOf(' ');
        if (space < 0) {
            throw new IOException(identityFile + " is incomplete");
        }
        return ProcessHandle.of(Long.parseLong(identity.substring(0, space)))
                .filter(process -> identity(process).equals(identity));
    }

    /** Process ids are used again; with the start time it is the same process. */
    private static String identity(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> leavesFirst;
        try (Stream<Path> tree = Files.walk(folder)) {
            leavesFirst = tree.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : leavesFirst) {
            Files.deleteIfExists(path);
        }
    }
}
