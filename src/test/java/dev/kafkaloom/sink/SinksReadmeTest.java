package dev.kafkaloom.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the README's table of the sinks' options to what the sinks say of themselves. */
class SinksReadmeTest {
    @Test
    void theReadmeHasEveryOptionOfEverySink() throws IOException {
        List<String> rows = new ArrayList<>();
        for (SinkInfo sink : Sinks.known()) {
            if (sink.builtIn()) {
                sink.options().forEach(option -> rows.add(row(sink, option)));
            }
        }

        List<String> readme = Files.readAllLines(Path.of("README.md"));

        assertThat(readme).as("the table is%n%s%n", String.join("\n", rows)).containsSubsequence(rows);
    }

    private static String row(SinkInfo sink, SinkOption option) {
        String otherwise = option.defaultValue();
        return "| `" + sink.name() + "` | `" + option.name() + "` | "
                + (otherwise == null ? "must be given" : otherwise.isEmpty() ? "" : "`" + otherwise + "`") + " | "
                + option.about() + " |";
    }
}
