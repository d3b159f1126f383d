package dev.kafkaloom.storage.file;

import static dev.kafkaloom.storage.StoredRecords.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StorageContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStorageTest extends StorageContract {
    private static final int SEGMENT = 1 << 16;

    @TempDir
    Path folder;

    @Override
    protected Storage open(long limitRecords) throws Exception {
        return open("g", limitRecords);
    }

    private FileStorage open(String group, long limitRecords) throws IOException {
        return FileStorage.open(new StorageConfig.File(folder, 1L << 30, limitRecords, SEGMENT), group, scope);
    }

    @Test
    void knowsWhatWasCommittedAfterTheLastAppend() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        storage().committed(ORDERS, 10);
        reopened();

        append(range(ORDERS, 1, 5, 8, 5)); // somebody reset the group

        assertThat(takeAllOffsets(100)).hasSize(13).endsWith(5L, 6L, 7L);
    }

    @Test
    void refusesAFolderThatIsInUse() throws Exception {
        storage();

        assertThatThrownBy(() -> open("g", 100))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("process " + ProcessHandle.current().pid());
    }

    @Test
    void refusesRecordsOfAnotherGroup() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        storage().close();

        assertThatThrownBy(() -> open("other", 100)).hasMessageContaining("10 records of group g");
    }

    @Test
    void anotherGroupMayHaveAFolderWithoutRecords() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        takeAllOffsets(10);
        storage().close();

        try (FileStorage other = open("other", 100)) {
            long end = other.append(ID, range(ORDERS, 1, 0, 5), () -> true);

            assertThat(end).isEqualTo(5);
            assertThat(other.stats().size()).isEqualTo(5); // the marks of g are nothing to it
        }
    }

    @Test
    void deletesFilesThatAreDoneWith() throws Exception {
        for (int i = 0; i < 60; i++) {
            append(range(ORDERS, 1, i * 100L, i * 100L + 100));
            takeAllOffsets(100);
        }

        assertThat(bytes()).isLessThan(3 * SEGMENT);
    }

    @Test
    void aRecordThatNobodyGetsDoneDoesNotKeepTheFiles() throws Exception {
        append(range(BILLS, 1, 0, 100));
        Lease stuck = take();
        stuck.passOn();
        assertThat(stuck.done(0)).isTrue();
        for (int i = 0; i < 100; i++) {
            append(range(ORDERS, 1, i * 100L, i * 100L + 100));
            sink(100);
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(bytes()).isLessThan(5 * SEGMENT));

        reopened();
        List<Long> left = sink(99);
        assertThat(left).hasSize(99).startsWith(1L).endsWith(99L);
        assertThat(storage().stats().lost()).isZero();
    }

    @Test
    void looksWithoutTouching() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        append(range(BILLS, 1, 5, 7));
        try (Lease lease = take()) {
            assertThat(lease.done(lease.records().getFirst().offset())).isTrue();
        }
        storage().close();
        List<Path> before = files();

        FileStorage.Contents seen = FileStorage.inspect(folder, 4);

        assertThat(seen.stats().size()).isEqualTo(11);
        assertThat(seen.records()).hasSize(4);
        assertThat(seen.records())
                .extracting(
                        each -> each.record().partition(), each -> each.record().deliveryCount())
                .contains(tuple(ORDERS, 1), tuple(BILLS, 0));
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void looksIntoAFolderInUse() throws Exception {
        append(range(ORDERS, 1, 0, 10));

        assertThat(FileStorage.inspect(folder, 4).stats().size()).isEqualTo(10);
    }

    @Test
    void anInterruptedTakerHarmsNobody() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        reopened(); // so that they are read from the file
        Storage storage = storage();
        Coroutine taker = scope.go("taker", () -> {
            Thread.currentThread().interrupt();
            Lease _ = storage.take(10, SOON);
        });
        assertThat(taker.join(SOON)).isTrue();

        Lease lease = take();

        assertThat(lease.records()).hasSize(10);
        assertThat(lease.records().getFirst().deliveryCount()).isEqualTo(1);
        assertThat(append(range(ORDERS, 1, 10, 20))).isEqualTo(20);
    }

    @Test
    void keepsWorkingOffALargeBacklogFromTheFiles() throws Exception {
        for (int i = 0; i < 40; i++) {
            append(range(i % 2 == 0 ? ORDERS : BILLS, 1, i / 2 * 500L, i / 2 * 500L + 500));
        }
        reopened();

        assertThat(storage().stats().size()).isEqualTo(20_000);
        assertThat(takeAllOffsets(300)).hasSize(20_000);
    }

    @Test
    void makesAcksDurableBySoonWithoutFurtherAppends() throws Exception {
        append(range(ORDERS, 1, 0, 10));
        takeAllOffsets(10);

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(FileStorage.inspect(folder, 1).stats().size())
                                .isZero());
    }

    private List<Long> sink(int count) throws Exception {
        List<Long> offsets = new ArrayList<>();
        while (offsets.size() < count) {
            try (Lease lease = storage().take(count, Duration.ofSeconds(5))) {
                for (ConsumedRecord record : lease.records()) {
                    offsets.add(record.offset());
                    assertThat(lease.done(record.offset())).isTrue();
                }
            }
        }
        return offsets;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private long bytes() throws IOException {
        return files().stream()
                .mapToLong(file -> {
                    try {
                        return Files.size(file);
                    } catch (java.nio.file.NoSuchFileException _) {
                        return 0;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .sum();
    }
}
