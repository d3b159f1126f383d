package dev.kafkaloom.console;

/** The command line is wrong: an unknown flag, a missing or impossible value. One line, exit code 2. */
public final class UsageException extends RuntimeException {
    public UsageException(String message) {
        super(message);
    }
}
