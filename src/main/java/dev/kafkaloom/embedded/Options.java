package dev.kafkaloom.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How an {@link EmbeddedBroker} is started. Immutable; {@link #defaults()} and the {@code with} methods make one.
 *
 * @param dataFolder       where the broker keeps everything; null: a temporary folder that is deleted at the end. A given folder is kept,
 *                         and a broker started on it again has its topics
 * @param logFolder        where the broker's log goes; null: into the data folder
 * @param port             the port clients connect to; 0: a free one
 * @param nodeId           broker id (ZooKeeper) or node id (KRaft), from 1
 * @param mode             ZooKeeper or KRaft for the releases that know both
 * @param heap             the child's heap, in the JVM's spelling, such as {@code 256m}
 * @param properties       lines of server.properties, over the ones set here
 * @param jvmOptions       more options for the child JVM
 * @param startDeadline    until when the broker must answer
 * @param classDataSharing use, and on the first end write, an archive of loaded classes in the cache folder: the start takes half the time,
 *                         the first end some seconds more
 * @param progress         is told, one line at a time, what takes long (jars that are downloaded)
 */
public record Options(
        Path dataFolder,
        Path logFolder,
        int port,
        int nodeId,
        Mode mode,
        String heap,
        Map<String, String> properties,
        List<String> jvmOptions,
        Duration startDeadline,
        boolean classDataSharing,
        Consumer<String> progress) {

    /** Where the cluster keeps its metadata. */
    public enum Mode {
        /** KRaft since 3.3, ZooKeeper before. */
        DEFAULT,
        /** KIP-500: from 2.8 on. */
        KRAFT,
        /** Until 3.9; the ZooKeeper runs in the broker's own JVM. */
        ZOOKEEPER
    }

    public Options {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not in 0..65535");
        }
        if (nodeId < 0) {
            throw new IllegalArgumentException("node id " + nodeId + " is negative");
        }
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(heap, "heap");
        Objects.requireNonNull(startDeadline, "startDeadline");
        Objects.requireNonNull(progress, "progress");
        properties = Map.copyOf(properties);
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** A temporary data folder, a free port, 256 MiB of heap, 60 s to start, downloads reported on stderr. */
    public static Options defaults() {
        return new Options(
                null,
                null,
                0,
                1,
                Mode.DEFAULT,
                "256m",
                Map.of(),
                List.of(),
                Duration.ofSeconds(60),
                false,
                System.err::println);
    }

    public Options withDataFolder(Path folder) {
        return new Options(
                folder,
                logFolder,
                port,
                nodeId,
                mode,
                heap,
                properties,
                jvmOptions,
                startDeadline,
                classDataSharing,
                progress);
    }

    public Options withLogFolder(Path folder) {
        return new Options(
                dataFolder,
                folder,
                port,
                nodeId,
                mode,
                heap,
                properties,
                jvmOptions,
                startDeadline,
                classDataSharing,
                progress);
    }

    public Options withPort(int number) {
        return new Options(
                dataFolder,
                logFolder,
                number,
                nodeId,
                mode,
                heap,
                properties,
                jvmOptions,
                startDeadline,
                classDataSharing,
                progress);
    }

    public Options withNodeId(int id) {
        return new Options(
                dataFolder,
                logFolder,
                port,
                id,
                mode,
                heap,
                properties,
                jvmOptions,
                startDeadline,
                classDataSharing,
                progress);
    }

    public Options withMode(Mode which) {
        return new Options(
                dataFolder,
                logFolder,
                port,
                nodeId,
                which,
                heap,
                properties,
                jvmOptions,
                startDeadline,
                classDataSharing,
                progress);
    }

    public Options withHeap(String size) {
        return new Options(
                dataFolder,
                logFolder,
                port,
                nodeId,
                mode,
                size,
                properties,
                jvmOptions,
                startDeadline,
                classDataSharing,
                progress);
    }

    /** One more line of server.properties. */
    public Options withProperty(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(properties);
        more.put(name, value);
        return new Options(
                dataFolder,
                logFolder,
                port,
                nodeId,
                mode,
                heap,
                more,
                jvmOptions,
                startDeadline,
                classDataSharing,
                progress);
    }

    public Options withJvmOptions(List<String> options) {
        return new Options(
                dataFolder,
                logFolder,
                port,
                nodeId,
                mode,
                heap,
                properties,
                options,
                startDeadline,
                classDataSharing,
                progress);
    }

    public Options withStartDeadline(Duration deadline) {
        return new Options(
                dataFolder,
                logFolder,
                port,
                nodeId,
                mode,
                heap,
                properties,
                jvmOptions,
                deadline,
                classDataSharing,
                progress);
    }

    public Options withClassDataSharing(boolean on) {
        return new Options(
                dataFolder, logFolder, port, nodeId, mode, heap, properties, jvmOptions, startDeadline, on, progress);
    }

    public Options withProgress(Consumer<String> lines) {
        return new Options(
                dataFolder,
                logFolder,
                port,
                nodeId,
                mode,
                heap,
                properties,
                jvmOptions,
                startDeadline,
                classDataSharing,
                lines);
    }
}
