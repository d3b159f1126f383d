package dev.kafkaloom.storage.file;

import static dev.kafkaloom.storage.StoredRecords.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.StorageConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileFaultsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration NOT = Duration.ofMillis(50);

    private static final String MAGIC = "KLS1";

    @TempDir
    Path folder;

    private final Scope scope = Scope.open("faults");
    private FaultyDisk disk = new FaultyDisk(1);
    private FileStorage storage;

    @AfterEach
    void close() {
        if (storage != null) {
            storage.close();
        }
        scope.close();
    }

    private FileStorage open() throws IOException {
        storage = FileStorage.open(new StorageConfig.File(folder, 1 << 30, 1_000_000, 1 << 16), "g", scope, disk, true);
        return storage;
    }

    private FileStorage reopen() throws IOException {
        storage.close();
        return open();
    }

    @Test
    void waitsWhileTheDiskIsFull() throws Exception {
        open();
        append(0, 10);
        disk.full(true);
        Coroutine appender = scope.go("appender", () -> append(10, 20));
        await().atMost(SOON).until(() -> storage.stats().trouble().isPresent());
        assertThat(storage.stats().trouble().orElseThrow()).contains(folder.toString(), "No space left on device");
        assertThat(appender.state()).isEqualTo(Coroutine.State.RUNNING);

        disk.full(false);

        assertThat(appender.join(SOON)).isTrue();
        assertThat(storage.stats().trouble()).isEmpty();
        assertThat(sinkAll(reopen())).containsExactlyElementsOf(offsets(0, 20));
    }

    @Test
    void keepsAcksUntilTheyCanBeWritten() throws Exception {
        open();
        append(0, 10);
        disk.full(true);
        try (Lease lease = storage.take(4, SOON)) {
            lease.records()
                    .forEach(record -> assertThat(lease.done(record.offset())).isTrue());
        }
        await().atMost(SOON).until(() -> storage.stats().trouble().isPresent());

        disk.full(false);

        await().atMost(SOON).until(() -> storage.stats().trouble().isEmpty());
        assertThat(sinkAll(reopen())).containsExactlyElementsOf(offsets(4, 10));
    }

    @Test
    void storesNothingOfWhatIsGivenUpWhileTheDiskIsFull() throws Exception {
        open();
        append(0, 10);
        disk.full(true);
        AtomicBoolean wanted = new AtomicBoolean(true);
        Coroutine appender =
                scope.go("appender", () -> storage.append(Uuid.ZERO, range(ORDERS, 1, 10, 20), wanted::get));
        await().atMost(SOON).until(() -> storage.stats().trouble().isPresent());
        wanted.set(false);
        assertThat(appender.join(SOON)).isTrue();
        disk.full(false);

        append(2, 10, 20); // the next owner of the partition, here

        assertThat(sinkAll(storage)).containsExactlyElementsOf(offsets(0, 20));
        assertThat(storage.stats().size()).isZero();
    }

    @Test
    void leavesRoomForAcks() throws Exception {
        open();
        append(0, 10);
        disk.free(1000);
        Coroutine appender = scope.go("appender", () -> append(10, 20));
        await().atMost(SOON).until(() -> storage.stats().trouble().isPresent());
        sinkAll(storage);
        assertThat(appender.join(NOT)).isFalse();

        storage.close();

        assertThat(FileStorage.inspect(folder, 10).stats().size()).isZero(); // the acks were written
    }

    @Test
    void writesAgainWhatCouldNotBeSynced() throws Exception {
        open();
        append(0, 10);
        disk.unsyncable(true);
        Coroutine appender = scope.go("appender", () -> append(10, 20));
        await().atMost(SOON).until(() -> storage.stats().trouble().isPresent());
        assertThat(storage.take(100, SOON).records()).hasSize(10); // nothing that is not synced is handed out

        disk.unsyncable(false);

        assertThat(appender.join(SOON)).isTrue();
        assertThat(sinkAll(reopen())).containsExactlyElementsOf(offsets(0, 20));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void losesAndInventsNothingOnADiskThatFailsAgainAndAgain(long seed) throws Exception {
        disk = new FaultyDisk(seed);
        open();
        disk.random(true);
        Coroutine appender = scope.go("appender", () -> {
            for (int i = 0; i < 20; i++) {
                append(i * 25L, i * 25L + 25);
            }
        });
        TreeSet<Long> seen = new TreeSet<>();
        while (seen.size() < 250) {
            try (Lease lease = storage.take(40, SOON)) {
                for (ConsumedRecord record : lease.records()) {
                    assertThat(seen.add(record.offset()))
                            .as("first delivery of %s", record)
                            .isTrue();
                    lease.done(record.offset());
                }
            }
        }
        assertThat(appender.join(SOON.multipliedBy(3))).isTrue();
        disk.random(false);
        await().atMost(SOON).until(() -> storage.stats().trouble().isEmpty());

        assertThat(sinkAll(reopen()))
                .allSatisfy(offset -> assertThat(seen.add(offset)).isTrue());

        assertThat(seen).containsExactlyElementsOf(offsets(0, 500));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 100, 400})
    void dropsWhatACrashCutOff(int cut) throws Exception {
        open();
        append(0, 10);
        append(10, 20);
        storage.close();
        Path file = newest();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) - cut);
        }

        open();

        assertThat(sinkAll(storage)).containsExactlyElementsOf(offsets(0, 10));
        assertThat(storage.stats().lost()).isZero();
        append(10, 20);
        assertThat(sinkAll(reopen())).containsExactlyElementsOf(offsets(10, 20));
    }

    @Test
    void dropsGarbageBehindTheEnd() throws Exception {
        open();
        append(0, 10);
        storage.close();
        Files.write(newest(), new byte[5000], StandardOpenOption.APPEND);

        open();

        assertThat(sinkAll(storage)).containsExactlyElementsOf(offsets(0, 10));
    }

    @Test
    void tellsOfDamageAndGoesOnBehindIt() throws Exception {
        open();
        append(0, 10);
        append(10, 20);
        append(20, 30);
        storage.close();
        spoil(newest(), "value of orders-0@15");

        open();

        assertThat(sinkAll(storage))
                .containsExactlyElementsOf(LongStream.concat(LongStream.range(0, 10), LongStream.range(20, 30))
                        .boxed()
                        .toList());
        assertThat(storage.stats().lost()).isPositive();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).anyMatch(file -> file.toString().endsWith(".damaged"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"value of orders-0@15", MAGIC}) // in the records, and in the head of what they are in
    void hasDamagedRecordsReadAgain(String where) throws Exception {
        open();
        append(0, 10);
        append(10, 20);
        append(20, 30);
        storage.close();
        spoil(newest(), where);

        open();

        assertThat(storage.lostSince(ORDERS, 30)).hasValue(10);
        assertThat(storage.lostSince(ORDERS, 30)).as("told twice").isEmpty();
        append(2, 10, 30); // from the broker
        assertThat(sinkAll(storage)).containsAll(offsets(0, 30));
    }

    @Test
    void hasRecordsReadAgainThatWereCutOffAlthoughTheyWereSynced() throws Exception {
        open();
        append(0, 10);
        append(10, 20);
        storage.close();
        Path file = newest();
        open();
        append(20, 30); // in another file, which knows how long the one before was
        storage.close();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) - 200);
        }

        open();

        assertThat(storage.lostSince(ORDERS, 30)).hasValue(10);
        assertThat(storage.lostSince(new TopicPartition("others", 0), 30)).isEmpty();
    }

    @Test
    void neverHandsOutWhatItCannotRead() throws Exception {
        open();
        append(0, 10);
        storage.close();
        open();
        spoil(newest(), "value of orders-0@5");

        assertThat(storage.take(10, NOT)).isNull();

        assertThat(storage.stats().trouble().orElseThrow()).contains("orders-0", folder.toString());
        assertThat(storage.stats().size()).isEqualTo(10);
    }

    @Test
    void handsOutWhatCanBeReadAgain() throws Exception {
        open();
        append(0, 10);
        storage.close();
        open();
        Path file = newest(); // deliveries begin another one
        byte[] good = Files.readAllBytes(file);
        spoil(file, "value of orders-0@5");
        assertThat(storage.take(10, NOT)).isNull();
        Files.write(file, good);

        AtomicReference<Lease> lease = new AtomicReference<>();
        await().atMost(SOON).until(() -> {
            lease.set(storage.take(10, NOT));
            return lease.get() != null;
        });

        assertThat(lease.get().records().getFirst().deliveryCount()).isEqualTo(1); // the others were none
        assertThat(storage.stats().trouble()).isEmpty();
    }

    /** Overwrites a byte of that text. */
    private static void spoil(Path file, String text) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.equals(MAGIC) ? all.indexOf(MAGIC, all.indexOf("value of orders-0@9")) : all.indexOf(text);
        assertThat(at).isPositive();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'#'}), at + 3);
        }
    }

    private Path newest() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Segment.numberOf(file) >= 0)
                    .sorted()
                    .reduce((_, b) -> b)
                    .orElseThrow();
        }
    }

    private void append(long first, long next) throws InterruptedException {
        append(1, first, next);
    }

    private void append(long epoch, long first, long next) throws InterruptedException {
        assertThat(storage.append(Uuid.ZERO, range(ORDERS, epoch, first, next), () -> true))
                .isEqualTo(next);
    }

    private static List<Long> sinkAll(FileStorage from) throws InterruptedException {
        List<Long> offsets = new ArrayList<>();
        while (from.stats().size() > 0) {
            try (Lease lease = from.take(7, SOON)) {
                assertThat(lease).isNotNull();
                for (ConsumedRecord record : lease.records()) {
                    offsets.add(record.offset());
                    assertThat(lease.done(record.offset())).isTrue();
                }
            }
        }
        return offsets;
    }

    private static List<Long> offsets(long first, long next) {
        return LongStream.range(first, next).boxed().toList();
    }
}
