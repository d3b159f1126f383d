package dev.kafkaloom.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;

/** Where {@code bin/kafka-client} enters. */
public final class Main {
    private Main() {}

    /** Runs a command line and ends the process with its exit code: 0 ok, 1 failed, 2 usage or configuration. */
    public static void main(String[] args) {
        // the bare file: a PrintStream would hide that the reader of a pipe has gone
        Terminals terminals = new Terminals(new StandardInput(), new FileOutputStream(FileDescriptor.out), System.err);
        int code = new Cli(home(), System.getenv(), terminals).run(args);
        System.err.flush();
        System.exit(Ending.codeOr(code));
    }

    /** The folder of .env, config/ and the daemon's files: KAFKA_LOOM_HOME, else where the launcher lies, else here. */
    private static Path home() {
        String given = System.getenv("KAFKA_LOOM_HOME");
        String launcher = System.getProperty("kafkaloom.home", "");
        return Path.of(given != null && !given.isBlank() ? given : launcher)
                .toAbsolutePath()
                .normalize();
    }
}
