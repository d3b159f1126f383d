package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.record.BatchBuilder;
import dev.kafkaloom.record.Compression;
import dev.kafkaloom.record.Header;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProtocolRecordsTest {
    private static byte[] batch(int magic, Compression compression, int records) {
        BatchBuilder builder = BatchBuilder.of((byte) magic, compression, 1 << 20);
        for (int i = 0; i < records; i++) {
            List<Header> headers =
                    magic < 2 ? List.of() : List.of(new Header("trace", new byte[] {0, (byte) i, (byte) 0xff}));
            assertThat(builder.append(
                            1_700_000_000_000L + i,
                            ("key-" + i).getBytes(StandardCharsets.UTF_8),
                            utf8("é " + i),
                            headers))
                    .isTrue();
        }
        ByteBuffer built = builder.build();
        byte[] bytes = new byte[built.remaining()];
        built.get(bytes);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[]... parts) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.write(part);
        }
        return all.toByteArray();
    }

    private static ProtocolRun decode(byte[] bytes, String... more) throws Exception {
        String[] words = java.util.Arrays.copyOf(more, more.length + 2);
        words[more.length] = "decode-records";
        words[more.length + 1] = "-";
        return ProtocolRun.run(bytes, words);
    }

    private static Map<?, ?> json(ProtocolRun run, int answer) throws Exception {
        return (Map<?, ?>) Json.read(run.json().get(answer));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aLogSegmentIsMappedAndReadsAsItsBytesDo(Compression compression, @TempDir Path folder) throws Exception {
        byte[] bytes = joined(batch(2, compression, 3), batch(2, compression, 2));
        Path log = Files.write(folder.resolve("00000000000000000000.log"), bytes);
        Session session = new Session(null, new RecordedOutput(), null);
        assertThat(ProtocolInput.buffer(session, List.of("@" + log)).isDirect()).isTrue();
        assertThat(ProtocolRun.of("decode-records", "@" + log).json())
                .hasSize(2)
                .isEqualTo(decode(bytes).json());
    }

    @Test
    void everyBatchIsShownWithItsHeaderAndRecords() throws Exception {
        byte[] first = batch(2, Compression.LZ4, 2);
        ProtocolRun run = decode(joined(first, batch(1, Compression.NONE, 1)));
        assertThat(run.code()).isZero();
        Map<?, ?> v2 = json(run, 0);
        assertThat(v2.get("position")).isEqualTo(0L);
        assertThat(v2.get("size")).isEqualTo((long) first.length);
        assertThat(v2.get("magic")).isEqualTo(2L);
        assertThat(v2.get("compression")).isEqualTo("lz4");
        assertThat(v2.get("crcValid")).isEqualTo(true);
        assertThat(v2.get("recordCount")).isEqualTo(2L);
        assertThat(v2.get("baseTimestamp")).isEqualTo(1_700_000_000_000L);
        assertThat(v2.get("records"))
                .isEqualTo(List.of(record(0, 1_700_000_000_000L, "AAD/"), record(1, 1_700_000_000_001L, "AAH/")));
        Map<?, ?> v1 = json(run, 1);
        assertThat(v1.get("position")).isEqualTo((long) first.length);
        assertThat(v1.get("magic")).isEqualTo(1L);
        assertThat(v1.get("producerId")).isEqualTo(-1L);
    }

    private static Map<String, Object> record(long offset, long timestamp, String header) {
        return Map.of(
                "offset",
                offset,
                "timestamp",
                timestamp,
                "key",
                "key-" + offset,
                "value",
                "é " + offset,
                "headers",
                List.of(Map.of("key", "trace", "value", Map.of("base64", header))));
    }

    @Test
    void peopleSeeTheHeaderInLinesAndTheRecordsInATable() throws Exception {
        String text = decode(batch(2, Compression.NONE, 1)).text();
        assertThat(text.lines().toList().getFirst()).startsWith("batch at byte 0: size ");
        assertThat(text).contains("crcValid true", "| 0      | 1700000000000 | key-0 | é 0   | trace=base64:AAD/ |");
    }

    @Test
    void noMoreRecordsAreShownThanAskedFor() throws Exception {
        ProtocolRun run =
                decode(joined(batch(2, Compression.GZIP, 3), batch(2, Compression.NONE, 5)), "--max-records", "2");
        assertThat((List<?>) json(run, 0).get("records")).hasSize(2);
        assertThat(json(run, 0).get("recordsLeftOut")).isEqualTo(1L);
        assertThat((List<?>) json(run, 1).get("records")).isEmpty();
        assertThat(json(run, 1).get("recordsLeftOut")).isEqualTo(5L);
    }

    @Test
    void whatIsShownIsBoundedUnlessMoreIsAskedForAndTheRestIsCounted() throws Exception {
        BatchBuilder builder = BatchBuilder.of((byte) 2, Compression.NONE, 1 << 24);
        for (int i = 0; i <= 100_000; i++) {
            assertThat(builder.append(0, null, null, List.of())).isTrue();
        }
        byte[] batch = new byte[builder.build().remaining()];
        builder.build().get(batch);
        assertThat(json(decode(batch), 0).get("recordsLeftOut")).isEqualTo(1L);
    }

    @ParameterizedTest
    @CsvSource({
        "25,   the stored CRC is not that of the bytes",
        "16,   message format v127 is unknown",
    })
    void aCorruptBatchIsToldWithItsPlaceAndTheNextIsStillShown(int at, String told) throws Exception {
        byte[] first = batch(2, Compression.NONE, 1);
        byte[] broken = batch(2, Compression.NONE, 1);
        broken[at] = 127;
        ProtocolRun run = decode(joined(first, broken, first));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.json()).hasSize(3);
        assertThat(json(run, 1).get("position")).isEqualTo((long) first.length);
        assertThat((String) json(run, 1).get("error")).contains(told);
        assertThat((List<?>) json(run, 2).get("records")).hasSize(1);
        assertThat(run.notes()).containsExactly("1 of 3 record batches are corrupt");
        assertThat(run.text()).contains("CORRUPT: ");
    }

    @Test
    void aBatchThatIsCutOffIsTold() throws Exception {
        byte[] whole = batch(2, Compression.NONE, 1);
        ProtocolRun run = decode(java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThat(run.code()).isEqualTo(1);
        assertThat((String) json(run, 0).get("error"))
                .isEqualTo("the batch claims " + whole.length + " bytes, " + (whole.length - 1) + " bytes are left");
        assertThat((String) json(decode(new byte[] {0, 1, 2}), 0).get("error")).contains("no record batch begins here");
    }

    @Test
    void aControlRecordIsNamed() throws Exception {
        byte[] marker = batch(2, Compression.NONE, 1);
        assertThat(decode(control(marker)).text()).contains("| control ", "control true");
        assertThat(((Map<?, ?>) ((List<?>) json(decode(control(marker)), 0).get("records")).getFirst()).get("control"))
                .isEqualTo("UNKNOWN");
    }

    /** The same batch as a control batch, with its checksum. */
    private static byte[] control(byte[] batch) {
        byte[] control = batch.clone();
        ByteBuffer buffer = ByteBuffer.wrap(control);
        buffer.putShort(21, (short) (1 << 5));
        var crc = new java.util.zip.CRC32C();
        crc.update(control, 21, control.length - 21);
        return buffer.putInt(17, (int) crc.getValue()).array();
    }

    @Test
    void withoutBytesItSaysWhatItNeeds() {
        assertThatThrownBy(() -> ProtocolRun.of("decode-records"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("@file");
    }
}
