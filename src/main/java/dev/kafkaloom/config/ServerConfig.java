package dev.kafkaloom.config;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * What a daemon and its console are called and where they meet. Immutable.
 *
 * @param appName {@code APP_NAME}
 * @param appId {@code APP_ID}, tells daemons of one name apart
 * @param appMode {@code APP_MODE}, {@code prod} or {@code test}
 * @param language {@code APP_LANGUAGE}
 * @param unixDir {@code SERVER_AF_UNIX_DIR}, absolute; where a daemon leaves its socket (or the pointer to it); may not exist yet
 * @param http {@code SERVER_IP} and {@code SERVER_PORT}
 */
public record ServerConfig(
        String appName, String appId, String appMode, Locale language, Path unixDir, HttpAddress http) {
    /** Checks that nothing is missing. */
    public ServerConfig {
        Objects.requireNonNull(appName, "APP_NAME");
        Objects.requireNonNull(appId, "APP_ID");
        Objects.requireNonNull(appMode, "APP_MODE");
        Objects.requireNonNull(language, "APP_LANGUAGE");
        Objects.requireNonNull(unixDir, "SERVER_AF_UNIX_DIR");
        Objects.requireNonNull(http, "SERVER_PORT");
    }
}
