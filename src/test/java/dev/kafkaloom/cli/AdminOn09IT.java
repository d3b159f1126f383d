package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.RealBroker;
import org.junit.jupiter.api.Test;

/** On the oldest release, which lacks most of what it takes. */
class AdminOn09IT extends AdminBehaviour {
    AdminOn09IT() {
        super(RealBroker.OLDEST);
    }

    @Test
    void whatTheBrokerLacksIsSaidWithTheReleaseThatHasIt() {
        String topic = broker.topic("lacks", 1);
        assertThat(failure(1, "topics", "delete", topic, "--yes"))
                .contains("DeleteTopics, which exists since Kafka 0.10.1; this is 0.9.0");
        assertThat(failure(1, "groups", "delete", "g", "--yes"))
                .contains("DeleteGroups, which exists since Kafka 1.1; this is 0.9.0");
        assertThat(failure(1, "topics", "create", RealBroker.unique("lacks"), "-c", "retention.ms=1"))
                .contains("CreateTopics, which exists since Kafka 0.10.1; this is 0.9.0");
        assertThat(failure(1, "kafka.offset_fetch", "-g", "g"))
                .contains("since Kafka 0.10.2, this is 0.9.0", "name the topics");
    }

    @Test
    void settingsOfATopicAreToldSince011() {
        Run run = run(new byte[0], "topics", "describe", broker.topic("settings", 1));
        assertThat(run.code()).isZero();
        assertThat(run.out().lines()).hasSize(10);
        assertThat(run.err().strip().lines()).singleElement().asString().contains("0.11.0", "0.9.0");
    }

    @Test
    void aTopicIsCreatedWithWhatTheBrokerHasAsDefaults() throws Exception {
        String topic = RealBroker.unique("default");
        assertThat(cells(json("topics", "create", topic), "topic", "replicas")).containsExactly(row(topic, 1L));
        assertThat(failure(1, "topics", "create", topic)).contains(topic, "TOPIC_ALREADY_EXISTS");
    }

    @Test
    void timesAreRememberedByLogSegmentOnly() {
        String topic = filled("time");
        Run run = run(new byte[0], "kafka.list_offsets", "-t", topic, "2020-01-01");
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("0.10.1", "log segment").doesNotContain("young");
    }
}
