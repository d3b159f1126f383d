package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.testing.Evidence;
import dev.kafkaloom.testing.RealBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A daemon of two members as a process of its own, asked over its socket. */
@Timeout(180)
@ExtendWith(Evidence.class)
abstract class DaemonBehaviour {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final RealBroker broker;
    final String topic;
    final String group = RealBroker.unique("daemon");

    @TempDir
    Path home;

    Child daemon;

    DaemonBehaviour(String version) {
        broker = RealBroker.of(version);
        topic = broker.topic("daemon", 4);
    }

    @BeforeEach
    void start() throws IOException {
        daemon = process(
                "--daemon",
                "-b",
                broker.bootstrap(),
                "-X",
                "topic.names=" + topic,
                "-X",
                "group.id=" + group,
                "-X",
                "KAFKA_CLIENT_CONSUMER_NUM=2",
                "-X",
                "auto.offset.reset=earliest",
                "-X",
                "SERVER_PORT=0");
        daemon.awaitErr("joined in ");
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    private Child process(String... args) throws IOException {
        return Child.start(home, Map.of("KAFKA_LOOM_HOME", home.toString()), Run.commandLine(args));
    }

    String rpc(String... words) {
        String[] line = new String[words.length + 1];
        line[0] = "rpc";
        System.arraycopy(words, 0, line, 1, words.length);
        Run run = Run.in(home, line);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run.out();
    }

    @Test
    void answersTheSixCommandsAndLeavesItsGroupWhenTerminated() throws Exception {
        rpc("produce", "-t", topic, "-p", "1", "-r", "5", "hello");
        await().atMost(SOON).until(() -> rpc("kafka_lag").equals("0\n"));
        assertThat(daemon.out().lines())
                .filteredOn(line -> line.startsWith(topic + "-1@") && line.endsWith(" hello"))
                .hasSize(5);

        assertThat(rpc("offset_checker").lines().toList().get(4))
                .matches("\\| " + topic + " \\| 1 +\\| 5 +\\| 5 +\\| 0 +\\|");
        assertThat(rpc("block_size")).isEqualTo("0\n");
        String members = rpc("member_leader", "--format", "json");
        assertThat(members.lines()).hasSize(2);
        assertThat(members.lines().toList().get(0)).containsOnlyOnce("consumer-group-leaderId");
        assertThat(members.lines().toList().get(1).split("consumer-group-membersId", -1))
                .hasSize(3);
        assertThat(rpc("metadata_brokers").lines()).hasSize(5);
        assertThat(rpc("metadata_topics").lines()).hasSize(8);
        assertThat(rpc("coroutines").lines())
                .filteredOn(line -> line.startsWith("| partition-" + topic))
                .hasSize(4);

        assertThat(rpc("connections").lines())
                .anyMatch(line -> line.matches("\\| broker-\\d+/fetch/group-\\d+ +\\| .* open .*"));
        assertThat(rpc("frames", "--no-hex", "-n", "64"))
                .containsPattern("(?m)^connection broker-\\d+/fetch/group-\\d+ to broker .*, open; \\d+ frames$")
                .containsPattern("broker-\\d+/fetch/group-\\d+ > Fetch v\\d+ #\\d+ \\d+ bytes\\n  \\{.*\"topics\":");

        daemon.terminate();
        assertThat(daemon.awaitEnd(SOON)).isZero();
        assertThat(home.resolve("runtime/daemon")).doesNotExist();
        assertThat(home.resolve("runtime/daemon.pid")).doesNotExist();
        assertThat(Run.in(home, "rpc", "kafka_lag").code()).isEqualTo(1);
        Run lag = Run.in(home, "kafka_lag", "-b", broker.bootstrap(), "-g", group, topic);
        assertThat(lag.out()).isEqualTo("0\n");
    }

    @Test
    void aSecondDaemonIsRefusedAndAttachIsTheSameConsole() throws Exception {
        try (Child second = process("start", "--daemon", "-b", broker.bootstrap())) {
            assertThat(second.awaitEnd(SOON)).isEqualTo(1);
            assertThat(second.err().strip().lines()).singleElement().asString().contains("a daemon already runs (pid ");
        }
        try (Child attached = process("attach")) {
            attached.type("metadata_brokers\n");
            attached.awaitOut("| node-id | host");
            attached.type("nonsense\n");
            attached.awaitOut("error: unknown command 'nonsense'");
            attached.closeInput();
            assertThat(attached.awaitEnd(SOON)).isZero();
        }
        assertThat(rpc("kafka_lag")).isEqualTo("0\n");
    }
}
