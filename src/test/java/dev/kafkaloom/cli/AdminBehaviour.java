package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.ClientConfig;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.console.Json;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.consumer.ConsumerGroup;
import dev.kafkaloom.consumer.MemberCount;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands about topics, groups and offsets, through the command line, on one release. */
@Timeout(120)
@ExtendWith(Evidence.class)
abstract class AdminBehaviour extends CommandLab {
    AdminBehaviour(String version) {
        super(version);
    }

    /** A topic of three partitions with ten records in the first. */
    String filled(String what) {
        String topic = broker.topic(what, 3);
        ok("produce", "-t", topic, "-p", "0", "-r", "10", "x");
        return topic;
    }

    static List<Object> row(Object... cells) {
        return Arrays.asList(cells);
    }

    @Test
    void theOffsetsOfATopicAreItsStartAndItsEnd() throws Exception {
        String topic = filled("offsets");
        assertThat(ok("kafka.list_offsets", "-t", topic).out().lines().toList().get(1))
                .matches("\\| topic +\\| partition \\| earliest \\| highWatermark \\|");
        assertThat(cells(
                        json("kafka.list_offsets", "-t", topic, "0"),
                        "topic",
                        "partition",
                        "earliest",
                        "highWatermark"))
                .containsExactly(row(topic, 0L, 0L, 10L), row(topic, 1L, 0L, 0L), row(topic, 2L, 0L, 0L));
        assertThat(cells(json("kafka.list_offsets", "-t", topic, "-1"), "partition", "nextOffset"))
                .containsExactly(row(0L, 10L), row(1L, 0L), row(2L, 0L));
        assertThat(cells(json("kafka.list_offsets", "-t", topic, "--", "-2"), "partition", "nextOffset"))
                .containsExactly(row(0L, 0L), row(1L, 0L), row(2L, 0L));
    }

    @Test
    void whatIsCommittedIsShownBeforeAndAfter() throws Exception {
        String topic = filled("commit");
        String group = RealBroker.unique("commit");

        Object changes = json("kafka.offset_commit", "-g", group, "-t", topic, "-p", "0", "-p", "2", "0");
        Run second = ok("kafka.offset_commit", "-g", group, "-t", topic, "-p", "0", "4");

        assertThat(cells(((Map<?, ?>) changes).get("before"), "partition", "offset"))
                .containsExactly(row(0L, null), row(1L, null), row(2L, null));
        assertThat(cells(((Map<?, ?>) changes).get("after"), "partition", "offset"))
                .containsExactly(row(0L, 0L), row(1L, null), row(2L, 0L));
        assertThat(second.out())
                .containsSubsequence("Before the change:", "| 0         | 0 ", "After the change:", "| 0         | 4 ");
        assertThat(cells(json("kafka.offset_fetch", "-g", group, "-t", topic), "topic", "partition", "offset"))
                .containsExactly(row(topic, 0L, 4L), row(topic, 1L, null), row(topic, 2L, 0L));
        assertThat(ok("kafka.customs.lag", "-g", group, "-t", topic).out()).isEqualTo("6\n");
    }

    @Test
    void offsetsMayBeTheStartAndTheEnd() throws Exception {
        String topic = filled("words");
        String group = RealBroker.unique("words");
        ok("kafka.offset_commit", "-g", group, "-t", topic, "-p", "0", "end");
        assertThat(ok("kafka.customs.lag", "-g", group, "-t", topic).out()).isEqualTo("0\n");
        ok("kafka.offset_commit", "-g", group, "-t", topic, "-p", "0", "start");
        assertThat(ok("kafka.customs.lag", "-g", group, "-t", topic).out()).isEqualTo("10\n");
    }

    @Test
    void anOffsetOutsideOfTheLogIsCommittedWithAWarning() throws Exception {
        String topic = filled("beyond");
        String group = RealBroker.unique("beyond");
        Run run = run(new byte[0], "kafka.offset_commit", "-g", group, "-t", topic, "-p", "0", "11");
        assertThat(run.code()).isZero();
        assertThat(run.err().strip().lines())
                .singleElement()
                .asString()
                .contains(topic + "-0", "11 is beyond the end of the log, 10", "auto.offset.reset");
        assertThat(cells(json("kafka.offset_fetch", "-g", group, "-t", topic), "offset"))
                .contains(row(11L));
        assertThat(cells(
                        json("offset_checker", "-g", group, topic),
                        "current-offset",
                        "kafka-max-offset",
                        "remaining-count"))
                .contains(row(11L, 10L, 0L));
    }

    @Test
    void aGroupIsMadeByACommitAndNotTwice() throws Exception {
        String topic = filled("made");
        String group = RealBroker.unique("made");
        assertThat(cells(json("groups", "create", group, "-t", topic, "--at", "start"), "partition", "offset"))
                .containsExactly(row(0L, 0L), row(1L, 0L), row(2L, 0L));
        assertThat(failure(1, "groups", "create", group, "-t", topic)).contains(group, "exists already");
        assertThat(ok("kafka.customs.lag", "-g", group, "-t", topic).out()).isEqualTo("10\n");
        assertThat(cells(
                        ((Map<?, ?>) ((List<?>) json("groups", "describe", group, "-t", topic)).getFirst())
                                .get("offsets"),
                        "partition",
                        "current-offset",
                        "kafka-max-offset",
                        "remaining-count"))
                .containsExactly(row(0L, 0L, 10L, 10L), row(1L, 0L, 0L, 0L), row(2L, 0L, 0L, 0L));
    }

    @Test
    void aLiveGroupIsDescribedAndNotOverruled() throws Exception {
        String topic = filled("live");
        String group = RealBroker.unique("live");
        ClientConfig config =
                ClientConfig.builder(broker.bootstrap()).clientId("the-client").build();
        try (Scope scope = Scope.open("live-group");
                KafkaClient client = KafkaClient.open(config);
                ConsumerGroup members = ConsumerGroup.start(
                        client, ConsumerConfig.of(group, topic), new MemberCount.Fixed(1), (_, _) -> {}, scope)) {
            assertThat(members.awaitStable(Duration.ofSeconds(60))).isTrue();

            List<String> lines =
                    ok("kafka.describe_groups", "-g", group).out().lines().toList();
            assertThat(lines.get(1)).matches("\\| groupId +\\| groupState \\| protocolType \\| protocolData \\|");
            assertThat(lines.get(3)).matches("\\| " + group + " +\\| Stable +\\| consumer +\\| range +\\|");
            assertThat(lines.get(6))
                    .matches("\\| memberId +\\| clientId +\\| clientHost +\\| topic +\\| partitions \\|");
            assertThat(lines.get(8)).matches("\\| .* \\| the-client \\| /127.0.0.1 \\| " + topic + " +\\| 0,1,2 +\\|");
            assertThat(cells(json("groups"), "group", "protocol-type")).contains(row(group, "consumer"));

            assertThat(failure(1, "kafka.offset_commit", "-g", group, "-t", topic, "-p", "0", "1"))
                    .contains(group, "is Stable with 1 member", "the-client at /127.0.0.1", "stop them");
        }
    }

    @Test
    void anEndedMemberNoLongerHoldsUpACommit() throws Exception {
        String topic = filled("left");
        String group = RealBroker.unique("left");
        ok("consume", "-t", topic, "-g", group, "-e");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> run(new byte[0], "kafka.offset_commit", "-g", group, "-t", topic, "-p", "0", "3")
                                .code()
                        == 0);
        assertThat(ok("kafka.customs.lag", "-g", group, "-t", topic).out()).isEqualTo("7\n");
    }

    @Test
    void topicsAreListedAndDescribed() throws Exception {
        String topic = broker.topic("described", 2);
        assertThat(cells(json("topics"), "topic", "partitions", "replicas", "internal"))
                .contains(row(topic, 2L, 1L, false));
        assertThat(json("topics", "list")).isEqualTo(json("topics"));
        Map<?, ?> described = described(topic);
        assertThat(described.get("topic")).isEqualTo(topic);
        assertThat(cells(described.get("partitions"), "partition", "offline"))
                .containsExactly(row(0L, List.of()), row(1L, List.of()));
        assertThat(cells(described.get("partitions"), "leader")).doesNotContain(row((Object) null));
    }

    /** On an old broker there is a remark beside it. */
    Map<?, ?> described(String topic) throws IOException {
        Run run = run(new byte[0], "topics", "describe", "--format", "json", topic);
        assertThat(run.code()).isZero();
        return (Map<?, ?>) ((List<?>) Json.read(run.out())).getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1; topics describe no-such-topic; no-such-topic",
                "1; kafka.list_offsets -t no-such-topic; no-such-topic",
                "1; kafka.customs.lag -g g -t no-such-topic; no-such-topic",
                "1; kafka.offset_fetch -g g -t no-such-topic; no-such-topic",
                "1; kafka.offset_commit -g g -t no-such-topic -p 0 1; no-such-topic",
                "1; groups create g -t no-such-topic; no-such-topic",
                "2; topics nonsense; 'topics nonsense is unknown, there are list, describe, create, delete'",
                "2; topics describe; topics describe needs a topic",
                "2; topics list -p 3; topics list takes no --partitions",
                "2; topics create -p 0 x; --partitions must be a whole number from 1 on",
                "2; topics create -c x y; --config must be key=value",
                "2; groups describe; groups describe needs a group",
                "2; groups create g; groups create needs --topic",
                "2; groups create g -t t --at here; 'start, end, or a number'",
                "2; kafka.list_offsets -t x yesterday; milliseconds since 1970",
                "2; kafka.list_offsets -t x -1 5; takes one time",
                "2; kafka.offset_commit -g g -t x -p 0; needs an offset",
                "2; kafka.offset_commit -t x -p 0 1; needs --group",
                "2; kafka.offset_commit -g g -t x -p 0 -- -1; from 0 on",
            })
    void whatIsWrongIsSaidInOneLine(int code, String line, String says) {
        assertThat(failure(code, line.split(" ", -1))).contains(says);
    }

    @Test
    void aPartitionThatIsNotThereIsNamedWithThoseThatAre() {
        String topic = broker.topic("few", 3);
        assertThat(failure(1, "kafka.offset_commit", "-g", "g", "-t", topic, "-p", "3", "1"))
                .contains("topic " + topic + " has partitions 0 to 2, not 3");
    }
}
