package dev.kafkaloom.admin;

import java.util.Map;

/**
 * A topic to be made.
 *
 * @param partitions how many; {@link #BROKER_DEFAULT} leaves it to the broker
 * @param replication replicas of each partition; {@link #BROKER_DEFAULT} leaves it to the broker
 * @param configs the topic's own configuration, {@code retention.ms} and the like
 */
public record NewTopic(String name, int partitions, int replication, Map<String, String> configs) {
    /** As the broker's {@code num.partitions} and {@code default.replication.factor} say; before 2.4 a request has to say 1. */
    public static final int BROKER_DEFAULT = -1;

    public NewTopic {
        configs = Map.copyOf(configs);
    }

    /** One with all as the broker has it. */
    public static NewTopic of(String name) {
        return new NewTopic(name, BROKER_DEFAULT, BROKER_DEFAULT, Map.of());
    }

    public NewTopic partitions(int value) {
        return new NewTopic(name, value, replication, configs);
    }

    public NewTopic replication(int value) {
        return new NewTopic(name, partitions, value, configs);
    }

    public NewTopic configs(Map<String, String> value) {
        return new NewTopic(name, partitions, replication, value);
    }
}
