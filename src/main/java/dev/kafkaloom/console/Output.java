package dev.kafkaloom.console;

import java.io.IOException;

/** Where the results of a command go: a stream, a terminal, a socket, a test. Used by one thread at a time. */
public interface Output {
    /** Puts one result out, possibly into a buffer. */
    void show(Answer answer) throws IOException;

    /** A remark beside the results, such as progress; never mixed with them. */
    void note(String line) throws IOException;

    /** Makes visible what was shown. */
    default void flush() throws IOException {}
}
