package dev.kafkaloom.config;

/**
 * A setting as it is in force, to be shown to a person. Immutable.
 *
 * @param name its name; with the part behind it, as in {@code retry.backoff.ms (producer)}, where a part has a value of its own
 * @param value the value in force, evaluated; a secret is {@code ***}, a setting without a value is empty
 * @param source {@code default}, {@code config/common.yaml:12}, {@code .env:3}, {@code environment} or {@code command line}
 * @param doc what it does, and when it has no effect
 */
public record Setting(String name, String value, String source, String doc) {}
