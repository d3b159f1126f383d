/**
 * What a person types and sees. A {@link dev.kafkaloom.console.Command} knows neither terminal nor command line: its results are
 * data ({@link dev.kafkaloom.console.Answer}), rendered where they come out. So the same command runs one-shot, in the jline
 * shell, over the daemon's socket, in a script and in a test.
 */
package dev.kafkaloom.console;
