package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.console.Json;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Runs one-shot commands against a real broker of one release. */
abstract class CommandLab {
    final RealBroker broker;

    @TempDir
    Path home;

    CommandLab(String version) {
        broker = RealBroker.of(version);
    }

    /** Runs it against the broker; it has to succeed, silently. */
    Run ok(String... args) {
        Run run = run(new byte[0], args);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run;
    }

    Run run(byte[] stdin, String... args) {
        List<String> line = new ArrayList<>(List.of(args));
        line.addAll(1, List.of("-b", broker.bootstrap()));
        return Run.in(home, stdin, line.toArray(String[]::new));
    }

    /** The same, and what it answered as data. */
    Object json(String... args) throws IOException {
        List<String> line = new ArrayList<>(List.of(args));
        line.addAll(1, List.of("--format", "json"));
        return Json.read(ok(line.toArray(String[]::new)).out());
    }

    /** The rows of a table, only some of their columns. */
    static List<List<Object>> cells(Object rows, String... columns) {
        return ((List<?>) rows)
                .stream()
                        .map(row -> Arrays.stream(columns)
                                .<Object>map(((Map<?, ?>) row)::get)
                                .toList())
                        .toList();
    }

    /** It has to fail with one line, which is answered. */
    String failure(int code, String... args) {
        Run run = run(new byte[0], args);
        assertThat(run.err().strip().lines()).as(run.out()).hasSize(1);
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.bytes()).isEmpty();
        return run.err().strip();
    }
}
