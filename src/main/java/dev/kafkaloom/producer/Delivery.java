package dev.kafkaloom.producer;

import dev.kafkaloom.protocol.TopicPartition;

/**
 * Where a record ended up.
 *
 * @param offset -1 when the broker did not say
 * @param timestamp what the log has, milliseconds since the epoch; -1 where the message format has none
 */
public record Delivery(TopicPartition partition, long offset, long timestamp) {}
