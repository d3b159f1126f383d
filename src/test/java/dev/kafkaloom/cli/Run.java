package dev.kafkaloom.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run of the program in this JVM left behind.
 *
 * @param bytes what came out on standard output
 */
record Run(int code, byte[] bytes, String err) {
    /** Runs a command line in a folder, with nothing on its standard input. */
    static Run in(Path home, String... args) {
        return in(home, new byte[0], args);
    }

    static Run in(Path home, byte[] stdin, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminals terminals =
                new Terminals(new ByteArrayInputStream(stdin), out, new PrintStream(err, true, StandardCharsets.UTF_8));
        int code = new Cli(home, Map.of(), terminals).run(args);
        return new Run(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    String out() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The command line of the same program as a process of its own, with the class path of the tests. */
    static List<String> commandLine(String... args) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djdk.virtualThreadScheduler.parallelism=4",
                "-Dkafkaloom.home=" + Path.of("").toAbsolutePath(),
                "-cp",
                classPath(),
                Main.class.getName()));
        line.addAll(List.of(args));
        return line;
    }

    /** JUnit's console launcher has its own loader, Surefire a jar that names the others. */
    private static String classPath() {
        if (Main.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }
}
