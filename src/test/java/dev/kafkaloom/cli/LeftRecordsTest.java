package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.config.AppConfig;
import dev.kafkaloom.config.ConfigLoader;
import dev.kafkaloom.config.Messages;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StoredRecords;
import dev.kafkaloom.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftRecordsTest {
    private static final Messages ENGLISH = Messages.in(Locale.ENGLISH);

    @TempDir
    Path home;

    @Test
    void recordsInFilesAreToldToAStartThatDoesNotWorkThemOff() throws Exception {
        store(3);

        assertThat(LeftRecords.warning(config("DIRECTLY"), ENGLISH))
                .hasValueSatisfying(
                        line -> assertThat(line).contains(home.resolve("runtime/storage") + " holds 3 records"));
    }

    @Test
    void aStartThatWorksThemOffIsToldNothing() throws Exception {
        store(3);

        assertThat(LeftRecords.warning(config("FILE"), ENGLISH)).isEmpty();
    }

    @Test
    void noFolderIsNoMatter() throws Exception {
        assertThat(LeftRecords.warning(config("DIRECTLY"), ENGLISH)).isEmpty();
    }

    private void store(int records) throws Exception {
        var files = new StorageConfig.File(home.resolve("runtime/storage"), 1 << 20, 1000, 1 << 16);
        try (Scope scope = Scope.open("left");
                FileStorage storage = FileStorage.open(files, "kafka-loom", scope)) {
            storage.append(Uuid.ZERO, StoredRecords.range(new TopicPartition("orders", 0), 1, 0, records), () -> true);
        }
    }

    private AppConfig config(String storage) {
        return ConfigLoader.load(home, Map.of(), Map.of("KAFKA_MESSAGE_STORAGE", storage));
    }
}
