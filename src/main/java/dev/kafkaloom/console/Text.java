package dev.kafkaloom.console;

/**
 * A result that is text already: a line of help, a record as JSON.
 *
 * @param text without the last line break
 */
public record Text(String text) implements Answer {}
