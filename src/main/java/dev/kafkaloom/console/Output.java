package dev.kafkaloom.console;

import java.io.IOException;
import java.util.Optional;

/** Where the results of a command go: a stream, a terminal, a socket, a test. Used by one thread at a time. */
public interface Output {
    /** Puts one result out, possibly into a buffer. */
    void show(Answer answer) throws IOException;

    /** A remark beside the results, such as progress; never mixed with them. */
    void note(String line) throws IOException;

    /**
     * Asks the person in front of it, who answers with a line; empty where there is none to ask: behind a pipe, in a script, over the
     * socket.
     */
    default Optional<String> ask(String question) throws IOException {
        return Optional.empty();
    }

    /**
     * How far something that takes its time has come, in place of what was told before; empty to take it away. Shown only where a person
     * sees it and nothing else: not among the results, not over the socket.
     */
    default void progress(String line) throws IOException {}

    /** Makes visible what was shown. */
    default void flush() throws IOException {}
}
