package dev.kafkaloom.config;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.producer.ProducerConfig;
import java.util.List;

/**
 * The whole configuration, checked. Immutable.
 *
 * @param members how many members of the group this process runs
 * @param settings every setting in force with its source, for showing; secrets are hidden
 * @param warnings settings that were given and have no effect, one line each; for standard error or the log at start
 */
public record AppConfig(
        ClientConfig client,
        ConsumerConfig consumer,
        ProducerConfig producer,
        MemberCount members,
        ServerConfig server,
        LogConfig log,
        List<Setting> settings,
        List<String> warnings) {
    /** Copies the lists. */
    public AppConfig {
        settings = List.copyOf(settings);
        warnings = List.copyOf(warnings);
    }
}
