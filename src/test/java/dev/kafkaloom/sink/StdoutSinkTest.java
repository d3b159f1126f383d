package dev.kafkaloom.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.TimestampType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StdoutSinkTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StdoutSink sink = new StdoutSink(new PrintStream(bytes, false, StandardCharsets.UTF_8));

    @Test
    void printsALineForEachRecordAndFlushes() throws Exception {
        assertThat(sink.accept(List.of(record(17, "k", "grüße"), record(18, null, "two"), record(19, "gone", null))))
                .isEqualTo(Sink.Outcome.DONE);

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("orders-3@17 k grüße\norders-3@18 two\norders-3@19 gone (tombstone)\n");
    }

    @Test
    void aRecordWithLineBreaksIsStillOneLine() throws Exception {
        assertThat(sink.accept(List.of(record(1, null, "a\nb\r\tc\u0007")))).isEqualTo(Sink.Outcome.DONE);

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("orders-3@1 a\\nb\\r\\tc\\u0007\n");
    }

    @Test
    void aClosedOutputIsAnErrorAndNotSilence() {
        StdoutSink broken = new StdoutSink(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                false,
                StandardCharsets.UTF_8));

        assertThatThrownBy(() -> broken.accept(List.of(record(1, null, "a")))).isInstanceOf(IOException.class);
    }

    private static ConsumedRecord record(long offset, String key, String value) {
        return new ConsumedRecord(
                new TopicPartition("orders", 3),
                offset,
                -1,
                TimestampType.NONE,
                bytes(key),
                bytes(value),
                List.of(),
                1,
                1);
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
