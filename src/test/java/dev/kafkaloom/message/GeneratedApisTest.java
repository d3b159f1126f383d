package dev.kafkaloom.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the merge of the two releases must come to. */
class GeneratedApisTest {
    @Test
    void thereAre95ApisWith368Versions() {
        assertThat(ApiKey.values()).hasSize(95);
        assertThat(Arrays.stream(ApiKey.values())
                        .mapToInt(api -> api.highestVersion() - api.lowestVersion() + 1)
                        .sum())
                .isEqualTo(368);
        assertThat(Arrays.stream(ApiKey.values()).map(ApiKey::id))
                .doesNotHaveDuplicates()
                .contains((short) 0, (short) 94);
        assertThat(Request.class.getPermittedSubclasses()).hasSize(95);
        assertThat(Response.class.getPermittedSubclasses()).hasSize(95);
    }

    @ParameterizedTest
    @CsvSource({
        "PRODUCE,0,13,9",
        "FETCH,0,18,12",
        "LIST_OFFSETS,0,11,6",
        "METADATA,0,13,9",
        "LEADER_AND_ISR,0,7,4",
        "CONTROLLED_SHUTDOWN,0,3,3",
        "OFFSET_COMMIT,0,10,8",
        "OFFSET_FETCH,0,10,6",
        "JOIN_GROUP,0,9,6",
        "SASL_HANDSHAKE,0,1,-1",
        "CREATE_TOPICS,0,7,5",
        "ADD_PARTITIONS_TO_TXN,0,5,3",
        "OFFSET_DELETE,0,0,-1",
        "LIST_CONFIG_RESOURCES,0,1,0",
        "SHARE_FETCH,0,2,0",
        "UNREGISTER_CONTROLLER,0,0,0"
    })
    void versionsAreTheUnionOfBothReleases(ApiKey api, int lowest, int highest, int flexibleFrom) {
        assertThat(api.lowestVersion()).isEqualTo((short) lowest);
        assertThat(api.highestVersion()).isEqualTo((short) highest);
        for (short version = 0; version <= highest; version++) {
            assertThat(api.isFlexible(version))
                    .as("version %d", version)
                    .isEqualTo(flexibleFrom >= 0 && version >= flexibleFrom);
        }
    }

    @Test
    void theTwoOddHeadersAreKept() {
        assertThat(ApiKey.CONTROLLED_SHUTDOWN.requestHeaderVersion((short) 0)).isEqualTo((short) 0);
        assertThat(ApiKey.CONTROLLED_SHUTDOWN.requestHeaderVersion((short) 1)).isEqualTo((short) 1);
        assertThat(ApiKey.API_VERSIONS.responseHeaderVersion((short) 4)).isEqualTo((short) 0);
        assertThat(RequestHeader.LOWEST_VERSION).isEqualTo((short) 0);
    }

    @Test
    void onlyInitProducerIdHasAnUnstableVersion() {
        assertThat(ApiKey.values())
                .filteredOn(api -> api.highestStableVersion() != api.highestVersion())
                .containsExactly(ApiKey.INIT_PRODUCER_ID);
        assertThat(ApiKey.INIT_PRODUCER_ID.highestStableVersion()).isEqualTo((short) 5);
    }

    @Test
    void anApiIsFoundByNumberAndByEitherName() {
        assertThat(ApiKey.of(23)).isEqualTo(ApiKey.OFFSET_FOR_LEADER_EPOCH);
        assertThat(ApiKey.of("offsetForLeaderEpoch")).isEqualTo(ApiKey.OFFSET_FOR_LEADER_EPOCH);
        assertThat(ApiKey.of("OFFSET_FOR_LEADER_EPOCH")).isEqualTo(ApiKey.OFFSET_FOR_LEADER_EPOCH);
        assertThat(ApiKey.of(95)).isNull();
        assertThat(ApiKey.of(-1)).isNull();
        assertThat(ApiKey.of("Nothing")).isNull();
    }

    @Test
    void throttleTimeAndErrorAreThoseOfTheMessage() {
        Response response =
                HeartbeatResponse.builder().throttleTimeMs(7).errorCode(25).build();
        assertThat(response.throttleTimeMs()).isEqualTo(7);
        assertThat(response.errorCode()).isEqualTo((short) 25);
        assertThat(FetchResponse.builder().build().throttleTimeMs()).isZero();
    }
}
