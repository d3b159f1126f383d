package dev.kafkaloom.sink;

import static dev.kafkaloom.sink.SinkRecords.bytes;
import static dev.kafkaloom.sink.SinkRecords.context;
import static dev.kafkaloom.sink.SinkRecords.record;
import static dev.kafkaloom.sink.SinkRecords.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.record.Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileSinkTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path home;

    private final Scope scope = Scope.open("test");
    private Sink sink;

    @AfterEach
    void close() {
        if (sink != null) {
            sink.close();
        }
        scope.close();
    }

    @Test
    void aLineHasAllThatIsKnownOfTheRecord() throws Exception {
        open("file", "out/events.jsonl");

        sink.accept(
                List.of(record(17, bytes("k\n"), bytes("grüße"), new Header("a", bytes("1")), new Header("a", null))));

        assertThat(lines("out/events.jsonl"))
                .containsExactly("{\"topic\":\"orders\",\"partition\":3,\"offset\":17,\"timestamp\":1700000000000,"
                        + "\"timestampType\":\"create\",\"key\":\"k\\n\",\"value\":\"grüße\",\"headers\":["
                        + "{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"a\",\"value\":null}],\"deliveryCount\":1}");
    }

    @Test
    void bytesThatAreNoTextAreBase64AndNullIsNull() throws Exception {
        open("file", "events.jsonl");

        sink.accept(List.of(record(17, null, new byte[] {(byte) 0xff, 0})));

        Map<?, ?> line = JSON.readValue(lines("events.jsonl").getFirst(), Map.class);
        assertThat(line.get("key")).isNull();
        assertThat(line.get("value")).isEqualTo(Map.of("base64", "/wA="));
    }

    @Test
    void theFileIsSetAsideUnderTheNextNumberBeforeItGrowsTooLarge() throws Exception {
        int line = RecordJson.lines(records(10, 1)).length;
        open("file", "events.jsonl", "max.bytes", Integer.toString(2 * line));

        for (int offset = 10; offset < 15; offset++) {
            sink.accept(records(offset, 1));
        }

        assertThat(offsets("events.jsonl.000001")).containsExactly(10, 11);
        assertThat(offsets("events.jsonl.000002")).containsExactly(12, 13);
        assertThat(offsets("events.jsonl")).containsExactly(14);
    }

    @Test
    void theOldestFilesAreDeletedWhenANumberIsGiven() throws Exception {
        open("file", "events.jsonl", "max.bytes", "1", "max.files", "2", "fsync", "true");

        for (int offset = 10; offset < 14; offset++) {
            sink.accept(records(offset, 1));
        }

        assertThat(names()).containsExactly("events.jsonl", "events.jsonl.000003", "events.jsonl.lock");
        assertThat(offsets("events.jsonl.000003")).containsExactly(12);
    }

    @Test
    void aLaterStartGoesOnWithTheFileAndTheNumbers() throws Exception {
        open("file", "events.jsonl", "max.bytes", "1");
        sink.accept(records(10, 1));
        sink.accept(records(11, 1));
        sink.close();

        open("file", "events.jsonl", "max.bytes", "1");
        sink.accept(records(12, 1));

        assertThat(offsets("events.jsonl.000001")).containsExactly(10);
        assertThat(offsets("events.jsonl.000002")).containsExactly(11);
        assertThat(offsets("events.jsonl")).containsExactly(12);
    }

    @Test
    void aLineThatACrashCutShortIsTakenAway() throws Exception {
        byte[] whole = RecordJson.lines(records(10, 2));
        Files.write(home.resolve("events.jsonl"), java.util.Arrays.copyOf(whole, whole.length - 5));

        open("file", "events.jsonl");
        sink.accept(records(11, 1));

        assertThat(offsets("events.jsonl")).containsExactly(10, 11);
    }

    @Test
    void aLastLineOfSomebodyElseIsKeptAndEnded() throws Exception {
        Files.writeString(home.resolve("events.jsonl"), "not ours");

        open("file", "events.jsonl");
        sink.accept(records(11, 1));

        assertThat(lines("events.jsonl").getFirst()).isEqualTo("not ours");
        assertThat(lines("events.jsonl")).hasSize(2);
    }

    @Test
    void aFileThatWasMovedAwayIsBegunAnew() throws Exception {
        open("file", "events.jsonl");
        sink.accept(records(10, 1));
        Files.move(home.resolve("events.jsonl"), home.resolve("moved"));

        sink.accept(records(11, 1));

        assertThat(offsets("moved")).containsExactly(10);
        assertThat(offsets("events.jsonl")).containsExactly(11);
    }

    @Test
    void manyWritersWithFsyncAndRotationLoseAndTearNothing() throws Exception {
        open("file", "events.jsonl", "max.bytes", "4k", "fsync", "true");
        int writers = 8;
        int each = 20;

        for (int writer = 0; writer < writers; writer++) {
            int first = writer * each;
            scope.go("writer-" + writer, () -> {
                for (int offset = first; offset < first + each; offset++) {
                    sink.accept(records(offset, 1));
                }
            });
        }
        assertThat(scope.join(Duration.ofSeconds(60))).isTrue();

        List<Integer> all = new ArrayList<>();
        for (String name : names()) {
            if (!name.endsWith(".lock")) {
                all.addAll(offsets(name));
            }
        }
        assertThat(scope.failure()).isEmpty();
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(Stream.iterate(0, i -> i + 1)
                        .limit((long) writers * each)
                        .toList());
    }

    @Test
    void aWriterThatIsInterruptedDoesNotCloseTheFileForTheOthers() throws Exception {
        open("file", "events.jsonl");
        Thread.currentThread().interrupt();
        sink.accept(records(10, 1));
        boolean interrupted = Thread.interrupted();

        sink.accept(records(11, 1));

        assertThat(interrupted).isTrue();
        assertThat(offsets("events.jsonl")).containsExactly(10, 11);
    }

    @Test
    void anotherWriterIsRefused() throws Exception {
        open("file", "events.jsonl");

        assertThatThrownBy(() -> Sinks.open("json", null, context(home, scope, "file", "events.jsonl")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(home.resolve("events.jsonl").toString())
                .hasMessageContaining("written to by another");
    }

    @Test
    void aFullDiskIsAnErrorThatNamesTheFile() throws Exception {
        Files.createSymbolicLink(home.resolve("events.jsonl"), Path.of("/dev/full"));
        open("file", "events.jsonl");

        assertThatThrownBy(() -> sink.accept(records(10, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(home.resolve("events.jsonl").toString())
                .hasMessageContaining("No space left");
        Files.delete(home.resolve("events.jsonl"));
    }

    @Test
    void whatCannotBeSyncedIsNotDone() throws Exception {
        Files.createSymbolicLink(home.resolve("events.jsonl"), Path.of("/dev/null")); // takes all and syncs nothing
        open("file", "events.jsonl", "fsync", "true");

        assertThatThrownBy(() -> sink.accept(records(10, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(home.resolve("events.jsonl") + " could not be synced to the disk");
        Files.delete(home.resolve("events.jsonl"));
    }

    private void open(String... options) throws Exception {
        sink = Sinks.open("json", null, context(home, scope, options));
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(home.resolve(file));
    }

    private List<Integer> offsets(String file) throws IOException {
        List<Integer> offsets = new ArrayList<>();
        for (String line : lines(file)) {
            offsets.add((Integer) JSON.readValue(line, Map.class).get("offset"));
        }
        return offsets;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
