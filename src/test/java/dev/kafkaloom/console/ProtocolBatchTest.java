package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProtocolBatchTest {
    private static final String METADATA_V1 = "000000010001" + "61";
    private static final String METADATA_V1_JSON = "{\"topics\":[{\"name\":\"a\"}]}";

    @Test
    void eachLineHasOneAnswerInOrder() throws Exception {
        ProtocolRun run = ProtocolRun.fed(
                "3\t1\trequest\t" + METADATA_V1 + "\nmetadata\t1\trequest\t00000000\n12\t0\tresponse\t0019",
                "decode",
                "--batch");
        assertThat(run.json()).containsExactly(METADATA_V1_JSON, "{\"topics\":[]}", "{\"errorCode\":25}");
        assertThat(run.code()).isZero();
    }

    @Test
    void encodeIsTheInverse() throws Exception {
        ProtocolRun run = ProtocolRun.fed(
                "3\t1\trequest\t" + METADATA_V1_JSON + "\r\n12\t0\tresponse\t{\"errorCode\":25}\n",
                "encode",
                "--batch");
        assertThat(run.json()).containsExactly(METADATA_V1, "0019");
    }

    @Test
    void theTextOfAWindowsEditorIsRead() throws Exception {
        ProtocolRun run =
                ProtocolRun.fed("\ufeff12\t0\tresponse\t0019\r\n\r\n12\t0\tresponse\t00 1B\r\n", "decode", "--batch");
        assertThat(run.json()).containsExactly("{\"errorCode\":25}", "{\"errorCode\":27}");
    }

    @Test
    void aMessageWithoutBytesIsAnEmptyColumnOrNone() throws Exception {
        assertThat(ProtocolRun.fed("16\t0\trequest\t\n16\t0\trequest\n", "decode", "--batch")
                        .json())
                .containsExactly("{}", "{}");
        assertThat(ProtocolRun.fed("16\t0\trequest\t{}\n", "encode", "--batch").json())
                .containsExactly("");
    }

    @Test
    void megabytesOfGarbageAreAShortError() throws Exception {
        String garbage = "a".repeat(1_000_000);
        ProtocolRun run = ProtocolRun.fed(
                garbage + "\t9\trequest\t00\n3\t" + garbage + "\trequest\t00\n3\t9\t" + garbage + "\t00\n",
                "decode",
                "--batch");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.json())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("{\"error\":\"line ")
                        .contains("aaa")
                        .endsWith("...\"}")
                        .hasSizeLessThan(1_100));
    }

    @Test
    void aLineThatCannotBeReadIsAnErrorWithItsNumberAndTheOthersAreStillAnswered() throws Exception {
        ProtocolRun run = ProtocolRun.fed("""
                3\t1\trequest\t00

                3\t99\trequest\t00
                3\tone\trequest\t00
                3\t1\tquestion\t00
                777\t1\trequest\t00
                3\t1\trequest\tzz
                what
                12\t0\tresponse\t0019
                """, "decode", "--batch");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.json()).hasSize(8);
        assertThat(run.json().getLast()).isEqualTo("{\"errorCode\":25}");
        List<String> told = List.of(
                "line 1: malformed MetadataRequest v1",
                "line 3: MetadataRequest has no version 99",
                "line 4: version 'one' is no number",
                "line 5: 'question' instead of request or response",
                "line 6: no API '777'",
                "line 7: not hex: 'z'",
                "line 8: 1 columns instead of");
        for (int i = 0; i < told.size(); i++) {
            assertThat(run.json().get(i))
                    .startsWith("{\"error\":\"" + told.get(i))
                    .endsWith("\"}");
        }
    }

    @Test
    void headersAreReadToo() throws Exception {
        String frame = "001200000000000100026d65";
        ProtocolRun run = ProtocolRun.fed("18\t0\trequest\t" + frame + "\n", "decode", "--batch", "--header");
        assertThat(run.json())
                .containsExactly("{\"header\":{\"requestApiKey\":18,\"requestApiVersion\":0,\"correlationId\":1,"
                        + "\"clientId\":\"me\"}}");
        assertThat(ProtocolRun.fed("18\t0\trequest\t" + run.json().getFirst(), "encode", "--batch", "--header")
                        .json())
                .containsExactly(frame);
    }

    @Test
    void whoeverFeedsLineByLineSeesEachAnswerAtOnce() throws Exception {
        AtomicInteger flushes = new AtomicInteger();
        AtomicInteger seenAtSecondRead = new AtomicInteger();
        RecordedFlushes out = new RecordedFlushes(flushes);
        InputStream slow = new InputStream() {
            private int reads;

            @Override
            public int read() {
                throw new AssertionError("whole buffers are asked for");
            }

            @Override
            public int read(byte[] into, int from, int length) {
                if (reads++ > 0) {
                    seenAtSecondRead.set(flushes.get());
                    return -1;
                }
                byte[] line = "16\t0\trequest\t\n".getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(line, 0, into, from, line.length);
                return line.length;
            }
        };
        assertThat(new ProtocolBatch(out, false).decode(slow)).isZero();
        assertThat(seenAtSecondRead).hasValueGreaterThan(0);
        assertThat(out.shownAtLastFlush).isEqualTo(1);
    }

    @Test
    void whatWasReadIsFlushedWhenTheRunIsInterrupted() {
        RecordedFlushes out = new RecordedFlushes(new AtomicInteger());
        InputStream lines = new java.io.ByteArrayInputStream(
                "16\t0\trequest\t\n16\t0\trequest\t\n".getBytes(StandardCharsets.US_ASCII));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new ProtocolBatch(out, false).decode(lines)).isInstanceOf(InterruptedException.class);
        assertThat(out.shownAtLastFlush).isEqualTo(1);
    }

    @Test
    void withoutAStandardInputItIsRefusedInOneLine() {
        assertThatThrownBy(() -> ProtocolRun.of("decode", "--batch"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no standard input here for --batch");
        assertThatThrownBy(() -> ProtocolRun.fed("", "encode", "--batch", "--api", "3"))
                .hasMessageContaining("--batch takes everything from its lines");
    }

    /** Counts, and knows what had been shown when it was last flushed. */
    private static final class RecordedFlushes implements Output {
        private final AtomicInteger flushes;
        private int shown;
        private int shownAtLastFlush;

        RecordedFlushes(AtomicInteger flushes) {
            this.flushes = flushes;
        }

        @Override
        public void show(Answer answer) {
            shown++;
        }

        @Override
        public void note(String line) throws IOException {
            throw new IOException("no remarks are expected: " + line);
        }

        @Override
        public void flush() {
            flushes.incrementAndGet();
            shownAtLastFlush = shown;
        }
    }
}
