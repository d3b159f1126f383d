package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.admin.LogRange;
import dev.kafkaloom.protocol.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetWordTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 3);
    private static final LogRange LOG = new LogRange(7, 12);

    @ParameterizedTest
    @CsvSource({"start, 7", "beginning, 7", "earliest, 7", "end, 12", "latest, 12", "0, 0", "9, 9", "12, 12"})
    void wordsAndNumbersAreOffsetsOfALog(String word, long offset) {
        assertThat(OffsetWord.parse(word).in(LOG)).isEqualTo(offset);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "begin", "1e3", "99999999999999999999"})
    void anythingElseIsRefusedByName(String word) {
        assertThatThrownBy(() -> OffsetWord.parse(word))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'" + word + "'");
    }

    @Test
    void anOffsetBelowTheStartIsWorthAWarning() {
        assertThat(OffsetWord.parse("6").warning(PARTITION, LOG))
                .get()
                .asString()
                .contains("orders-3: 6 is below the start of the log, 7");
    }

    @Test
    void anOffsetBeyondTheEndIsWorthAWarning() {
        assertThat(OffsetWord.parse("13").warning(PARTITION, LOG))
                .get()
                .asString()
                .contains("orders-3: 13 is beyond the end of the log, 12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "end", "7", "12"})
    void whatAConsumerCanBeginWithIsNot(String word) {
        assertThat(OffsetWord.parse(word).warning(PARTITION, LOG)).isEmpty();
    }
}
