package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordFilterTest {
    private static ConsumedRecord record(String key, String value, Header... headers) {
        return new ConsumedRecord(
                new TopicPartition("orders", 0),
                0,
                -1,
                TimestampType.NONE,
                bytes(key),
                bytes(value),
                List.of(headers),
                1,
                0);
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "k:^customer-7$      | true",
                "k:^7                | false",
                "!k:^7               | true",
                "v:té                | true",
                "v:^$                | false",
                "t:^ord              | true",
                "h:source=^web       | true",
                "h:source=app        | false",
                "h:source=1          | true", // the second one of that name
                "h:other=.*          | false",
                "h:none=.*           | false", // null has no text
                "h:none              | true",
                "!h:source           | false",
                "hk:^sou             | true",
                "hv:web              | true",
                "!hv:app             | true",
            })
    void matchesSomewhereInThePart(String expression, boolean expected) {
        ConsumedRecord record = record(
                "customer-7",
                "été",
                new Header("source", bytes("web")),
                new Header("source", bytes("1")),
                new Header("none", null));
        assertThat(RecordFilter.parse(List.of(expression)).test(record)).isEqualTo(expected);
    }

    @Test
    void severalMustAllHold() {
        assertThat(RecordFilter.parse(List.of()).test(record(null, null))).isTrue();
        assertThat(RecordFilter.parse(List.of("k:a", "!v:b")).test(record("a", "c")))
                .isTrue();
        assertThat(RecordFilter.parse(List.of("k:a", "!v:b")).test(record("a", "b")))
                .isFalse();
        assertThat(RecordFilter.parse(List.of("k:a", "!v:b")).test(record("x", "c")))
                .isFalse();
    }

    @Test
    void nullMatchesNothing() {
        assertThat(RecordFilter.parse(List.of("k:.*")).test(record(null, "v"))).isFalse();
        assertThat(RecordFilter.parse(List.of("!k:.*")).test(record(null, "v"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "abc     | begins with none of k: v: h: hk: hv: t:",
                "x:abc   | begins with none of k: v: h: hk: hv: t:",
                "k:(     | '(' is no regular expression",
                "h:=a    | names no header"
            })
    void aMistakeShowsTheGrammar(String expression, String why) {
        assertThatThrownBy(() -> RecordFilter.parse(List.of(expression)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("-G '" + expression + "': " + why)
                .hasMessageContaining(RecordFilter.GRAMMAR);
    }
}
