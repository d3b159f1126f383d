package dev.kafkaloom.cli;

import dev.kafkaloom.config.AppConfig;
import dev.kafkaloom.network.HostAndPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jline.utils.Signals;

/** {@code jshell}: the JDK's own, of the JDK that runs us, with our class path and a start-up script. */
final class JShellProgram {
    private JShellProgram() {}

    /** @param config is loaded here already, so that a mistake in it is told before a JVM starts */
    static int run(Path home, AppConfig config, Invocation invocation) throws IOException, InterruptedException {
        for (String file : invocation.words()) {
            if (!file.equals("-") && !Files.isReadable(Path.of(file))) {
                throw new java.nio.file.NoSuchFileException(file);
            }
        }
        Signals.register("INT", () -> {}); // Ctrl-C is for jshell, which is of our process group
        Process process =
                new ProcessBuilder(line(home, config, invocation)).inheritIO().start();
        return process.waitFor();
    }

    private static List<String> line(Path home, AppConfig config, Invocation invocation) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "jshell").toString());
        line.addAll(List.of("--class-path", System.getProperty("java.class.path")));
        line.addAll(List.of("--startup", "DEFAULT", "--startup", startup().toString()));
        line.add("-R--enable-native-access=ALL-UNNAMED");
        line.addAll(
                List.of("-R--sun-misc-unsafe-memory-access=allow", "-R-XX:TieredStopAtLevel=1", "-R-XX:+UseSerialGC"));
        line.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        line.add("-R-Dkafkaloom.log.level=" + (invocation.verbosity() == 0 ? "ERROR" : "INFO"));
        line.add("-R-D" + Script.HOME + "=" + home);
        line.add("-R-D" + Script.TRACE + "=" + invocation.has("trace"));
        line.add("-R-D" + Script.BOOTSTRAP + "="
                + config.client().bootstrap().stream()
                        .map(HostAndPort::toString)
                        .collect(Collectors.joining(",")));
        invocation.overrides().forEach((name, value) -> line.add("-R-D" + Script.SETTING + name + "=" + value));
        if (!invocation.words().isEmpty()) {
            line.add("-s"); // a script's own output, not jshell's echo
        }
        line.addAll(invocation.words());
        return line;
    }

    private static Path startup() {
        return Path.of(System.getProperty("kafkaloom.home", ""), "jshell-scripts", "startup.jsh")
                .toAbsolutePath();
    }
}
