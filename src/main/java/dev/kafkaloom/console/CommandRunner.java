package dev.kafkaloom.console;

import java.util.List;

/** Where the command lines of a shell are run: in this process, or by a daemon over its socket. */
@FunctionalInterface
public interface CommandRunner {
    /** Runs one line; interruptible. */
    int run(List<String> words, Output out) throws Exception;
}
