package dev.kafkaloom.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;

/**
 * The three streams of the process.
 *
 * @param out results; tells when its reader has gone
 * @param err everything else
 */
record Terminals(InputStream in, OutputStream out, PrintStream err) {
    /** Whether a person sits at both ends. */
    static boolean interactive() {
        System.setProperty("jdk.console", "java.base"); // the JDK's own jline would take the terminal
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
}
