package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.map;

import dev.kafkaloom.config.ConfigLoader;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.RecordRange;
import dev.kafkaloom.record.TimestampType;
import dev.kafkaloom.storage.Lease;
import dev.kafkaloom.storage.Storage;
import dev.kafkaloom.storage.StorageConfig;
import dev.kafkaloom.storage.StorageStats;
import dev.kafkaloom.storage.StorageStats.PartitionStats;
import dev.kafkaloom.storage.StoredRecord;
import dev.kafkaloom.storage.file.FileStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StorageCommandsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 3);

    @TempDir
    Path home;

    private final RecordedOutput out = new RecordedOutput();
    private final List<String> done = new ArrayList<>();
    private Scope scope;
    private Loom loom;

    @BeforeEach
    void open() {
        scope = Scope.open("test");
        loom = new Loom(ConfigLoader.load(home, Map.of(), Map.of("KAFKA_MESSAGE_STORAGE", "FILE")), scope);
    }

    @AfterEach
    void close() {
        loom.close();
        scope.close();
    }

    private void running(Optional<Storage> storage) {
        loom.runs(new Running(
                () -> null,
                () -> storage,
                all -> {
                    done.add("retran " + all);
                    return 5;
                },
                leased -> {
                    done.add("clear " + leased);
                    return 7;
                },
                () -> {},
                () -> {},
                _ -> {}));
    }

    private int run(String... words) throws Exception {
        return StandardCommands.create().run(new Session(loom, out, null), List.of(words));
    }

    private Object json() throws Exception {
        return Json.read(Format.JSON.render(out.answers.getLast()));
    }

    @Test
    void retranHandsOutWhatTheDeadHeldWithoutAsking() throws Exception {
        running(Optional.of(new Stored()));

        assertThat(run("retran")).isZero();

        assertThat(done).containsExactly("retran false");
        assertThat(out.answers).containsExactly(new Value(5L));
        assertThat(out.questions).isEmpty();
    }

    @Test
    void retranOfAllAsksFirst() throws Exception {
        running(Optional.of(new Stored()));

        assertThatThrownBy(() -> run("retran", "--all")).hasMessageContaining("nobody to ask here");

        assertThat(done).isEmpty();
    }

    @Test
    void whoAgreesGetsAllHandedOutAgain() throws Exception {
        running(Optional.of(new Stored()));
        out.saying("y");

        assertThat(run("retran", "--all")).isZero();

        assertThat(done).containsExactly("retran true");
        assertThat(out.questions).singleElement().asString().contains("all 4 records");
    }

    @Test
    void clearAsksFirstAndANoLeavesEverythingWhereItIs() throws Exception {
        running(Optional.of(new Stored()));
        out.saying("n");

        assertThat(run("clear")).isEqualTo(1);

        assertThat(done).isEmpty();
        assertThat(out.questions).singleElement().asString().contains("all 14 stored records, 4 of them in work");
        assertThat(out.notes).containsExactly("nothing was thrown away");
    }

    @Test
    void clearOfWhatIsLeasedLeavesTheRest() throws Exception {
        running(Optional.of(new Stored()));

        assertThat(run("clear", "--leased", "--yes")).isZero();

        assertThat(done).containsExactly("clear true");
        assertThat(out.answers).containsExactly(new Value(7L));
    }

    @Test
    void whereNothingIsStoredOneLineSaysSo() {
        running(Optional.empty());

        for (String command : List.of("retran", "clear", "storage list")) {
            assertThatThrownBy(() -> run(command.split(" ")))
                    .isInstanceOf(UsageException.class)
                    .hasMessageStartingWith(command + " is about stored records");
        }
    }

    @Test
    void withoutARunningConsumerOneLineSaysHowToReachIt() {
        for (String command : List.of("retran", "clear", "sinker", "sinkers stats")) {
            assertThatThrownBy(() -> run(command.split(" ")))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("use rpc " + command.replace(" stats", ""));
        }
    }

    @Test
    void statsAreShownByPartition() throws Exception {
        running(Optional.of(new Stored()));

        assertThat(run("storage")).isZero();

        assertThat(json())
                .asInstanceOf(map(String.class, Object.class))
                .containsEntry("storage", "FILE")
                .containsEntry("pending", 10L)
                .containsEntry("leased", 4L)
                .containsEntry("limitBytes", null)
                .containsEntry("trouble", "the disk is full");
        assertThat(Format.TABLE.render(out.answers.getLast()))
                .contains("| orders | 3         | 10      | 4      | 99           | 1970-01-01T00:00:01Z |");
    }

    @Test
    void storedRecordsAreShownWithTheirStateAndPlace() throws Exception {
        running(Optional.of(new Stored()));

        assertThat(run("storage", "list", "-n", "2")).isZero();

        assertThat(done).containsExactly("peek 2");
        assertThat(Format.TABLE.render(out.answers.getLast()))
                .contains(
                        "| orders | 3         | 41     | 1970-01-01T00:00:00.005Z | leased | 2          | null | hi    | here  |");
    }

    @Test
    void filesThatNoDaemonHasAreLookedInto() throws Exception {
        store(record(7, "first"), record(8, "second"));

        assertThat(run("storage", "list", "-n", "1")).isZero();
        assertThat(run("storage")).isZero();

        assertThat(Format.TABLE.render(out.answers.getFirst()))
                .contains("| orders | 3         | 7 ", " | pending | ", " | first | ")
                .doesNotContain("second");
        assertThat(json())
                .asInstanceOf(map(String.class, Object.class))
                .containsEntry("pending", 2L)
                .containsEntry("limitRecords", 10_000_000L);
        assertThat(out.notes).hasSize(2).allMatch(note -> note.contains("rpc storage"));
    }

    @Test
    void whereThereAreNoFilesYetOneLineSaysSo() {
        assertThatThrownBy(() -> run("storage"))
                .satisfies(thrown -> assertThat(Failure.of(thrown).line()).contains("runtime/storage"));
    }

    private void store(ConsumedRecord... records) throws Exception {
        var config = (StorageConfig.File) loom.config().runtime().storage();
        try (Storage storage = FileStorage.open(config, "g", scope)) {
            long next = records[records.length - 1].offset() + 1;
            RecordRange range = new RecordRange(ORDERS, 1, records[0].offset(), next, -1, List.of(records));
            assertThat(storage.append(Uuid.ZERO, range, () -> true)).isEqualTo(next);
        }
    }

    private static ConsumedRecord record(long offset, String value) {
        return new ConsumedRecord(
                ORDERS, offset, 5, TimestampType.CREATE_TIME, null, DeadLetterTest.bytes(value), List.of(), 1, 1);
    }

    /** One that has 14 records and does nothing. */
    private final class Stored implements Storage {
        @Override
        public long append(Uuid topicId, RecordRange range, BooleanSupplier wanted) {
            return range.next();
        }

        @Override
        public Lease take(int max, Duration wait) {
            return null;
        }

        @Override
        public StorageStats stats() {
            return new StorageStats(
                    10,
                    4,
                    1_000,
                    100,
                    Long.MAX_VALUE,
                    20,
                    0,
                    0,
                    1,
                    Optional.of("the disk is full"),
                    List.of(new PartitionStats(ORDERS, 10, 4, 99, 1_000)));
        }

        @Override
        public List<StoredRecord> peek(int max) {
            done.add("peek " + max);
            byte[] value = DeadLetterTest.bytes("hi");
            return List.of(new StoredRecord(
                    new ConsumedRecord(ORDERS, 41, 5, TimestampType.CREATE_TIME, null, value, List.of(), 2, 0),
                    true,
                    "here"));
        }

        @Override
        public long retransmit(boolean all) {
            throw new AssertionError("the runtime is asked");
        }

        @Override
        public long clear(boolean leasedOnly) {
            throw new AssertionError("the runtime is asked");
        }

        @Override
        public boolean drain(Collection<TopicPartition> partitions, Duration timeout) {
            return true;
        }

        @Override
        public void owned(Collection<TopicPartition> partitions, boolean now) {}

        @Override
        public void close() {}
    }
}
