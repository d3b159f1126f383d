package dev.kafkaloom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArithmeticTest {
    @ParameterizedTest
    @CsvSource({
        "7, 7",
        "60 * 10 * 1000, 600000",
        "65536*10, 655360",
        "1 + 2 * 3, 7",
        "(1 + 2) * 3, 9",
        "10 - 2 - 3, 5",
        "100 / 5 / 2, 10",
        "-5, -5",
        "-(2 + 3) * 2, -10",
        "+4, 4",
        "2 - -2, 4",
        "9223372036854775807, 9223372036854775807"
    })
    void evaluates(String text, long value) {
        assertThat(Arithmetic.evaluate(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1 +", "1 2", "(1", "1)", "1.5", "0x10", "1 ** 2", "60s", "1e3", "()", "%"})
    void refusesWhatIsNoWholeNumber(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arithmetic.evaluate(text))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807 + 1, overflow", "9223372036854775808, overflow", "4611686018427387904 * 2, overflow",
        "-9223372036854775807 - 2, overflow", "1 / 0, division by zero", "7 / 2, leaves a remainder"
    })
    void refusesAResultThatWouldBeAnotherNumber(String text, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arithmetic.evaluate(text))
                .withMessageContaining(text)
                .withMessageContaining(why);
    }

    @Test
    void refusesWhatWouldExhaustTheStack() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arithmetic.evaluate("(".repeat(100_000)))
                .withMessageContaining("nested too deeply");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arithmetic.evaluate("-".repeat(100_000) + "1"))
                .withMessageContaining("nested too deeply");
    }
}
