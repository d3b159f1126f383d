package dev.kafkaloom.console;

/** What commands work on. */
public final class Loom {
}
