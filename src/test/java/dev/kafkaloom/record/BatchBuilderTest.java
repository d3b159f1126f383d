package dev.kafkaloom.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchBuilderTest {
    private static final byte[] VALUE = "0123456789".getBytes(UTF_8);

    @ParameterizedTest
    @ValueSource(bytes = {0, 1, 2})
    void aFullBatchTakesNoMoreAndHoldsItsLimit(byte magic) {
        BatchBuilder builder = BatchBuilder.of(magic, Compression.NONE, 500);
        int taken = 0;
        while (builder.append(1000 + taken, null, VALUE, List.of())) {
            taken++;
        }
        assertThat(builder.recordCount()).isEqualTo(taken).isGreaterThan(10);
        assertThat(builder.build().remaining())
                .isEqualTo(builder.estimatedSize())
                .isBetween(460, 500);
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1, 2})
    void theFirstRecordAlwaysFitsAndItsSizeIsKnownBefore(byte magic) {
        BatchBuilder builder = BatchBuilder.of(magic, Compression.NONE, 100);
        int empty = builder.estimatedSize();
        long size = builder.sizeOf(5, VALUE, new byte[1000], List.of());
        assertThat(builder.append(5, VALUE, new byte[1000], List.of())).isTrue();
        assertThat(builder.estimatedSize()).isEqualTo((int) (empty + size));
        assertThat(builder.append(5, null, null, List.of())).isFalse();
    }

    @Test
    void headersNeedFormatV2() {
        BatchBuilder builder = BatchBuilder.of((byte) 1, Compression.NONE, 100);
        assertThatThrownBy(() -> builder.append(1, null, VALUE, List.of(new Header("a", VALUE))))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("headers exist since Kafka 0.11");
    }

    @Test
    void zstdNeedsFormatV2() {
        assertThatThrownBy(() -> BatchBuilder.of((byte) 1, Compression.ZSTD, 100))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("zstd")
                .hasMessageContaining("2.1");
    }

    @ParameterizedTest
    @CsvSource({
        "none,NONE",
        "GZIP,GZIP",
        "snappy,SNAPPY",
        "lz4,LZ4",
        "zstd,ZSTD",
        "0,NONE",
        "1,GZIP",
        "2,SNAPPY",
        "3,LZ4",
        "4,ZSTD"
    })
    void codecsAreReadByNameAndByNumber(String text, Compression codec) {
        assertThat(Compression.parse(text)).isEqualTo(codec);
    }

    @Test
    void anUnknownCodecNamesTheKnownOnes() {
        assertThatThrownBy(() -> Compression.parse("brotli"))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("brotli")
                .hasMessageContaining("none, gzip, snappy, lz4, zstd");
    }
}
