package dev.kafkaloom.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaReleaseTest {
    @ParameterizedTest
    @CsvSource({
        "0.9.0.1, 2.11, ZOOKEEPER",
        "0.11.0.3, 2.11, ZOOKEEPER",
        "1.1.1, 2.12, ZOOKEEPER",
        "2.4.1, 2.12, ZOOKEEPER",
        "2.8.2, 2.13, ZOOKEEPER",
        "3.3.2, 2.13, KRAFT",
        "4.4.0, 2.13, KRAFT"
    })
    void aReleaseKnowsItsScalaBuildAndItsMode(String version, String scala, Options.Mode mode) {
        KafkaRelease release = KafkaRelease.parse(version);

        assertThat(release.scala()).isEqualTo(scala);
        assertThat(release.modeFor(Options.defaults())).isEqualTo(mode);
    }

    @Test
    void releasesCompareByLine() {
        assertThat(KafkaRelease.parse("0.10.2.2")
                        .atLeast(KafkaRelease.parse("0.9.0.1").line()))
                .isTrue();
        assertThat(KafkaRelease.parse("0.11.0.3")
                        .atLeast(KafkaRelease.parse("1.1.1").line()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"2.4.1, KRAFT", "4.3.1, ZOOKEEPER"})
    void aModeThatTheReleaseDoesNotKnowIsRefused(String version, Options.Mode mode) {
        assertThatThrownBy(
                        () -> EmbeddedBroker.start(version, Options.defaults().withMode(mode)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Kafka " + version + " cannot run in mode " + mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "4.3", "four", "4.3.1-rc0", "0.9.0", "../4.3.1"})
    void whatIsNoReleaseIsRefused(String text) {
        assertThatThrownBy(() -> KafkaRelease.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a Kafka release");
    }

    @Test
    void beforeTheOldestSupportedReleaseTheOldestIsNamed() {
        assertThatThrownBy(() -> KafkaRelease.parse("0.8.2.2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0.9.0.1 is the oldest");
    }
}
