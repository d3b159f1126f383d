package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.message.HeartbeatResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE})
    void wholeNumbersLoseNothing(long number) throws IOException {
        assertThat(Json.read(Json.write(number))).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.0, Double.MIN_VALUE, Double.MAX_VALUE, 0.1, 1e300})
    void fractionsLoseNothing(double number) throws IOException {
        assertThat(Json.read(Json.write(number))).isEqualTo(number);
    }

    @Test
    void whatIsNoNumberIsWrittenAsText() {
        assertThat(Json.write(Arrays.asList(Double.NaN, Double.POSITIVE_INFINITY)))
                .isEqualTo("[\"NaN\",\"Infinity\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":1,\"a\":2} | Duplicate field 'a'",
                "1 2             | something follows the JSON document",
                "1e999           | too large for 64 bits",
                "9223372036854775808 | out of range",
                "''              | Unexpected character",
            })
    void whatCouldBeMisreadIsRefused(String text, String told) {
        assertThatThrownBy(() -> Json.read(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(told);
        assertThatThrownBy(() -> Json.read("")).hasMessage("not JSON");
    }

    @Test
    void aLongTextIsRead() throws IOException {
        String text = "x".repeat(21_000_000);
        assertThat(Json.read('"' + text + '"')).isEqualTo(text);
    }

    @Test
    void peopleSeeOneFieldALine() {
        assertThat(Json.pretty(Map.of("a", List.of(1, 2)))).isEqualTo("{\n  \"a\": [ 1, 2 ]\n}");
        assertThat(Json.pretty(Map.of("a", List.of()))).isEqualTo("{\n  \"a\": []\n}");
    }

    @Test
    void aMessageIsWrittenAsAVersionHasIt() {
        HeartbeatResponse message =
                HeartbeatResponse.builder().errorCode((short) 25).build();
        assertThat(Json.of(message, 0)).isEqualTo("{\"errorCode\":25}");
        assertThat(Json.of(message, 1)).isEqualTo("{\"throttleTimeMs\":0,\"errorCode\":25}");
    }

    @Test
    void aDocumentIsDataForProgramsAndTextForPeopleAlsoThroughTheDaemon() throws IOException {
        Document document = new Document(Arrays.asList(1L, null, "x"), "for people");
        Answer received = AnswerFrames.decode(AnswerFrames.object(AnswerFrames.encode(document)));
        assertThat(received).isEqualTo(document);
        assertThat(Format.JSON.render(received)).isEqualTo("[1,null,\"x\"]");
        assertThat(Format.TABLE.render(received)).isEqualTo("for people");
    }
}
