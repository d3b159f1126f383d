package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** On the newest release. */
class RequestIT extends RequestBehaviour {
    RequestIT() {
        super(RealBroker.NEWEST);
    }

    @Test
    void apiVersionsListsWhatTheBrokerSpeaks() throws IOException {
        Map<?, ?> versions = ok("ApiVersions");
        assertThat(versions.get("errorCode")).isEqualTo(0L);
        assertThat(each(versions.get("apiKeys"), "apiKey")).contains(0L, 3L, 18L);
        assertThat(versions.get("supportedFeatures")).isNotNull();
        assertThat(ok("ApiVersions", "--version", "0")).containsOnlyKeys("errorCode", "apiKeys");
    }

    @Test
    void theClusterIsDescribed() throws IOException {
        Map<?, ?> cluster = ok("describecluster");
        assertThat((String) cluster.get("clusterId")).isNotEmpty();
        assertThat((List<?>) cluster.get("brokers")).hasSize(1);
    }

    @Test
    void configsAreDescribed() throws IOException {
        String topic = broker.topic("configs", 1);
        Map<?, ?> configs = ok("DescribeConfigs", "--json", resource(topic));
        Map<?, ?> result = (Map<?, ?>) ((List<?>) configs.get("results")).getFirst();
        assertThat(result.get("resourceName")).isEqualTo(topic);
        assertThat(each(result.get("configs"), "name")).contains("cleanup.policy", "retention.ms");
    }

    private static String resource(String topic) {
        return "{\"resources\":[{\"resourceType\":2,\"resourceName\":\"" + topic + "\",\"configurationKeys\":null}]}";
    }

    @Test
    void theConfigsOfAMissingTopicAreAnErrorWithItsName() {
        Run run = run("DescribeConfigs", "--json", resource("no-such-topic"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).startsWith("results[0].errorCode 3: UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(run.out()).contains("\"resourceName\":\"no-such-topic\"");
    }

    @Test
    void aVersionThatWasDroppedIsRefusedWithBothRanges() {
        refused(run("Produce", "--version", "2"), "Produce v2", "v3-v13", "v0-v13");
    }

    @Test
    void anApiBetweenControllersIsRefusedByName() {
        refused(run("Vote"), "does not know Vote", "between brokers and controllers");
    }
}
