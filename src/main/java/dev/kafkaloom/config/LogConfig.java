package dev.kafkaloom.config;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the log goes. Immutable.
 *
 * @param dir {@code KAFKA_LOG_DIR}, absolute; may not exist yet
 * @param level {@code KAFKA_LOG_LEVEL}: TRACE, DEBUG, INFO, WARN, ERROR or OFF
 * @param terminal {@code KAFKA_LOG_STDOUT}: whether it goes to the terminal (standard error) as well
 * @param maxSize {@code KAFKA_LOG_MAX_SIZE}: bytes at which a file is put aside; 0: whatever its size
 * @param maxFiles {@code KAFKA_LOG_MAX_FILES}: most files put aside of each log
 */
public record LogConfig(Path dir, String level, boolean terminal, long maxSize, int maxFiles) {
    /** Checks; an {@link IllegalArgumentException} names the setting. */
    public LogConfig {
        Objects.requireNonNull(dir, "KAFKA_LOG_DIR");
        Objects.requireNonNull(level, "KAFKA_LOG_LEVEL");
        if (maxSize < 0 || maxFiles < 1) {
            throw new IllegalArgumentException("KAFKA_LOG_MAX_SIZE: " + maxSize
                    + " must not be negative, KAFKA_LOG_MAX_FILES: " + maxFiles + " must be positive");
        }
    }
}
