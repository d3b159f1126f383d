package dev.kafkaloom.admin;

/**
 * One setting of a topic that is not at Kafka's default.
 *
 * @param value null when the broker keeps it secret
 * @param source where it was set: {@code topic}, {@code broker (dynamic)}, {@code brokers (dynamic)}, {@code broker (file)}
 */
public record TopicConfig(String name, String value, String source) {}
