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

class RecordTemplateTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 3);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ConsumedRecord record(byte[] key, byte[] value, long timestamp, Header... headers) {
        return new ConsumedRecord(
                ORDERS, 17, timestamp, TimestampType.CREATE_TIME, key, value, List.of(headers), 1, 4, 0);
    }

    private static byte[] format(String template, ConsumedRecord record) {
        return RecordTemplate.parse(template)
                .format(new RecordTemplate.Line(record, 5, _ -> 42))
                .bytes();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%t/%p/%o                  | orders/3/17",
                "%e                        | 4",
                "%k=%v                     | key=välue",
                "%s                        | välue",
                "%K %V %S                  | 3 6 6",
                "%T                        | 1700000000123",
                "%T{iso}                   | 2023-11-14T22:13:20.123Z",
                "%T{yyyy-MM-dd HH:mm}      | 2023-11-14 22:13",
                "%y                        | create",
                "%h                        | a=1,b=NULL,a=x=y",
                "%h{json}                  | [{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":null},{\"key\":\"a\",\"value\":\"x=y\"}]",
                "%H                        | 3",
                "%i of %]                  | 5 of 42",
                "%k{hex} %v{hex}           | 6b6579 76c3a46c7565",
                "%k{base64}                | a2V5",
                "%v{json}                  | \"välue\"",
                "100%% é                   | 100% é"
            })
    void everyVerbShowsItsPart(String template, String expected) {
        ConsumedRecord record = record(
                utf8("key"),
                utf8("välue"),
                1_700_000_000_123L,
                new Header("a", utf8("1")),
                new Header("b", null),
                new Header("a", utf8("x=y")));
        assertThat(new String(format(template, record), StandardCharsets.UTF_8)).isEqualTo(expected);
    }

    @Test
    void escapesAndBytesArePutOutAsTheyAre() {
        ConsumedRecord record = record(null, new byte[] {(byte) 0xff, 0}, -1);
        assertThat(format("\\t\\n\\r\\0\\x7f\\xFF\\\\", record)).containsExactly('\t', '\n', '\r', 0, 0x7f, 0xff, '\\');
        assertThat(format("%v", record)).containsExactly(0xff, 0);
        assertThat(format("%R", record)).containsExactly(0, 0, 0, 2);
    }

    @Test
    void nullIsNothingOfLengthMinusOne() {
        ConsumedRecord record = record(null, null, -1);
        assertThat(format("[%k][%v][%k{hex}][%T{iso}]", record)).asString().isEqualTo("[][][][]");
        assertThat(format("%K %V %T", record)).asString().isEqualTo("-1 -1 -1");
        assertThat(format("%k{json}", record)).asString().isEqualTo("null");
        assertThat(format("%R", record)).containsExactly(0xff, 0xff, 0xff, 0xff);
    }

    @Test
    void numbersInBytesCanBeRead() {
        assertThat(format("%k{int} %v{int}", record(new byte[] {(byte) 0xff}, new byte[] {0, 0, 1, 0}, 0)))
                .asString()
                .isEqualTo("-1 256");
        assertThat(format("%v{int}", record(null, utf8("abc"), 0))).asString().isEqualTo("?3 bytes?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "%q         | %q is no verb",
                "abc%       | it ends with a single %",
                "abc\\      | it ends with a single \\",
                "\\q        | \\q is no escape",
                "\\x4       | \\x4 has not two hexadecimal digits",
                "%k{oct}    | %k{oct} is none of {hex}, {base64}, {json}, {int}",
                "%k{hex     | %k{ is not closed",
                "%k{}       | %k{} is empty",
                "%o{hex}    | %o has no variants, not {hex}",
                "%T{foo}    | %T{foo} is no pattern of a date and time",
                "%h{hex}    | %h{hex} is not %h{json}"
            })
    void aMistakeShowsTheGrammar(String template, String why) {
        assertThatThrownBy(() -> RecordTemplate.parse(template))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("-f '" + template + "': " + why)
                .hasMessageContaining(RecordTemplate.GRAMMAR);
    }
}
