package dev.kafkaloom.config;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.producer.ProducerConfig;
import dev.kafkaloom.runtime.RuntimeConfig;
import java.util.List;

/**
 * The whole configuration, checked. Immutable.
 *
 * @param runtime what runs the consumer: how many members, on which storage
 * @param settings every setting in force with its source, for showing; secrets are hidden
 * @param warnings settings that were given and have no effect, one line each; for standard error or the log at start
 */
public record AppConfig(
        ClientConfig client,
        ConsumerConfig consumer,
        ProducerConfig producer,
        RuntimeConfig runtime,
        ServerConfig server,
        LogConfig log,
        List<Setting> settings,
        List<String> warnings) {
    /** Copies the lists. */
    public AppConfig {
        settings = List.copyOf(settings);
        warnings = List.copyOf(warnings);
    }

    /** The same with another client. */
    public AppConfig withClient(ClientConfig other) {
        return new AppConfig(other, consumer, producer, runtime, server, log, settings, warnings);
    }
}
