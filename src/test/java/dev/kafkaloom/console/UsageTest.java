package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {
    private static final Usage USAGE = new Usage(
            List.of(
                    Flag.value("-t --topic", "TOPIC", ""),
                    Flag.values("-H --header", "NAME=VALUE", ""),
                    Flag.toggle("--stdin", ""),
                    Flag.value("-p --partition", "N", "")),
            "message",
            1);

    private static Arguments parse(String... words) {
        return USAGE.parse(List.of(words));
    }

    @Test
    void takesValuesInEveryUsualSpelling() {
        assertThat(parse("-t", "a").value("topic")).contains("a");
        assertThat(parse("-ta").value("topic")).contains("a");
        assertThat(parse("--topic", "a").value("topic")).contains("a");
        assertThat(parse("--topic=a=b").value("topic")).contains("a=b");
    }

    @Test
    void keepsEveryValueOfARepeatableOption() {
        assertThat(parse("-H", "a=1", "--header=b=2").all("header")).containsExactly("a=1", "b=2");
    }

    @Test
    void aLoneDashAndWhatFollowsTwoDashesAreArguments() {
        assertThat(parse("-").plain()).containsExactly("-");
        assertThat(parse("--stdin", "--", "-x").plain()).containsExactly("-x");
    }

    @ParameterizedTest
    @CsvSource({
        "-x,                  unknown option '-x'",
        "--nope=1,            unknown option '--nope=1'",
        "-t,                  --topic needs a value",
        "--stdin=1,           --stdin takes no value",
        "-t a -t b,           --topic is given twice",
        "one two,             unexpected argument 'two'"
    })
    void saysWhatDoesNotFit(String line, String message) {
        assertThatThrownBy(() -> parse(line.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void numbersAreCheckedAgainstTheirLowestValue() {
        assertThat(parse("-p", "3").number("partition", 0)).contains(3);
        assertThatThrownBy(() -> parse("-p=-1").number("partition", 0))
                .hasMessageContaining("--partition must be a whole number");
        assertThatThrownBy(() -> parse("-p", "x").number("partition", 0)).hasMessageContaining("'x'");
    }
}
