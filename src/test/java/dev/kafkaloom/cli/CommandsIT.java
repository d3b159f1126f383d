package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.testing.RealBroker;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** On the newest release. */
class CommandsIT extends CommandsBehaviour {
    CommandsIT() {
        super(RealBroker.NEWEST);
    }

    @Test
    void headersAndZstdArrive() {
        String topic = broker.topic("headers", 1);
        ok("produce", "-t", topic, "-c", "zstd", "-H", "a=1", "-H", "b=x=y", "-H", "a=2", "m");
        assertThat(ok("consume", "-t", topic, "-e", "-f", "json").out())
                .contains(
                        "\"headers\":[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":\"x=y\"},{\"key\":\"a\",\"value\":\"2\"}]");
    }

    @Test
    void lagIsCountedFromTheLogStartWhenNothingIsCommitted() throws Exception {
        String topic = broker.topic("log-start", 1);
        ok("produce", "-t", topic, "-r", "10", "x");
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(7)))
                    .all()
                    .get();
        }
        String group = RealBroker.unique("fresh");
        Run lag = run(new byte[0], "kafka_lag", "-g", group, topic);
        assertThat(lag.code()).isZero();
        assertThat(lag.out()).isEqualTo("3\n");
        assertThat(lag.err().strip().lines())
                .singleElement()
                .asString()
                .contains("group " + group + " has committed nothing of " + topic);
    }

    @Test
    void topicsAreCreatedWithTheirPartitions() {
        String topic = RealBroker.unique("created");
        ok("topics", "create", "-p", "3", topic);
        assertThat(ok("metadata_topics", topic).out().lines()).hasSize(7);
    }

    @Test
    void groupsAreListed() {
        String topic = broker.topic("listed", 1);
        String group = RealBroker.unique("listed");
        ok("produce", "-t", topic, "x");
        ok("consume", "-t", topic, "-g", group, "-e");
        assertThat(ok("groups").out()).contains("| " + group + " ");
    }
}
