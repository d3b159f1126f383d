package dev.kafkaloom.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line of a broker's JVM, and of the tools on its class path. Immutable.
 *
 * @param options      of the broker
 * @param classPath    the launcher's jar and Kafka's
 * @param classArchive of the JVM's class data sharing; null: none
 */
record BrokerCommand(Options options, String classPath, Path classArchive) {
    /** Finds the jars, downloading what is missing. */
    static BrokerCommand of(KafkaRelease release, Options options, BrokerCache cache)
            throws IOException, InterruptedException {
        List<Path> jars = cache.jars(release, options.progress());
        String classPath = Stream.concat(Stream.of(cache.launcherJar()), jars.stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        return new BrokerCommand(
                options, classPath, options.classDataSharing() ? cache.classArchive(release, classPath) : null);
    }

    ProcessBuilder broker(BrokerFolder folder, BrokerPorts ports, Quorum quorum) {
        List<String> line = jvm(folder, options.heap(), "INFO");
        line.addAll(List.of(
                "-XX:+ExitOnOutOfMemoryError",
                "-Dzookeeper.jmx.log4j.disable=true",
                "-Dzookeeper.admin.enableServer=false",
                "-Dzookeeper.4lw.commands.whitelist=*",
                "-Dzookeeper.forceSync=no"));
        if (writesClassArchive()) {
            line.add("-XX:ArchiveClassesAtExit=" + unfinishedArchive(folder));
        } else if (classArchive != null) {
            line.add("-XX:SharedArchiveFile=" + classArchive);
        }
        line.addAll(options.jvmOptions());
        line.addAll(List.of(
                BrokerLauncher.class.getName(),
                folder.home().toString(),
                folder.temporary() ? BrokerLauncher.TEMPORARY : BrokerLauncher.KEPT,
                quorum.clusterId(),
                Integer.toString(ports.cluster())));
        return process(folder, line);
    }

    ProcessBuilder tool(BrokerFolder folder, String mainClass, List<String> arguments) {
        List<String> line = jvm(folder, "128m", "WARN");
        line.add(mainClass);
        line.addAll(arguments);
        return process(folder, line);
    }

    boolean writesClassArchive() {
        return classArchive != null && !Files.exists(classArchive);
    }

    /** The child, which is gone, may have written its archive: it becomes the one that the next start uses. */
    void keepClassArchive(BrokerFolder folder) throws IOException {
        if (classArchive != null && Files.exists(unfinishedArchive(folder))) {
            Files.move(unfinishedArchive(folder), classArchive, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Beside the archive, one per broker: several may be writing it at once. */
    private Path unfinishedArchive(BrokerFolder folder) {
        return classArchive.resolveSibling(
                classArchive.getFileName() + "." + folder.home().getFileName());
    }

    private List<String> jvm(BrokerFolder folder, String heap, String logLevel) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData", // its file would outlive a kill -9
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + folder.temporaryFiles(),
                "-Dkafka.logs.dir=" + folder.home(),
                "-Dlog4j.configuration=file:" + folder.log4j(),
                "-Dloom.log.level=" + logLevel,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=" + logLevel.toLowerCase(Locale.ROOT),
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                "-cp",
                classPath));
        return line;
    }

    private static ProcessBuilder process(BrokerFolder folder, List<String> line) {
        ProcessBuilder process =
                new ProcessBuilder(line).directory(folder.home().toFile());
        // options for our own JVM, a debugger's port for one, are not the child's
        process.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
        return process;
    }
}
