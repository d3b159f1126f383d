package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordTextTest {
    private static ConsumedRecord record(byte[] key, byte[] value, Header... headers) {
        return new ConsumedRecord(
                new TopicPartition("orders", 3),
                17,
                1234,
                TimestampType.CREATE_TIME,
                key,
                value,
                List.of(headers),
                1,
                0);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void textIsTheValueByteForByteAndALineBreak() {
        assertThat(RecordText.value(record(utf8("k"), new byte[] {(byte) 0xff, 0, 'x'}))
                        .bytes())
                .containsExactly(0xff, 0, 'x', '\n');
        assertThat(RecordText.value(record(null, null)).bytes()).containsExactly('\n');
    }

    @Test
    void jsonIsOneObjectALine() {
        ConsumedRecord record =
                record(utf8("k"), utf8("line\nbreak é"), new Header("h", utf8("v")), new Header("h", null));
        assertThat(RecordText.json(record).text())
                .isEqualTo("{\"topic\":\"orders\",\"partition\":3,\"offset\":17,\"timestamp\":1234,"
                        + "\"timestampType\":\"create\",\"key\":\"k\",\"value\":\"line\\nbreak é\",\"headers\":[{\"key\":\"h\",\"value\":\"v\"},{\"key\":\"h\",\"value\":null}],"
                        + "\"keySize\":1,\"valueSize\":13}");
    }

    @Test
    void jsonHasTheLeaderEpochWhereItIsKnown() {
        ConsumedRecord record = new ConsumedRecord(
                new TopicPartition("orders", 3), 17, -1, TimestampType.NONE, null, null, List.of(), 1, 4, 0);
        assertThat(RecordText.json(record).text())
                .isEqualTo(
                        "{\"topic\":\"orders\",\"partition\":3,\"offset\":17,\"timestamp\":-1,\"timestampType\":\"none\","
                                + "\"leaderEpoch\":4,\"key\":null,\"value\":null,\"headers\":[],\"keySize\":-1,\"valueSize\":-1}");
    }

    @Test
    void whatIsNotUtf8IsBase64InJson() {
        String json = RecordText.json(record(new byte[] {(byte) 0xc3}, null, new Header("h", new byte[] {(byte) 0x80})))
                .text();
        assertThat(json)
                .contains("\"key\":{\"base64\":\"ww==\"}")
                .contains("\"value\":null")
                .contains("\"value\":{\"base64\":\"gA==\"}");
    }
}
