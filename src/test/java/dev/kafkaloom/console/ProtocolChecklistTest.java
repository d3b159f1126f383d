package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's checklist of the protocol against the code. */
class ProtocolChecklistTest {
    @Test
    void theReadmeShowsEveryApiAsItIs() throws IOException {
        assertThat(Files.readAllLines(Path.of("README.md"))).containsSequence(ProtocolList.markdown());
    }

    @Test
    void everyRequestAndResponseIsTicked() {
        List<String> rows =
                ProtocolList.markdown().subList(2, ProtocolList.markdown().size());
        assertThat(rows).hasSize(95).allMatch(row -> row.endsWith("| ✓ | ✓ |"));
    }

    /** Prints the README's rows: run it when the definitions changed. */
    public static void main(String[] args) {
        ProtocolList.markdown().forEach(System.out::println);
    }
}
