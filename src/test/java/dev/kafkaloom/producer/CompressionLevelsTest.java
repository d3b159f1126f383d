package dev.kafkaloom.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.Compression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionLevelsTest {
    @ParameterizedTest
    @EnumSource
    void theDefaultsAreThoseOfTheCodecs(Compression codec) {
        assertThat(CompressionLevels.DEFAULT.of(codec)).isEqualTo(codec.defaultLevel());
    }

    @Test
    void everyCodecHasALevelOfItsOwn() {
        CompressionLevels levels = CompressionLevels.DEFAULT
                .with(Compression.GZIP, 1)
                .with(Compression.LZ4, 2)
                .with(Compression.ZSTD, -3)
                .with(Compression.SNAPPY, 0);
        assertThat(levels).isEqualTo(new CompressionLevels(1, 2, -3));
        assertThat(levels.of(Compression.GZIP)).isEqualTo(1);
        assertThat(levels.of(Compression.LZ4)).isEqualTo(2);
        assertThat(levels.of(Compression.ZSTD)).isEqualTo(-3);
    }

    @Test
    void aLevelThatACodecDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> new CompressionLevels(0, 9, 3))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining("gzip level 0");
        assertThatThrownBy(() -> CompressionLevels.DEFAULT.with(Compression.LZ4, 18))
                .hasMessageContaining("lz4 level 18");
        assertThatThrownBy(() -> CompressionLevels.DEFAULT.with(Compression.SNAPPY, 1))
                .hasMessageContaining("snappy level 1: it has no levels");
    }
}
