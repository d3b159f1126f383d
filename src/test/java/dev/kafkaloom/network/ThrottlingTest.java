package dev.kafkaloom.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.message.ApiKey;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThrottlingTest {
    /** Those that Kafka's own client throttles by, the versions before it does included. */
    static Stream<ApiKeys> throttled() {
        return Stream.of(ApiKeys.values())
                .filter(ApiKeys::hasValidVersion)
                .filter(api -> throttles(api, api.latestVersion()));
    }

    private static boolean throttles(ApiKeys api, short version) {
        ApiMessageType type = ApiMessageType.fromApiKey(api.id);
        return AbstractResponse.parseResponse(
                        api, MessageUtil.toByteBufferAccessor(type.newResponse(), version), version)
                .shouldClientThrottle(version);
    }

    @ParameterizedTest
    @MethodSource("throttled")
    void theTimeIsHonouredInTheVersionsInWhichKafkasClientHonoursIt(ApiKeys api) {
        for (short version = api.oldestVersion(); version <= api.latestVersion(); version++) {
            assertThat(Throttling.after(ApiKey.of(api.id), version, 7))
                    .as("v%d", version)
                    .isEqualTo(throttles(api, version) ? Duration.ofMillis(7) : Duration.ZERO);
        }
    }

    @Test
    void noBrokerThrottlesForLongerThanHalfAMinute() {
        assertThat(Throttling.after(ApiKey.METADATA, (short) 9, Integer.MAX_VALUE))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(Throttling.after(ApiKey.METADATA, (short) 9, -1)).isZero();
    }
}
