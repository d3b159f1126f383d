package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLetterTest {
    private static final TopicPartition DLQ = new TopicPartition("dlq", 1);

    static Header header(String key, String value) {
        return new Header(key, bytes(value));
    }

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static ConsumedRecord stored(byte[] value, Header... headers) {
        return new ConsumedRecord(DLQ, 17, 5, TimestampType.CREATE_TIME, bytes("k"), value, List.of(headers), 1, 0);
    }

    private static Header[] with(Header... more) {
        List<Header> all = new ArrayList<>(List.of(
                header("trace", "t-1"),
                header("dlq.source.topic", "orders"),
                header("dlq.source.partition", "3"),
                header("dlq.source.offset", "41"),
                header("dlq.source.timestamp", "1234"),
                header("dlq.error", "no such customer"),
                header("dlq.attempts", "5"),
                header("dlq.group", "billing")));
        all.addAll(List.of(more));
        return all.toArray(Header[]::new);
    }

    @Test
    void headersTellWhereItCameFromAndTheRecordIsAsItWas() {
        byte[] raw = {0, -1, '{', 7};

        var letter = (DeadLetter.Sound) DeadLetter.of(stored(raw, with()));

        assertThat(letter.source().partition()).isEqualTo(new TopicPartition("orders", 3));
        assertThat(letter.source().offset()).isEqualTo(41);
        assertThat(letter.source().timestamp()).isEqualTo(1234);
        assertThat(letter.source().key()).isEqualTo(bytes("k"));
        assertThat(letter.source().value()).isEqualTo(raw);
        assertThat(letter.source().headers()).containsExactly(header("trace", "t-1"));
        assertThat(letter.error()).isEqualTo("no such customer");
        assertThat(letter.attempts()).isEqualTo(5);
        assertThat(letter.group()).isEqualTo("billing");
    }

    @Test
    void whatTheRecordBroughtAlongOfThatKindDoesNotCount() {
        Header[] headers = with();
        headers[0] = header("dlq.source.topic", "payroll");

        var letter = (DeadLetter.Sound) DeadLetter.of(stored(null, headers));

        assertThat(letter.source().partition().topic()).isEqualTo("orders");
        assertThat(letter.source().headers()).isEmpty();
        assertThat(letter.source().value()).isNull();
    }

    @Test
    void anEnvelopeTellsTheSame() {
        byte[] envelope = bytes("{\"dlq.source.topic\":\"orders\",\"dlq.source.partition\":3,\"dlq.source.offset\":41,"
                + "\"dlq.source.timestamp\":-1,\"dlq.error\":\"no\",\"dlq.attempts\":2,\"dlq.group\":\"g\","
                + "\"key\":null,\"value\":\"AP8=\"}");

        var letter = (DeadLetter.Sound) DeadLetter.of(stored(envelope));

        assertThat(letter.source().partition()).isEqualTo(new TopicPartition("orders", 3));
        assertThat(letter.source().key()).isNull();
        assertThat(letter.source().value()).isEqualTo(new byte[] {0, -1});
        assertThat(letter.attempts()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{",
                "{}",
                "[1]",
                "{\"dlq.source.topic\":\"orders\"}",
                "{\"dlq.source.topic\":\"a/b\",\"dlq.source.partition\":3,\"dlq.source.offset\":41}",
                "{\"dlq.source.topic\":\"orders\",\"dlq.source.partition\":3,\"dlq.source.offset\":41,\"value\":\"?\"}",
                "{\"dlq.source.topic\":\"orders\",\"dlq.source.partition\":3,\"dlq.source.offset\":41,\"value\":5}",
                "{\"dlq.source.topic\":\"orders\",\"dlq.source.partition\":99999999999999999999,\"dlq.source.offset\":41}"
            })
    void whatIsNoLetterIsSaidToBeNone(String value) {
        assertThat(DeadLetter.of(stored(bytes(value)))).isInstanceOf(DeadLetter.Foreign.class);
    }

    @ParameterizedTest
    @CsvSource({
        "dlq.source.topic, ..",
        "dlq.source.topic, a b",
        "dlq.source.partition, -1",
        "dlq.source.partition, 2147483648",
        "dlq.source.offset, -5",
        "dlq.source.offset, many",
        "dlq.attempts, -1"
    })
    void aHeaderThatCannotBeSoIsNotBelieved(String name, String value) {
        DeadLetter letter = DeadLetter.of(stored(null, with(header(name, value))));

        assertThat(letter)
                .isInstanceOfSatisfying(
                        DeadLetter.Foreign.class,
                        foreign -> assertThat(foreign.why()).contains(name, "'" + value + "'"));
    }
}
