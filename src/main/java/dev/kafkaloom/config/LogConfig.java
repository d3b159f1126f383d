package dev.kafkaloom.config;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the log goes. Immutable.
 *
 * @param dir {@code KAFKA_LOG_DIR}, absolute; may not exist yet
 * @param level {@code KAFKA_LOG_LEVEL}: TRACE, DEBUG, INFO, WARN, ERROR or OFF
 * @param terminal {@code KAFKA_LOG_STDOUT}: whether it goes to the terminal (standard error) as well
 */
public record LogConfig(Path dir, String level, boolean terminal) {
    /** Checks that nothing is missing. */
    public LogConfig {
        Objects.requireNonNull(dir, "KAFKA_LOG_DIR");
        Objects.requireNonNull(level, "KAFKA_LOG_LEVEL");
    }
}
