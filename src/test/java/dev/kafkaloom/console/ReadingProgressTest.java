package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReadingProgressTest {
    private final ByteArrayOutputStream results = new ByteArrayOutputStream();
    private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();

    private StreamOutput output() {
        return new StreamOutput(results, new PrintStream(remarks, true, StandardCharsets.UTF_8), Format.TABLE);
    }

    private String remarks() {
        return remarks.toString(StandardCharsets.UTF_8).replace("\u001b[K", "<");
    }

    @Test
    void takesThePlaceOfWhatWasToldBeforeAndLeavesNothing() {
        StreamOutput out = output().telling();
        out.progress("1 record");
        out.progress("2 records");
        out.progress("");
        out.progress("");
        assertThat(remarks()).isEqualTo("\r1 record<\r2 records<\r<");
    }

    @Test
    void makesRoomForARemark() {
        StreamOutput out = output().telling();
        out.progress("1 record");
        out.note("mind");
        out.note("the gap");
        assertThat(remarks()).isEqualTo("\r1 record<\r<mind\nthe gap\n");
    }

    @Test
    void isNotToldWhereNobodySeesItApart() throws Exception {
        StreamOutput out = output();
        out.progress("1 record");
        out.flush();
        assertThat(remarks.size() + results.size()).isZero();
    }

    @Test
    void isTheNumbersSoFarAndTheirSpeed() {
        assertThat(ReadingProgress.line(1_234_567, 9_876_543_210L, 12_345.6, 1_000))
                .isEqualTo("1,234,567 records, 9,876.5 MB, 12,346 records/s, lag 1,000");
        assertThat(ReadingProgress.line(0, 0, 0, -1)).isEqualTo("0 records, 0.0 MB, 0 records/s");
    }
}
