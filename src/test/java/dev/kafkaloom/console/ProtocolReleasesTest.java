package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.network.ApiVersions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProtocolReleasesTest {
    private static final ProtocolReleases RELEASES = ProtocolReleases.all();

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void agreesWithWhatTheClientExpectsOfEachRelease(ApiKey api) {
        for (String release : RELEASES.releases()) {
            ApiVersions.ofRelease(release)
                    .range(api)
                    .ifPresent(range -> assertThat(RELEASES.spoken(api, release))
                            .as("%s in %s", api.apiName(), release)
                            .isEqualTo(new ProtocolSpan(range.lowest(), range.highest())));
        }
    }

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void everyApiWasStableInSomeRelease(ApiKey api) {
        assertThat(RELEASES.first(api)).isNotNull();
        assertThat(RELEASES.of(api)).matches("[0-9.]+\\+|[0-9.]+-[0-9.]+");
    }

    @ParameterizedTest
    @CsvSource({
        "PRODUCE, 0.9.0+",
        "API_VERSIONS, 0.10.0+",
        "UPDATE_METADATA, 0.9.0-3.9",
        "VOTE, 2.7+",
        "SHARE_FETCH, 4.1+",
        "UNREGISTER_CONTROLLER, 4.4+"
    })
    void saysWhichReleasesKnowAnApi(ApiKey api, String brokers) {
        assertThat(RELEASES.of(api)).isEqualTo(brokers);
    }

    @ParameterizedTest
    @CsvSource({
        "METADATA, 0, 0.9.0+",
        "METADATA, 9, 2.4+",
        "PRODUCE, 0, 0.9.0-3.9",
        "JOIN_GROUP, 0, '0.9.0-3.9, 4.0.2+'",
        "SHARE_FETCH, 0, preview",
        "INIT_PRODUCER_ID, 6, preview"
    })
    void saysWhichReleasesSpeakAVersion(ApiKey api, int version, String brokers) {
        assertThat(RELEASES.of(api, version)).isEqualTo(brokers);
    }

    @Test
    void theFirstReleaseIsNamedByItsLine() {
        assertThat(RELEASES.first(ApiKey.API_VERSIONS)).isEqualTo("0.10.0");
        assertThat(RELEASES.first(ApiKey.DESCRIBE_CLUSTER)).isEqualTo("2.8");
    }
}
