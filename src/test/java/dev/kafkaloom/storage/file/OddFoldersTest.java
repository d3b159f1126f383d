package dev.kafkaloom.storage.file;

import static dev.kafkaloom.storage.StoredRecords.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.StorageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders in which there is what is none of ours, and limits that fit nothing. */
@Timeout(60)
class OddFoldersTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final Scope scope = Scope.open("odd-folders");

    @AfterEach
    void close() {
        scope.close();
    }

    private FileStorage open(long limitBytes) throws IOException {
        return FileStorage.open(new StorageConfig.File(folder, limitBytes, 1_000, 1 << 16), "g", scope);
    }

    @Test
    void aFolderThatIsAFileIsToldByItsSetting() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        assertThatThrownBy(() -> FileStorage.open(new StorageConfig.File(file, 1 << 20, 1_000, 1 << 16), "g", scope))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("KAFKA_STORAGE_FILE_DIR")
                .hasMessageContaining(file.toString());
        assertThat(file).hasContent("not a folder");
    }

    @Test
    void whatIsNotOursStaysAsItIs() throws Exception {
        byte[] noise = new byte[100_000];
        new Random(7).nextBytes(noise);
        Path named = Files.write(folder.resolve("0000000000000003.log.bak"), noise);
        Path other = Files.writeString(folder.resolve("notes.txt"), "keep");
        Path sub = Files.createDirectory(folder.resolve("sub"));

        try (FileStorage storage = open(1 << 20)) {
            storage.append(Uuid.ZERO, range(ORDERS, 1, 0, 10), () -> true);
        }
        try (FileStorage storage = open(1 << 20)) {
            assertThat(storage.stats().pending()).isEqualTo(10);
        }

        assertThat(named).hasBinaryContent(noise);
        assertThat(other).hasContent("keep");
        assertThat(sub).isDirectory();
    }

    @Test
    void noiseUnderANameOfOursIsKeptAsideAndHarmsNothing() throws Exception {
        try (FileStorage storage = open(1 << 20)) {
            storage.append(Uuid.ZERO, range(ORDERS, 1, 0, 10), () -> true);
        }
        byte[] noise = new byte[100_000];
        new Random(7).nextBytes(noise);
        Path segment;
        try (var files = Files.list(folder)) {
            segment = files.filter(file -> Segment.numberOf(file) >= 0)
                    .findFirst()
                    .orElseThrow();
        }
        String suffix = segment.getFileName().toString().substring(16);
        Path foreign = Files.write(folder.resolve("0000000000000007" + suffix), noise);

        try (FileStorage storage = open(1 << 20)) {
            assertThat(storage.stats().pending()).isEqualTo(10);
            assertThat(storage.append(Uuid.ZERO, range(ORDERS, 1, 10, 20), () -> true))
                    .isEqualTo(20);
        }
        try (FileStorage storage = open(1 << 20)) {
            assertThat(storage.stats().pending()).isEqualTo(20);
        }
        assertThat(folder.resolve(foreign.getFileName() + ".damaged")).hasBinaryContent(noise);
    }

    @Test
    void aRecordLargerThanTheLimitIsStoredWhenNothingElseIs() throws Exception {
        List<ConsumedRecord> records = new ArrayList<>();
        for (int offset = 0; offset < 3; offset++) {
            records.add(new ConsumedRecord(
                    ORDERS, offset, 1, TimestampType.CREATE_TIME, null, new byte[1 << 20], List.of(), 1, 1));
        }
        try (FileStorage storage = open(1 << 16)) {
            var appender = scope.go(
                    "appender",
                    () -> storage.append(Uuid.ZERO, new RecordRange(ORDERS, 1, 0, 3, 0, records), () -> true));
            for (long offset = 0; offset < 2; offset++) {
                try (Lease lease = storage.take(10, SOON)) {
                    assertThat(lease.records())
                            .singleElement()
                            .extracting(ConsumedRecord::offset)
                            .isEqualTo(offset);
                    assertThat(lease.done(offset)).isTrue();
                    assertThat(lease.done(offset)).isTrue();
                }
            }
            assertThat(appender.join(SOON)).isTrue();
        }
        try (FileStorage storage = open(1 << 16);
                Lease lease = storage.take(10, SOON)) {
            assertThat(lease.records())
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).hasSize(1 << 20));
        }
    }
}
