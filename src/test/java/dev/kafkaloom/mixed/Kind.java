package dev.kafkaloom.mixed;

import dev.kafkaloom.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Whose client a member is. */
enum Kind {
    OURS("dev.kafkaloom.consumer.HistoryMember"),
    JAVA("dev.kafkaloom.mixed.JavaMember"),
    LIBRDKAFKA("");

    private static final String JAVAS = "org.apache.kafka.clients.consumer.";
    private static final Map<String, String> CLASSES = Map.of(
            "range", JAVAS + "RangeAssignor",
            "roundrobin", JAVAS + "RoundRobinAssignor",
            "sticky", JAVAS + "StickyAssignor",
            "cooperative-sticky", JAVAS + "CooperativeStickyAssignor");

    private final String mainClass;

    Kind(String mainClass) {
        this.mainClass = mainClass;
    }

    /** What the Java client calls these assignors. */
    static String classNames(String assignors) {
        return Arrays.stream(assignors.split(",")).map(CLASSES::get).collect(Collectors.joining(","));
    }

    /** Whether this client has the assignor: librdkafka has no {@code sticky}. */
    boolean has(String assignor) {
        return this != LIBRDKAFKA || !assignor.equals("sticky");
    }

    /** The command line of a member, without its arguments. */
    List<String> command(Path program) {
        if (this == LIBRDKAFKA) {
            return List.of(program.toString());
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:TieredStopAtLevel=1", // many short lives
                "-XX:+UseSerialGC",
                "-Djdk.virtualThreadScheduler.parallelism=4",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                ChildJvm.classPath()));
        command.add(mainClass);
        return command;
    }

    /** Compiles librdkafka's member; null, after one line on standard error, where there is no compiler or no librdkafka. */
    static Path compile(Path folder) throws IOException, InterruptedException {
        Path program = folder.resolve("member");
        Path log = folder.resolve("cc.log");
        Files.createDirectories(folder);
        try {
            Process cc = new ProcessBuilder("cc", "-O1", "-o", program.toString(), "src/test/c/member.c", "-lrdkafka")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (cc.waitFor(60, TimeUnit.SECONDS) && cc.exitValue() == 0) {
                return program;
            }
            System.err.println(
                    "no librdkafka members: " + Files.readAllLines(log).getFirst());
        } catch (IOException e) {
            System.err.println("no librdkafka members: " + e.getMessage());
        }
        return null;
    }
}
