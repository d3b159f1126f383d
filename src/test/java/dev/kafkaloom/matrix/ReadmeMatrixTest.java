package dev.kafkaloom.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.embedded.TestedRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's matrix is what {@link MatrixMain} printed, of every release that is tested. */
class ReadmeMatrixTest {
    @Test
    void itNamesEveryReleaseInEveryModeAndAllPassed() throws IOException {
        List<String> readme = Files.readAllLines(Path.of("README.md"));
        int head = readme.indexOf(MatrixRow.head().getFirst());
        assertThat(head).as("the table of MatrixMain in README.md").isNotNegative();

        List<String> rows = readme.stream()
                .skip(head + MatrixRow.head().size())
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        assertThat(rows)
                .extracting(ReadmeMatrixTest::named)
                .isEqualTo(TestedRelease.all().stream()
                        .map(each -> each.version() + " " + MatrixRow.modeOf(each))
                        .toList());
        assertThat(rows).noneMatch(row -> row.contains(MatrixRow.FAILED));
    }

    private static String named(String row) {
        String[] cells = row.split("\\|", -1);
        return cells[1].strip() + " " + cells[2].strip();
    }
}
