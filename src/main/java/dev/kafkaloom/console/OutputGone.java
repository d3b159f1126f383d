package dev.kafkaloom.console;

import java.io.IOException;

/** Whoever read the results has gone, as {@code head} does when it has enough. */
public final class OutputGone extends IOException {
    OutputGone(IOException cause) {
        super("nobody reads the results any more", cause);
    }
}
