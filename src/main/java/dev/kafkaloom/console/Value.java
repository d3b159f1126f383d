package dev.kafkaloom.console;

/**
 * A result that is one number or word.
 *
 * @param value a String, Number or Boolean
 */
public record Value(Object value) implements Answer {}
