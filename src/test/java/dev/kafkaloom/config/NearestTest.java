package dev.kafkaloom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> NAMES = List.of("Metadata", "Fetch", "ListOffsets");

    @Test
    void aMisspelledNameIsFound() {
        assertThat(Nearest.hint("metadat", NAMES)).isEqualTo("; did you mean Metadata?");
        assertThat(Nearest.hint("ftech", NAMES)).isEqualTo("; did you mean Fetch?");
        assertThat(Nearest.hint("Vote", NAMES)).isEmpty();
    }

    @Test
    void megabytesOfGarbageAreNotComparedLetterByLetter() {
        // a table of that many rows would not fit into the memory
        String garbage = "a".repeat(50_000_000);
        assertThatCode(() -> assertThat(Nearest.hint(garbage, NAMES)).isEmpty()).doesNotThrowAnyException();
    }
}
