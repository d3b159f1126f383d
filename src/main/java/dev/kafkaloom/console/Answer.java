package dev.kafkaloom.console;

/** One result of a command, as data; an {@link Output} decides how it looks. */
public sealed interface Answer permits Table, Value, Text, Document, Raw {}
