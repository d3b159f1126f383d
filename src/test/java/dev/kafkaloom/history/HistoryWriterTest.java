package dev.kafkaloom.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryWriterTest {
    private static final TopicPartition TP = new TopicPartition("t", 3);

    @TempDir
    private Path folder;

    @Test
    void everyKindOfLineIsReadAsItWasWritten() throws Exception {
        Path file = folder.resolve("all.jsonl");
        try (HistoryWriter out = HistoryWriter.open(file)) {
            out.send("p", "t", "v \"1\"\n");
            out.ok("p", TP, 5, "v \"1\"\n");
            out.fail("p", "t", "v2");
            out.info("p", "t", "v3");
            out.delivered("g", "m", 7, TP, 5, "ü");
            out.done("g", "m", 7, TP, 5, 6);
            out.committed("g", TP, 7);
            out.assigned("g", "m", 7, List.of(TP));
            out.revoked("g", "m", 7, List.of(TP));
            out.lost("g", "m", 7, List.of());
            out.killed("g", "m");
            out.rest("g", List.of(TP));
            out.owes("g", TP, 2);
            out.seek("g", TP, 3);
            out.deleted(TP, 4);
            out.truncated(TP, 5);
            out.note("that is all");
        }
        List<Event> events = History.read(List.of(file)).events();
        assertThat(events)
                .extracting(Event::getClass)
                .doesNotHaveDuplicates()
                .hasSize(Event.class.getPermittedSubclasses().length);
        assertThat(events.get(1)).isEqualTo(new Event.Ok(events.get(1).at(), "p", "t", 3, 5, "v \"1\"\n"));
        assertThat(events.get(4)).isEqualTo(new Event.Delivered(events.get(4).at(), "g", "m", 7, "t", 3, 5, "ü"));
        assertThat(events.get(7)).isEqualTo(new Event.Assigned(events.get(7).at(), "g", "m", 7, List.of(TP)));
        assertThat(Files.readAllLines(file).getFirst()).startsWith("{\"e\":\"send\",\"at\":");
    }

    @Test
    void threadsThatAreInterruptedWriteWholeLinesInOrder() throws Exception {
        Path file = folder.resolve("many.jsonl");
        try (HistoryWriter out = HistoryWriter.open(file);
                Scope scope = Scope.open("writers")) {
            List<Coroutine> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "w" + i;
                writers.add(scope.go(name, () -> {
                    for (int n = 0; n < 500; n++) {
                        Thread.currentThread().interrupt();
                        out.send(name, "t", name + "-" + n);
                    }
                    Thread.interrupted();
                }));
            }
            for (Coroutine writer : writers) {
                assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
            }
        }
        List<Event> events = History.read(List.of(file)).events();
        assertThat(events).hasSize(4000).isSortedAccordingTo((a, b) -> Long.compare(a.at(), b.at()));
    }

    @Test
    void severalFilesAreOneHistoryInTheOrderOfTheClock() throws Exception {
        Files.writeString(
                folder.resolve("one.jsonl"),
                "{\"e\":\"note\",\"at\":3,\"what\":\"third\"}\n{\"e\":\"note\",\"at\":9,\"what\":\"last\"}\n");
        Files.writeString(folder.resolve("two.jsonl"), "{\"e\":\"note\",\"at\":1,\"what\":\"first\"}\n");
        Files.writeString(folder.resolve("other.txt"), "no history\n");
        assertThat(History.read(List.of(folder)).of(Event.Note.class).map(Event.Note::what))
                .containsExactly("first", "third", "last");
    }

    @Test
    void aLineThatIsNoEventIsNamed() throws Exception {
        Path file = folder.resolve("bad.jsonl");
        Files.writeString(file, "{\"e\":\"note\",\"at\":3,\"what\":\"x\"}\n{\"e\":\"deliverd\",\"at\":4}\n");
        assertThatThrownBy(() -> Checker.judge(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad.jsonl, line 2")
                .hasMessageContaining("deliverd");
    }
}
