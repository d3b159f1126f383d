package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class EndingTest {
    private static final Duration SOON = Duration.ofSeconds(45);

    @TempDir
    Path folder;

    private Child program(String kind) throws IOException {
        List<String> line = new ArrayList<>(Run.commandLine());
        line.set(line.size() - 1, EndingProgram.class.getName());
        line.add(kind);
        Child child = Child.start(folder, Map.of(), line);
        child.awaitOut("runs");
        return child;
    }

    @Test
    void aSignalEndsWhatRunsAndTheExitCodeIsItsOwn() throws Exception {
        try (Child child = program("quick")) {
            child.terminate();
            assertThat(child.awaitEnd(SOON)).isZero();
            assertThat(child.out()).contains("ends");
            assertThat(child.err()).isEmpty();
        }
    }

    @Test
    void aSecondSignalEndsItAtOnceWithTheExitCodeOfTheSignal() throws Exception {
        try (Child child = program("stuck")) {
            child.terminate();
            child.awaitOut("ends");
            child.terminate();
            assertThat(child.awaitEnd(SOON)).isEqualTo(143);
            assertThat(child.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("kafka-client: stopped at once by a second SIGTERM; what was in hand");
        }
    }

    @Test
    void anEndThatTakesTooLongEndsAtThePatiencesEnd() throws Exception {
        try (Child child = program("slow")) {
            child.terminate();
            assertThat(child.awaitEnd(SOON)).isEqualTo(143);
            assertThat(child.err()).contains("SIGTERM, which did not end it within 1 s");
        }
    }

    @Test
    void aStartIsInterruptedAndHasTheExitCodeOfTheSignal() throws Exception {
        try (Child child = program("start")) {
            child.terminate();
            assertThat(child.awaitEnd(SOON)).isEqualTo(143);
            assertThat(child.out()).contains("interrupted").doesNotContain("ends");
        }
    }
}
