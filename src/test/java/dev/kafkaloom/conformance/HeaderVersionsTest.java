package dev.kafkaloom.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.message.ApiKey;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The header that goes before each request and each response, against Kafka's own table of both releases. */
class HeaderVersionsTest {
    @Test
    void theHeaderOfEveryRequestAndResponseIsThatOfKafka() {
        Set<String> compared = new TreeSet<>();
        for (KafkaRelease release : KafkaRelease.both()) {
            ApacheClass types = new ApacheClass(release.type("org.apache.kafka.common.message.ApiMessageType"));
            for (Object type : (Object[]) types.call(null, "values")) {
                ApiKey ours = ApiKey.of((short) types.call(type, "apiKey"));
                short lowest = (short) types.call(type, "lowestSupportedVersion");
                short highest = (short) types.call(type, "highestSupportedVersion", true);
                for (short version = lowest; version <= highest; version++) {
                    assertThat(ours.requestHeaderVersion(version))
                            .as("request %s v%d, %s", ours, version, release)
                            .isEqualTo(types.call(type, "requestHeaderVersion", version));
                    assertThat(ours.responseHeaderVersion(version))
                            .as("response %s v%d, %s", ours, version, release)
                            .isEqualTo(types.call(type, "responseHeaderVersion", version));
                    compared.add(ours + " v" + version);
                }
            }
        }
        assertThat(compared).hasSize(368);
    }
}
