package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** On the newest release. */
class AdminIT extends AdminBehaviour {
    AdminIT() {
        super(RealBroker.NEWEST);
    }

    private Map<String, Object> config(String... more) {
        Map<String, Object> config = new HashMap<>(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrap(),
                "key.deserializer",
                ByteArrayDeserializer.class.getName(),
                "value.deserializer",
                ByteArrayDeserializer.class.getName()));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    private Map<?, ?> group(String group) throws IOException {
        return (Map<?, ?>) ((List<?>) json("groups", "describe", group)).getFirst();
    }

    @Test
    void aTopicIsCreatedWithSettingsDescribedAndDeleted() throws Exception {
        String topic = RealBroker.unique("settings");
        assertThat(cells(
                        json("topics", "create", topic, "-p", "3", "-r", "1", "-c", "retention.ms=86400000"),
                        "topic",
                        "partitions",
                        "replicas"))
                .containsExactly(row(topic, 3L, 1L));
        Map<?, ?> described = described(topic);
        assertThat((String) described.get("id")).hasSize(22);
        assertThat(cells(described.get("configs"), "config", "value", "source"))
                .contains(row("retention.ms", "86400000", "topic"));

        assertThat(failure(2, "topics", "delete", topic)).contains(topic, "--yes");
        assertThat(ok("topics", "delete", topic, "--yes").out()).contains(topic);
        assertThat(failure(1, "topics", "delete", topic, "--yes")).contains(topic, "UNKNOWN_TOPIC_OR_PARTITION");
    }

    @Test
    void oneTopicThatIsRefusedDoesNotKeepTheOthersFromBeingMade() throws Exception {
        String first = RealBroker.unique("several");
        String second = RealBroker.unique("several");
        Run run = run(new byte[0], "topics", "create", first, "no good name", second, "--format", "json");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().strip().lines()).singleElement().asString().contains("no good name");
        assertThat(run.out()).contains(first, second);
    }

    @Test
    void theBrokersWordsForARefusalArePassedOn() {
        assertThat(failure(1, "topics", "create", RealBroker.unique("refused"), "-c", "retention.ms=soon"))
                .contains("INVALID_CONFIG", "retention.ms");
        assertThat(failure(1, "topics", "create", RealBroker.unique("refused"), "-r", "3"))
                .contains("INVALID_REPLICATION_FACTOR");
    }

    @Test
    void offsetsAreFoundByTime() throws Exception {
        String topic = filled("time");
        assertThat(cells(
                        json("kafka.list_offsets", "-q", "-t", topic, "2020-01-01T00:00:00Z"),
                        "partition",
                        "nextOffset"))
                .containsExactly(row(0L, 0L), row(1L, null), row(2L, null));
        String later = Instant.now().plus(Duration.ofDays(1)).toString();
        Run run = run(new byte[0], "kafka.list_offsets", "-t", topic, later);
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("| 0         |            |");
        assertThat(run.err().strip().lines()).singleElement().asString().contains("no record is as young");
    }

    @Test
    void anOffsetThatWasDeletedIsCommittedWithAWarning() throws Exception {
        String topic = filled("below");
        try (Admin admin = Admin.create(config())) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(7)))
                    .all()
                    .get();
        }
        Run run =
                run(new byte[0], "kafka.offset_commit", "-g", RealBroker.unique("below"), "-t", topic, "-p", "0", "6");
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("6 is below the start of the log, 7");
    }

    @Test
    void aGroupThatNobodyKnowsIsAnError() {
        String topic = broker.topic("nobody", 1);
        for (String[] line : new String[][] {
            {"kafka.describe_groups", "-g", "no-such-group"},
            {"groups", "describe", "no-such-group"},
            {"groups", "delete", "no-such-group", "--yes"},
            {"kafka.offset_fetch", "-g", "no-such-group", "-t", topic},
            {"kafka.customs.lag", "-g", "no-such-group", "-t", topic},
            {"kafka.offset_fetch", "-g", "no-such-group"},
        }) {
            assertThat(failure(1, line)).contains("no-such-group", "GROUP_ID_NOT_FOUND");
        }
    }

    @Test
    void withoutTopicsAllThatTheGroupHasCommittedIsShown() throws Exception {
        String one = filled("all");
        String other = filled("all");
        String group = RealBroker.unique("all");
        ok("groups", "create", group, "-t", one, "-t", other, "--at", "3", "-q");
        assertThat(cells(json("kafka.offset_fetch", "-g", group), "topic", "partition", "offset"))
                .hasSize(6)
                .contains(row(one, 0L, 3L), row(other, 2L, 3L));
        assertThat(ok("kafka.customs.lag", "-g", group).out()).isEqualTo("14\n");

        ok("topics", "delete", other, "--yes");
        assertThat(ok("kafka.customs.lag", "-g", group).out()).isEqualTo("7\n");
    }

    @Test
    void groupsAreListedWithTypeAndStateAndDeleted() throws Exception {
        String topic = broker.topic("deleted", 1);
        String group = RealBroker.unique("deleted");
        ok("groups", "create", group, "-t", topic);
        assertThat(cells(json("groups"), "group", "type", "state")).contains(row(group, "classic", "Empty"));

        assertThat(failure(2, "groups", "delete", group)).contains(group, "--yes");
        assertThat(ok("groups", "delete", group, "--yes").out()).contains(group);
        assertThat(cells(json("groups"), "group")).doesNotContain(row(group));
    }

    @Test
    void aGroupOfTheConsumerProtocolIsDescribedAndNotOverruled() throws Exception {
        String topic = filled("kip848");
        String group = RealBroker.unique("kip848");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config("group.id", group, "group.protocol", "consumer", "client.id", "theirs"))) {
            consumer.subscribe(List.of(topic));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return consumer.assignment().size() == 3;
            });

            Map<?, ?> described = group(group);
            assertThat(described.get("type")).isEqualTo("consumer");
            assertThat(described.get("state")).isEqualTo("Stable");
            assertThat(cells(described.get("members"), "client", "assignment"))
                    .containsExactly(row("theirs", Map.of(topic, List.of(0L, 1L, 2L))));
            assertThat(cells(json("groups"), "group", "type", "state")).contains(row(group, "consumer", "Stable"));
            assertThat(failure(1, "kafka.offset_commit", "-g", group, "-t", topic, "-p", "0", "1"))
                    .contains("is Stable with 1 member", "theirs");
            assertThat(failure(1, "groups", "delete", group, "--yes")).contains("is Stable with 1 member", "theirs");
        }
    }

    @Test
    void aShareGroupIsDescribed() throws Exception {
        String topic = broker.topic("share", 2);
        String group = RealBroker.unique("share");
        try (Admin admin = Admin.create(config())) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, group),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        ok("produce", "-t", topic, "-p", "0", "-r", "10", "x");
        try (KafkaShareConsumer<byte[], byte[]> consumer =
                new KafkaShareConsumer<>(config("group.id", group, "client.id", "sharer"))) {
            consumer.subscribe(List.of(topic));
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(200));
                consumer.commitSync(); // what was polled is done: before that the broker keeps no offset
                assertThat(cells(group(group).get("offsets"), "topic", "partition", "remaining-count"))
                        .contains(row(topic, 0L, 0L));
            });

            assertThat(cells(json("groups"), "group", "type")).contains(row(group, "share"));
            Map<?, ?> described = group(group);
            assertThat(described.get("type")).isEqualTo("share");
            assertThat(cells(described.get("members"), "client")).containsExactly(row("sharer"));
            assertThat(ok("kafka.describe_groups", "-g", group).out()).contains("sharer", "share");
        }
    }
}
