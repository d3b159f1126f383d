package dev.kafkaloom.console;

import java.io.InputStream;

/**
 * What one run of a command has.
 *
 * @param loom  what it works on
 * @param out   where its results go
 * @param stdin the caller's standard input; null where there is none, as in the shell and over the socket
 */
public record Session(Loom loom, Output out, InputStream stdin) {}
