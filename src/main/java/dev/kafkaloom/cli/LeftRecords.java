package dev.kafkaloom.cli;

import dev.kafkaloom.config.AppConfig;
import dev.kafkaloom.config.Messages;
import dev.kafkaloom.config.Setting;
import dev.kafkaloom.storage.StorageKind;
import dev.kafkaloom.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records that were stored in files and committed before somebody chose another storage: nobody else would ever tell of them. */
final class LeftRecords {
    private static final Logger LOG = LoggerFactory.getLogger(LeftRecords.class);
    private static final String FOLDER = "KAFKA_STORAGE_FILE_DIR";

    private LeftRecords() {}

    /** A line about them, when there are some and this start will not work them off. */
    static Optional<String> warning(AppConfig config, Messages messages) throws InterruptedException {
        Path folder = folder(config);
        if (config.runtime().storage().kind() == StorageKind.FILE || !Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try {
            long left = FileStorage.inspect(folder, 0).stats().size();
            return left == 0 ? Optional.empty() : Optional.of(messages.text("start.left", folder, left));
        } catch (IOException e) {
            LOG.debug("{} is not a storage's folder", folder, e);
            return Optional.empty();
        }
    }

    private static Path folder(AppConfig config) {
        String value = config.settings().stream()
                .filter(setting -> setting.name().equals(FOLDER))
                .map(Setting::value)
                .findFirst()
                .orElseThrow();
        return config.runtime().sinkers().home().resolve(value).normalize();
    }
}
