package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetTimeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1573758000000, 1573758000000",
        "1970-01-02, 86400000",
        "1970-01-02T00:00, 86400000",
        "1970-01-02T00:00:01.5, 86401500",
        "1970-01-02T00:00:00Z, 86400000",
        "1970-01-02T01:00:00+01:00, 86400000",
        "1970-01-01T19:00:00-05:00, 86400000"
    })
    void timesAreMillisecondsOrIsoInUtc(String text, long millis) {
        assertThat(OffsetTime.parse(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-13-01", "2026-11-22 19:15", "1969-12-31", "T10", "2026-11-22T25:00"})
    void anythingElseIsRefusedByNameWithWhatIsAllowed(String text) {
        assertThatThrownBy(() -> OffsetTime.parse(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContainingAll("'" + text + "'", "2026-11-22T19:15:33Z");
    }

    @Test
    void aNumberThatWasMeantAsSecondsIsDoubted() {
        assertThat(OffsetTime.doubt(1_573_758_000L)).contains("1970-01-19", "milliseconds");
        assertThat(OffsetTime.doubt(1_573_758_000_000L)).isNull();
    }
}
